"""Law 3: the embedded service and a replay make the same book of the same journal."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from signals.events import Record, read_event
from signals.runtime.book_file import BookFile
from signals.runtime.embedded.service import Service
from signals.runtime.intake import Piece
from signals.runtime.journal import Journal
from signals.runtime.play import fold_of, steps
from signals.simulate import simulate
from signals.simulate.tape import line
from tests.laws.packs import reference_pack

BATCH = 200
PATIENCE = 120.0
"""Seconds in which at least one record must be folded, however slow the machine is."""


def sent(*, short: bool) -> Iterator[list[Piece]]:
    """The simulated trial as its sources send it, in batches."""
    events = [line(event).encode() for _, event in simulate(5, short=short).tape.arrived()]
    for start in range(0, len(events), BATCH):
        yield [Piece(each, "sent") for each in events[start : start + BATCH]]


def until_folded(service: Service) -> None:
    behind, give_up = None, 0.0
    while (condition := service.condition()).behind:
        assert condition.failure is None, condition.failure
        if condition.behind != behind:
            behind, give_up = condition.behind, monotonic() + PATIENCE
        assert monotonic() < give_up, f"{behind} records are not folded"
        sleep(0.05)


def embedded(folder: Path, *, short: bool) -> tuple[list[Record], list[dict[str, Any]]]:
    """The journal and the book of a service; it is stopped in the middle and started again."""
    batches = list(sent(short=short))
    middle = len(batches) // 2
    for part in (batches[:middle], batches[middle:]):
        service = Service(folder, reference_pack(), "journal")
        try:
            service.start()
            for batch in part:
                service.accept(batch)
            until_folded(service)
            with service.store.reader() as reader:
                journal = [raw for _, raw in Journal(reader).after(0, Journal(reader).last()[0])]
                book = [one.alert for one in BookFile(reader).after(0, limit=1_000_000)]
        finally:
            service.stop()
    zone = reference_pack().study.zone
    read = [read_event(raw, zone=zone, trusted=True) for raw in journal]
    return [each for each in read if isinstance(each, Record)], book


def check(folder: Path, *, short: bool) -> None:
    records, book = embedded(folder, short=short)
    replayed = steps(fold_of(reference_pack()), records, None)
    assert len(records) > 6000
    again = [json.loads(json.dumps(alert.to_json())) for step in replayed for alert in step]
    assert len(book) > 150
    assert [each["alert_id"] for each in book] == [each["alert_id"] for each in again]
    assert book == again


@pytest.mark.ci
def test_the_short_trial(tmp_path: Path) -> None:
    check(tmp_path, short=True)


@pytest.mark.soak
def test_the_whole_trial(tmp_path: Path) -> None:
    check(tmp_path, short=False)
