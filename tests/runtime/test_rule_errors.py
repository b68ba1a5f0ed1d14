"""A rule that cannot be evaluated is told once, stands as DQ-07, and is told healed (DQ-07)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from signals.book.fold import Fold
from signals.events import Record
from signals.facts.adverse_event import AdverseEventKind
from signals.facts.kind import Context, Fact, Key
from signals.facts.registry import KINDS
from signals.facts.value import exactly
from signals.runtime.kafka.own_records import own_records
from signals.runtime.kafka.state import StudyState
from signals.runtime.kafka.study import Engine, StudyFold
from signals.runtime.rule_errors import news_of_rules
from tests.facts.kit import Trial, at, without_matcher


class Faulty(AdverseEventKind):
    """Derives a number where rules expect a word, of events of grade 1."""

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        fact = super().derive(key, ctx)
        if fact is None or fact.values["grade"] != exactly(1).resting_on(
            *fact.values["grade"].records
        ):
            return fact
        return replace(fact, values={**fact.values, "received": exactly(1)})


class FaultyTrial(Trial):
    """A trial whose facts are derived so; a fresh monitor of the real kinds would differ."""

    def __init__(self) -> None:
        super().__init__()
        kinds = [Faulty() if each.name == AdverseEventKind.name else each for each in KINDS]
        self.fold = Fold(self.pack, kinds=kinds, make_panel=without_matcher)

    def take(self, record: Record) -> None:
        self.journal.append((record, len(self.journal) + 1))
        self.published += self.fold.step(*self.journal[-1])


def news(trial: Trial, when: str = "03-06 12:00") -> list[tuple[str, int, str | None]]:
    """What the service would write, written: the rule, the version and the message."""
    found = list(news_of_rules(trial.monitor, at(when)))
    for record in found:
        trial.take(record)
    return [(each.data.rule, each.version, each.data.message) for each in found]


def test_nothing_is_told_of_rules_that_work() -> None:
    trial = FaultyTrial()
    trial.adverse_event("03-06 10:00", grade=2, serious="Y")
    assert news(trial) == []


def test_a_failing_rule_is_told_once_and_healed_once() -> None:
    trial = FaultyTrial()
    trial.adverse_event("03-06 10:00", grade=1, serious="Y")
    ((rule, version, message),) = news(trial)
    assert (rule, version) == ("SAE-02", 1)
    assert message is not None
    assert message.startswith("TypeError: received holds words")
    assert trial.state("DQ-07", "rule", "SAE-02") == "firing"
    assert news(trial) == []
    trial.correct("03-06 13:00", grade=2)
    assert news(trial, "03-06 14:00") == [("SAE-02", 2, None)]
    assert trial.state("DQ-07", "rule", "SAE-02") == "cleared"


def test_where_the_clock_of_a_worker_went_back_it_is_told_at_the_time_of_the_journal() -> None:
    trial = FaultyTrial()
    trial.adverse_event("03-06 10:00", grade=1, serious="Y")
    ahead = trial.monitor.now = datetime.now(UTC) + timedelta(hours=1)
    study = StudyFold("UC-MSC", Engine(), StudyState())
    study.fold = trial.fold
    (told,) = own_records(study, trusted=False)
    assert told.kind == "rule-error"
    assert told.ingested_at == ahead
