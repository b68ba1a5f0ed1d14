"""Malformed events by the thousand: each is accepted with problems or rejected, none is lost."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from signals.events import Record
from signals.monitor.identity import alert_id
from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.service import Service
from signals.runtime.intake import Accepted, Outcome, Piece
from signals.runtime.journal import Journal
from signals.runtime.known import Standing
from signals.runtime.rejected import Rejected
from tests.events.malformed import MUTATIONS, malformed
from tests.events.samples import SAMPLES

PAIRS_OF_A_SUBJECT = 3
OF_A_STUDY = 2000


@pytest.mark.parametrize("count", [500, pytest.param(100_000, marks=pytest.mark.ci)])
def test_none_is_lost_and_no_serious_event_goes_without_its_alert(
    tmp_path: Path, count: int
) -> None:
    pack = load_pack(folder("rules") / "uc-msc")
    found: Counter[str] = Counter()
    pieces = pieces_of(count)
    # Each study has a folder and a service of its own: what bears on a whole study costs by its
    # size, and no study has a hundred thousand events.
    while some := list(islice(pieces, OF_A_STUDY)):
        service = Service(tmp_path / str(found["studies"]), pack)
        found["studies"] += 1
        found += taken_in(service, some)
        service.stop()
    assert found["Accepted"] + found["Refused"] == count
    assert min(found["Accepted"], found["Refused"]) > count // 10, found
    assert found["maybe serious"] > count // 20, found


def taken_in(service: Service, pieces: list[Piece]) -> Counter[str]:
    """Send the pieces, fold them, and check each; how many came to what."""
    outcomes = service.accept(pieces)
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    assert_none_is_lost(service, pieces, outcomes)
    found = Counter(type(outcome).__name__ for outcome in outcomes)
    found["maybe serious"] = assert_alerted(service, outcomes)
    return found


def pieces_of(count: int) -> Iterator[Piece]:
    """Malformed events of the study; every other one was an adverse event of its own."""
    random = Random(count)  # noqa: S311 - it must repeat, not surprise
    for number, (raw, done) in enumerate(malformed(count // 2, seed=7)):
        yield Piece(of_study(raw, number), f"{done}:{number}")
        mutate = random.choice(MUTATIONS)
        name = f"{mutate.__name__}:{number}"
        yield Piece(of_study(mutate(adverse_event(random), random), number), name)


def adverse_event(random: Random) -> dict[str, Any]:
    """A valid one, serious, not serious, or nobody says."""
    event = deepcopy(SAMPLES["adverse-event"])
    event["data"]["serious"] = random.choice(("Y", "N", None))
    return event


def of_study(raw: bytes, number: int) -> bytes:
    """The bytes, with ids of their own; what is about no subject stays under one id."""
    own = raw.replace(b"STEM-1", b"UC-MSC")
    own = own.replace(b'"07"', f'"S{number // PAIRS_OF_A_SUBJECT}"'.encode())
    for kind, sample in SAMPLES.items():
        if sample["subject_id"] is not None:
            own_id = str(uuid5(NAMESPACE_OID, f"{kind} {number} {len(raw)}"))
            own = own.replace(sample["event_id"].encode(), own_id.encode())
            own = own.replace(f'"{kind}-1"'.encode(), f'"{kind}-{number}"'.encode())
    return own


def assert_none_is_lost(service: Service, pieces: list[Piece], outcomes: list[Outcome]) -> None:
    assert len(outcomes) == len(pieces)
    journal, rejected = Journal(service.store.connection), Rejected(service.store.connection)
    for piece, outcome in zip(pieces, outcomes, strict=True):
        if isinstance(outcome, Accepted):
            assert journal.arrival(outcome.position), piece
        else:
            kept = rejected.get(outcome.rejected_id)
            assert kept is not None
            assert kept.raw == piece.raw
            assert kept.reasons


def assert_alerted(service: Service, outcomes: list[Outcome]) -> int:
    """How many adverse events were to be alerted, and were."""
    asked = {alert_id_of(record) for record in counted(outcomes) if maybe_serious(record)}
    without = [name for name in asked if service.folding.fold.book.alert(name) is None]
    assert without == []
    return len(asked)


def alert_id_of(record: Record) -> str:
    return alert_id("UC-MSC", "SAE-01", (record.subject_id, record.record_id))


def counted(outcomes: list[Outcome]) -> Iterator[Record]:
    """The adverse events that count: neither repeated nor in conflict, and not voided."""
    for outcome in outcomes:
        if isinstance(outcome, Accepted) and outcome.standing is Standing.NEW:
            record = outcome.record
            if record.kind == "adverse-event" and record.op == "UPSERT":
                yield record


def maybe_serious(record: Record) -> bool:
    """Seriousness is yes, missing or unreadable."""
    return getattr(record.data, "serious", None) != "N"
