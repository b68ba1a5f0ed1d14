"""A rule that cannot be evaluated is told in the journal by the worker that holds the study."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest

from signals.facts.adverse_event import AdverseEventKind
from signals.facts.kind import Context, Fact, Key
from signals.facts.value import exactly
from signals.rulebook.pack import Pack
from signals.runtime.kafka.worker import Worker
from tests.kafka.books import check_books
from tests.kafka.installation import Installation, until
from tests.runtime.posts import adverse_event

derive = AdverseEventKind.derive


def faulty(self: AdverseEventKind, key: Key, ctx: Context) -> Fact | None:
    """Derives a number where rules expect a word, of events of grade 1."""
    fact = derive(self, key, ctx)
    if fact is None or fact.values["grade"] != exactly(1).resting_on(*fact.values["grade"].records):
        return fact
    return replace(fact, values={**fact.values, "received": exactly(1)})


@contextmanager
def in_this_process(installation: Installation, pack: Pack) -> Iterator[list[Worker]]:
    """A worker whose engine has the fault, once it is made."""
    loop = asyncio.new_event_loop()
    made: list[Worker] = []

    async def work() -> None:
        made.append(Worker(installation.settings, [pack], trusted=True))
        await made[0].run()

    thread = Thread(target=lambda: loop.run_until_complete(work()))
    thread.start()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(made[0].stop)
        thread.join(60)
        loop.close()


def told(installation: Installation) -> list[tuple[str, bool]]:
    """The rules of which the journal tells, and whether each failed."""
    records = (each for each in installation.journal("UC-MSC") if each.kind == "rule-error")
    return [(each.data.rule, each.data.message is not None) for each in records]


def states(installation: Installation) -> list[str]:
    """What was published of DQ-07, revision by revision."""
    found = sorted(installation.published().items())
    return [alert["state"] for (name, _), alert in found if "|DQ-07|rule|SAE-02" in name]


def test_a_failing_rule_is_told_once_and_healed_once(
    small: Installation, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AdverseEventKind, "derive", faulty)
    with in_this_process(small, pack):
        small.send([json.dumps(adverse_event(grade=1)).encode()])
        until(lambda: states(small) == ["firing"])
        assert told(small) == [("SAE-02", True)]
        corrected = adverse_event(version=2, grade=2, _change_reason="CORRECTION")
        small.send([json.dumps(corrected).encode()])
        until(lambda: states(small) == ["firing", "cleared"])
        small.wait_until_folded([])
    assert told(small) == [("SAE-02", True), ("SAE-02", False)]
    assert check_books(small, [pack]) > 0
