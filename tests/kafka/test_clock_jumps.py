"""The clock of a worker jumps while it works: nothing is lost, and arrival never runs backwards."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from signals.rulebook.pack import Pack
from tests.faults.trial import ZONE, Trial
from tests.kafka.books import check_after_a_fault
from tests.kafka.installation import Installation, Process, until
from tests.runtime.posts import adverse_event

LIBRARY = "*/faketime/libfaketimeMT.so.1"
HALF_AN_HOUR = timedelta(minutes=30)
Jump = Callable[[str], None]


@pytest.fixture
def jumping(small: Installation, tmp_path: Path) -> Iterator[tuple[Process, Jump]]:
    """A worker that is ready, and a way to set its clock beside the true one."""
    library = next(Path("/usr/lib").glob(LIBRARY), None)
    if library is None:
        pytest.skip("the tests of a clock that jumps: faketime is not installed (Debian: faketime)")
    file = tmp_path / "clock"

    def jump(by: str) -> None:
        file.write_text(f"{by}\n")

    jump("+0")
    small.environment |= {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    worker = small.start()
    for name in ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE"):
        del small.environment[name]
    worker.wait_until("/readyz")
    yield worker, jump
    worker.stop()


def unassessed() -> dict[str, Any]:
    """A serious event nobody assessed: DQ-01 asks 24 hours after its receipt, in half an hour."""
    received = datetime.now(ZONE) - timedelta(hours=24) + HALF_AN_HOUR
    return adverse_event(
        "AE-WAITS",
        onset=(received - timedelta(days=1)).date().isoformat(),
        received_by_sponsor_at=received.isoformat(),
        _recorded_at=received.isoformat(),
    )


def asked(installation: Installation) -> list[str]:
    """When DQ-01 asked about it, by what was published."""
    found = sorted(installation.published().items())
    return [one["changed_at"] for (name, _), one in found if "|DQ-01|001-004|AE-WAITS" in name]


@pytest.mark.parametrize(("by", "is_due"), [("+50m", True), ("-1h", False)])
def test_a_clock_that_jumps_loses_nothing_and_arrival_never_runs_backwards(
    small: Installation, jumping: tuple[Process, Jump], pack: Pack, by: str, is_due: bool
) -> None:
    worker, jump = jumping
    begun, event, events = datetime.now(ZONE), unassessed(), Trial(8).events()
    sent = [json.dumps(event).encode(), *islice(events, 15)]
    small.send(sent)
    small.wait_until_folded([worker])
    for offset in (by, "+0"):
        jump(offset)
        more = list(islice(events, 15))
        small.send(more)
        small.wait_until_folded([worker])
        if is_due:  # the worker tells the journal the time, and the wake comes
            until(lambda: asked(small) != [])
        sent += more
    worker.stop()
    with small.running(1, "--clock", "journal") as workers:
        small.wait_until_folded(workers)  # also the clock records of the very end
    let_in = [
        each
        for each in map(json.loads, small.values(small.topics.journal))
        if each["actor"] != "signals"
    ]
    assert {json.loads(raw)["event_id"] for raw in sent} <= {each["event_id"] for each in let_in}
    stamps = [datetime.fromisoformat(each["ingested_at"]) for each in let_in]
    assert stamps == sorted(stamps), "the door's clock stands still where the machine's goes back"
    assert begun < stamps[0]
    assert (stamps[-1] > begun + timedelta(minutes=45)) is is_due
    changes = sorted(
        (one["journal_position"], datetime.fromisoformat(one["changed_at"]))
        for one in small.published().values()
    )
    assert [when for _, when in changes] == sorted(when for _, when in changes)
    due = datetime.fromisoformat(event["data"]["received_by_sponsor_at"]) + timedelta(hours=24)
    assert [datetime.fromisoformat(each) for each in asked(small)] == [due] * is_due
    assert check_after_a_fault(small, pack) > 30


def test_brokers_that_refuse_a_clock_far_ahead_are_told_and_it_goes_on_once_it_is_right(
    small: Installation, jumping: tuple[Process, Jump], pack: Pack
) -> None:
    worker, jump = jumping
    jump("+2h")  # brokers take what is stamped up to an hour ahead of them
    small.send(islice(Trial(9).events(), 15))
    until(lambda: "InvalidTimestamp" in worker.answer("/readyz")[1])
    jump("+0")
    small.wait_until_folded([worker])
    worker.stop()
    with small.running(1, "--clock", "journal") as workers:
        small.wait_until_folded(workers)
    assert check_after_a_fault(small, pack) > 10
