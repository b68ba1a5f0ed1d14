"""A journal that was deleted and filled again: told at once, nothing published over what stands."""

import gzip
import json
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient

from signals.rulebook.pack import Pack, load_pack
from signals.runtime.arrival import NO_TIME_AT_ALL
from signals.runtime.kafka.export import Sender
from signals.runtime.kafka.plan import Admin
from signals.runtime.own_events import pack_activation
from tests.faults.trial import Trial
from tests.kafka.books import check_after_a_fault, check_books, pack_for
from tests.kafka.installation import SIGNALS, Installation, Process, until

OTHER = "OTHER"


@pytest.fixture
def two(bootstrap: str, tmp_path: Path, installation: Installation) -> Installation:
    """Two studies on the one partition of the journal."""
    made = Installation(bootstrap, f"{installation.prefix}one.", tmp_path, partitions=1)
    made.packs = [pack_for(name, tmp_path) for name in ("UC-MSC", OTHER)]
    made.environment["SIGNALS_KAFKA_SESSION_SECONDS"] = "2"
    return made


def events(seed: int, count: int, study_id: str = "UC-MSC") -> Iterator[bytes]:
    for raw in islice(Trial(seed).events(), count):
        yield json.dumps({**json.loads(raw), "study_id": study_id}).encode()


def replace_journal(installation: Installation) -> None:
    """Delete the topic with all it holds, and make it anew."""
    journal = installation.topics.journal
    client = KafkaAdminClient(bootstrap_servers=installation.bootstrap)
    client.delete_topics([journal])
    client.close()
    with Admin(installation.settings) as admin:
        until(lambda: not admin.described([journal])[journal]["partitions"])
        admin.apply(admin.plan(installation.partitions))


def lost(worker: Process) -> bool:
    return worker.figure("signals_journal_lost") == 1


def check_red(installation: Installation, worker: Process, why: str) -> None:
    """It says so wherever one looks, once in the log, and goes on with its other work."""
    status, told = worker.answer("/readyz")
    assert status == 503
    checks = {one["name"]: one for one in json.loads(told)["checks"]}
    assert why in checks["journal"]["says"]
    assert "docs/ops/runbooks/SignalsJournalLost.md" in checks["journal"]["says"]
    assert all(one["fine"] for name, one in checks.items() if name != "journal"), told
    assert worker.figure("signals_folding_failed") == 0
    log = [json.loads(line) for line in worker.log.read_text().splitlines()]
    assert [one["study"] for one in log if one["event"] == "a journal was lost"] == ["UC-MSC"]
    verified = installation.run("verify", "--study", "UC-MSC", code=1)
    assert why in verified
    assert "the book differs in 1 place" in verified
    doctor = installation.run("doctor", code=1)
    assert "BAD   journal UC-MSC: " in doctor
    assert why in doctor


def join(installation: Installation, into: Installation, backup: Path) -> str:
    """What the runbook tells: the backup, then what came since, into a new installation."""
    exported = subprocess.run(
        [SIGNALS, "journal", "export", "--study", "UC-MSC"],
        env=installation.variables,
        capture_output=True,
        check=True,
    ).stdout
    return subprocess.run(
        [SIGNALS, "journal", "import", "-"],
        env=into.variables,
        input=gzip.decompress(backup.read_bytes()) + exported,
        capture_output=True,
        check=True,
    ).stdout.decode()


def begin(installation: Installation, pack: Pack) -> None:
    """A pack put in force as the first record of a journal."""
    activation = pack_activation(
        pack.study.study_id, pack.hash, pack.files, NO_TIME_AT_ALL, pack.study.zone
    )
    with Sender(installation.settings) as sender:
        sender.journal([activation])


def of_study(installation: Installation, study_id: str) -> dict[tuple[str, int], dict[str, Any]]:
    found = installation.published().items()
    return {key: alert for key, alert in found if alert["study_id"] == study_id}


def test_a_journal_that_was_replaced_is_told_and_the_other_study_goes_on(
    two: Installation, tmp_path: Path
) -> None:
    packs = [load_pack(each) for each in two.packs]
    backup = tmp_path / "UC-MSC.ndjson.gz"
    with two.running(1, "--clock", "journal") as workers:
        two.send(events(1, 40))
        two.wait_until_folded(workers)
    two.run("backup", str(backup), "--study", "UC-MSC")
    before, mark = of_study(two, "UC-MSC"), two.states()["UC-MSC"].mark
    assert len(before) > 20
    assert mark is not None
    replace_journal(two)
    begin(two, packs[0])
    with two.running(1, "--clock", "journal", "--role", "intake") as workers:
        two.send(events(2, 60))  # as many as were lost, and more: counts no longer tell
        two.wait_until_taken_in(workers)
    with two.running(1, "--clock", "journal") as workers:
        two.send(events(3, 40, OTHER))
        two.wait_until_taken_in(workers)
        until(lambda: lost(workers[0]) and workers[0].figure("signals_journal_lag") == 0)
        until(lambda: bool(of_study(two, OTHER)))
        check_red(two, workers[0], "up to position 41 is not the one whose alerts were published")
        with two.serving("--pack", str(two.packs[0])) as served:
            until(lambda: "is not the one whose alerts" in served.answer("/readyz")[1])
            assert served.answer("/readyz")[0] == 503
    assert of_study(two, "UC-MSC") == before
    now = two.states()["UC-MSC"].mark
    assert now is not None
    assert (now.position, now.journal, now.digest) == (mark.position, mark.journal, mark.digest)
    # What the runbook tells: the backup, and what came since, in a new installation.
    fresh = Installation(two.bootstrap, f"{two.prefix}new.", tmp_path, packs=two.packs)
    # 41 and 61, of which the activation is the same.
    assert join(two, fresh, backup) == "101 records imported\n"
    with fresh.running(1, "--clock", "journal") as workers:
        fresh.wait_until_folded(workers)
    assert set(before) <= set(of_study(fresh, "UC-MSC"))
    assert check_books(fresh, packs[:1]) > len(before)


def test_a_journal_that_is_restored_in_place_is_gone_on_with(
    small: Installation, pack: Pack, tmp_path: Path
) -> None:
    backup = tmp_path / "UC-MSC.ndjson.gz"
    with small.running(1, "--clock", "journal") as workers:
        small.send([*events(1, 30), *events(1, 5)])
        small.wait_until_folded(workers)
    small.run("backup", str(backup))
    before = small.published()
    replace_journal(small)
    with small.running(1, "--clock", "journal", "--role", "monitor") as workers:
        until(lambda: lost(workers[0]))
        assert "holds 0 of its records" in workers[0].answer("/readyz")[1]
        assert small.ends(small.topics.journal) == 0, "it adds nothing to a journal that was lost"
    small.run("restore", str(backup))
    with small.running(1, "--clock", "journal") as workers:
        small.wait_until_folded(workers)
        assert small.published() == before
        assert not lost(workers[0])
        assert "fine  journals: of 1 studies none lost its journal" in small.run("doctor")
        small.send(events(4, 30))
        small.wait_until_folded(workers)
    assert check_after_a_fault(small, pack) > len(before)


def test_a_journal_that_is_replaced_under_a_running_worker_is_told(small: Installation) -> None:
    with small.running(1, "--clock", "journal") as (worker,):
        small.send(events(1, 40))
        small.wait_until_folded([worker])
        before = small.published()
        replace_journal(small)
        small.send(events(2, 60))
        until(lambda: lost(worker))
        small.wait_until_taken_in([worker])
        until(lambda: worker.figure("signals_journal_lag") == 0)
    assert small.published() == before
    with small.running(1, "--clock", "journal") as (worker,):
        until(lambda: lost(worker))
        told = "puts no pack in force for the 60 of its records that it holds"
        assert told in worker.answer("/readyz")[1]
    assert small.published() == before
