"""The monitor: which alerts should stand, and why.

Pure: it reads no clock, file, socket or environment.  What it says follows from the records, the
pack and the instant, never from the order in which they came (law 1), and is what a fresh monitor
would say (law 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from signals.chart.chart import Chart
from signals.events import Record
from signals.facts.kind import Context, Fact, FactChange, FactKind, Key
from signals.facts.registry import KINDS, MARKS
from signals.monitor.derivation import Derivation
from signals.monitor.due import DueDates
from signals.monitor.identity import alert_id, read_alert_id
from signals.monitor.judgements import Judgements, gone
from signals.monitor.wakes import FactName
from signals.rulebook.answer import Answer
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Panel
from signals.rulebook.spec import Rule, Status, Verdict

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""The now of a monitor that has seen nothing."""

_NOT_CLINICAL = frozenset({"clock", "pack-activation"})


def arrival(record: Record) -> datetime:
    """The instant to which a record brings its study: a clock tells it, others arrive at it."""
    told = record.data.now if record.kind == "clock" else None
    return told or record.arrival


class Monitor:
    """All charts, facts and answers of one study."""

    def __init__(
        self,
        pack: Pack,
        kinds: Sequence[FactKind] = KINDS,
        make_panel: Callable[[Pack], Panel] | None = None,
    ) -> None:
        """``kinds``: every kind of fact after the kinds it reads."""
        self.now = BEGINNING
        self.position = -1
        self.kinds = tuple(kinds)
        self._by_name = {kind.name: kind for kind in kinds}
        self._make_panel = make_panel or self._panel
        self._derivation = Derivation(pack.study, kinds, Chart(MARKS), self._rests)
        self._due = DueDates()
        self._rules: dict[str, Rule] = {}
        self._watched: dict[Key, set[str]] = {}
        self._adopt(pack)

    # ------------------------------------------------------------------ what comes

    def observe(self, record: Record, position: int) -> set[str]:
        """Take a record; the alerts whose answer may have changed, by it or by time until it.

        An alert that was untrue and is untrue, as are most, is named only if it is watched.
        """
        changed = self.wake(arrival(record))
        first, self.position = self.position < 0, position
        if record.kind not in _NOT_CLINICAL:
            changed |= self._follow(self._derivation.add(record, position))
        if first:
            # Facts that need no record, such as those of the study, begin with the first one.
            changed |= self._follow(self._derivation.derive_all())
        return changed

    def wake(self, now: datetime) -> set[str]:
        """Let time pass until ``now``; the alerts whose answer may have changed by it."""
        self.now = max(self.now, now)
        changed: set[str] = set()
        due = self._judgements.wakes.take(self.now)
        if due:
            self.settle(due)
        for name in due:
            changed.update(self._judge(name, self._derivation.facts.get(*name)))
        return changed

    def settle(self, only: Iterable[FactName] | None = None) -> None:
        """Derive the facts that wait (of these alone), for somebody asks: no alert is another."""
        changes = self._derivation.settle(only)
        if changes:
            self._follow(changes)

    def watch(self, name: str) -> None:
        """Name this alert also where it is untrue before and after: it was published."""
        _, code, key = read_alert_id(name)
        self._watched.setdefault(key, set()).add(code)

    def absorb(self, records: Iterable[tuple[Record, int]]) -> None:
        """Take many records with their positions at once, judging only the outcome."""
        for record, position in records:
            self.now, self.position = max(self.now, arrival(record)), position
            if record.kind not in _NOT_CLINICAL:
                self.chart.add(record, position)
        for change in self._derivation.derive_all():
            self._due.follow(change)
        self._judge_all()

    def activate(self, pack: Pack) -> set[str]:
        """Judge by another pack from now on; every alert that either pack may have."""
        before = self._names(self._all())
        for change in self._derivation.move_to(pack.study):
            self._due.follow(change)
        self._adopt(pack)
        self._judge_all()
        return before | self._names(self._all())

    # ------------------------------------------------------------------ what it says

    @property
    def chart(self) -> Chart:
        """All records."""
        return self._derivation.chart

    @property
    def context(self) -> Context:
        """What facts are derived from."""
        self.settle()
        return self._derivation.context

    def facts(self) -> Iterable[Fact]:
        """All facts, kind by kind."""
        self.settle()
        return iter(self._derivation.facts)

    def failed_rules(self) -> Mapping[str, tuple[FactName, str]]:
        """The rules that now cannot be judged on some fact: such a fact, and what went wrong."""
        return self._judgements.failed()

    def answers(self) -> Iterable[Answer]:
        """All answers yes and not yet known, shadow rules' among them."""
        return iter(self._judgements)

    def next_wake(self) -> datetime | None:
        """The next instant at which time alone changes an answer.

        It may come too soon for a fact that waits, which was put off since: ``settle`` first.
        """
        return self._judgements.wakes.next()

    def standing(self) -> dict[str, Answer]:
        """The alerts that should stand: the answers yes and not yet known of active rules."""
        return self._standing(Status.ACTIVE)

    def shadow_standing(self) -> dict[str, Answer]:
        """The same for shadow rules, which are judged and not published."""
        return self._standing(Status.SHADOW)

    def answer(self, name: str) -> Answer:
        """What an alert's rule says now, also no; KeyError for a rule that was never in force."""
        _, code, key = read_alert_id(name)
        rule = self._rules[code]
        self.settle([(rule.judges, key)])
        fact = self._derivation.facts.get(rule.judges, key)
        if fact is None:
            return gone(rule, key, self.moved_to(name))
        if code not in self._judgements.active(rule.judges):
            return gone(rule, key, None)
        standing = self._judgements.get((rule.judges, key), code)
        return standing or self._judgements.explain(rule, fact, Verdict.NO, self.now)

    def rule(self, name: str) -> Rule | None:
        """The rule of an alert by its page last in force, if there ever was one."""
        return self._rules.get(read_alert_id(name)[1])

    def verdict(self, name: str) -> Verdict:
        """What ``answer`` says, without its reasons; of an unknown rule no."""
        _, code, key = read_alert_id(name)
        kind = self._rules[code].judges if code in self._rules else ""
        if code not in self._judgements.active(kind):
            return Verdict.NO
        standing = self._judgements.get((kind, key), code)
        return Verdict.NO if standing is None else standing.verdict

    def replaced_by(self, name: str) -> str | None:
        """The alert of a stronger rule that stands on the same fact and hides this one."""
        _, code, key = read_alert_id(name)
        kind = self._rules[code].judges
        for rule in self._judgements.active(kind).values():
            if code in rule.alert.replaces and self._fires(rule, key):
                return self.name(rule.code, key)
        return None

    def name(self, rule: str, key: Key) -> str:
        """The id of a rule's alert about a key."""
        return alert_id(self.pack.study.study_id, rule, key)

    def moved_to(self, name: str) -> Key | None:
        """The key that took the place of the one that an alert is about, if any."""
        _, code, key = read_alert_id(name)
        return self._derivation.moved_to(self._rules[code].judges, key)

    def moved_name(self, answer: Answer) -> str | None:
        """The id of the alert that took the place of one whose case joined or subject moved."""
        return None if answer.moved_to is None else self.name(answer.rule.code, answer.moved_to)

    # ------------------------------------------------------------------ within

    def _adopt(self, pack: Pack) -> None:
        self.pack = pack
        self._rules |= {rule.code: rule for rule in pack.rules}
        self._made_panel = self._make_panel(pack)
        self._judgements = self.fresh_judgements(self._due)

    def fresh_judgements(self, due: DueDates) -> Judgements:
        """Judgements of no fact yet, by the pack in force."""
        return Judgements(self.pack, self._by_name, self._made_panel, due)

    def remember(self, pack: Pack) -> None:
        """Know the rules of a pack that was in force before: their alerts may be in the book."""
        self._rules = {rule.code: rule for rule in pack.rules} | self._rules

    def _panel(self, pack: Pack) -> Panel:
        return Panel(pack.by_kind, self._by_name)

    def _rests(self, fact: Fact) -> bool:
        return self._judgements.rests(fact, self.now)

    def _follow(self, changes: list[FactChange]) -> set[str]:
        for change in changes:
            self._due.follow(change)
        changed: set[str] = set()
        for change in changes:
            changed.update(self._judge((change.kind, change.key), change.new))
        of_case = self._due.members(changes)
        for kind, key in of_case:
            fact = self._derivation.facts.get(kind, key)
            if fact is not None:
                self._judgements.show_due(fact)
        return changed | self._names(of_case)

    def _judge(self, name: FactName, fact: Fact | None) -> Iterable[str]:
        """Judge a fact anew; the alerts about it that stood, stand, or are watched."""
        judgements = self._judgements
        stood = judgements.standing(name)
        stands = judgements.forget(name) if fact is None else judgements.judge(fact, self.now)
        return self._named(name, stood, stands)

    def _judge_all(self) -> None:
        for fact in self.facts():
            self._judgements.judge(fact, self.now)

    def _all(self) -> list[FactName]:
        return [(fact.kind, fact.key) for fact in self.facts()]

    def _names(self, facts: Iterable[FactName]) -> set[str]:
        standing = self._judgements.standing
        return {name for fact in facts for name in self._named(fact, standing(fact))}

    def _named(self, fact: FactName, *codes: Iterable[str]) -> Iterable[str]:
        """The alerts of active rules about a fact that are among these, or watched."""
        kind, key = fact
        named = {*self._watched.get(key, ())}.union(*codes)
        if not named:
            return ()
        return [self.name(code, key) for code in named & self._judgements.active(kind).keys()]

    def _fires(self, rule: Rule, key: Key) -> bool:
        answer = self._judgements.get((rule.judges, key), rule.code)
        return answer is not None and answer.verdict is Verdict.YES

    def _standing(self, status: Status) -> dict[str, Answer]:
        answers = (answer for answer in self._judgements if answer.rule.status is status)
        return {self.name(answer.rule.code, answer.key): answer for answer in answers}
