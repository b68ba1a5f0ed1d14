"""Faults of a worker and of what it reads, each with the result that must come: the book of the journal."""

import json
import signal
from itertools import islice
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from signals.events import journal_json, read_event
from signals.rulebook.pack import Pack
from signals.runtime.kafka.health import ready
from signals.runtime.kafka.reader import Message
from signals.runtime.kafka.topics import ALERTS, partition_of
from signals.runtime.kafka.worker import Worker
from tests.faults.trial import ZONE, Trial
from tests.kafka.books import check_after_a_fault
from tests.kafka.installation import Installation, Process, until
from tests.kafka.test_rule_errors import in_this_process
from tests.runtime.posts import adverse_event

WORD = "Zanzibarwort"


def test_a_worker_that_stood_still_and_comes_back_contradicts_nobody(
    small: Installation, pack: Pack
) -> None:
    events = Trial(1).events()
    with small.running(2, "--clock", "journal") as workers:
        small.send(islice(events, 30))
        small.wait_until_folded(workers)
        frozen = small.holder(workers)
        frozen.process.send_signal(signal.SIGSTOP)
        small.send(islice(events, 30))
        small.holder([each for each in workers if each is not frozen])
        small.send(islice(events, 30))
        frozen.process.send_signal(signal.SIGCONT)
        small.send(islice(events, 30))
        small.wait_until_folded(workers)
    assert check_after_a_fault(small, pack) > 60


def test_a_worker_that_comes_back_reads_what_another_acknowledged_meanwhile(
    small: Installation, pack: Pack
) -> None:
    events = Trial(7).events()
    with small.running(1, "--clock", "journal") as (frozen,):
        small.send(islice(events, 30))
        small.wait_until_folded([frozen])
        frozen.process.send_signal(signal.SIGSTOP)
        with small.running(1, "--clock", "journal") as others:
            small.holder(others)
            small.send(islice(events, 30))
            small.wait_until_folded(others)
        # It gets back what it believes to have held all the time, and nothing else comes.
        before = small.states()["UC-MSC"].mark
        assert before is not None
        frozen.process.send_signal(signal.SIGCONT)
        until(lambda: frozen.figure("signals_group_generation") > before.writer.generation)
        small.wait_until_folded([frozen])
        until(lambda: frozen.figure("signals_journal_lag") == 0)
    mark = small.states()["UC-MSC"].mark
    assert mark is not None
    assert mark.position == len(small.journal("UC-MSC"))
    assert check_after_a_fault(small, pack) > 40


def test_what_a_transaction_took_back_never_happened(small: Installation, pack: Pack) -> None:
    source, journal = small.topics.of_kind("adverse-event"), small.topics.journal
    place = partition_of("UC-MSC", small.partitions)
    producer = KafkaProducer(
        bootstrap_servers=small.bootstrap, transactional_id=f"source-{uuid4()}"
    )
    producer.init_transactions()
    with small.running(1, "--clock", "journal") as workers:
        for number in range(6):
            raw = json.dumps(adverse_event(f"AE-{number}")).encode()
            producer.begin_transaction()
            producer.send(source, raw, partition=0)
            producer.send(journal, in_journal(raw), key=b"UC-MSC", partition=place)
            producer.flush()  # what is still in hand when it aborts would never reach the broker
            if number % 2:
                producer.abort_transaction()
            else:
                producer.commit_transaction()
        small.wait_until_folded(workers)
        assert workers[0].figure("signals_journal_holes_total") == 0, "nothing was kept from it"
    # A new worker reads over the gaps from the beginning.
    with small.running(1, "--clock", "journal") as workers:
        small.wait_until_folded(workers)
        assert workers[0].figure("signals_journal_gaps_total") == 9  # 3 aborted, 6 markers
    producer.close()
    names = {record.record_id for record in small.journal("UC-MSC") if record.subject_id}
    assert names == {"AE-0", "AE-2", "AE-4"}
    assert check_after_a_fault(small, pack) > 0


def test_what_the_agent_is_not_handed_is_read_and_told(
    small: Installation, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    fold = Worker._fold

    async def forgetful(self: Worker, topic: str, partition: int, message: Message) -> bool:
        """As a client that acknowledges what it never handed over."""
        return message.offset in {5, 6} or await fold(self, topic, partition, message)

    monkeypatch.setattr(Worker, "_fold", forgetful)
    with in_this_process(small, pack) as made:
        for raw in islice(Trial(3).events(), 12):  # one by one, else they come before it is ready
            begun = small.ends(small.topics.journal)
            small.send([raw])
            until(lambda: small.ends(small.topics.journal) > begun)  # noqa: B023 - asked at once
        until(
            lambda: any(
                study.position == 13
                for held in made[0].desk.held.values()
                for study in held.fold.studies.values()
            )
        )
        holes = made[0].figures.engine.registry.get_sample_value("signals_journal_holes_total")
        assert holes == 2
        assert all(check.fine for check in ready(made[0])), ready(made[0])
    assert check_after_a_fault(small, pack) > 5


def in_journal(raw: bytes) -> bytes:
    read = read_event(raw, zone=ZONE, trusted=True)
    return journal_json(read.arrived(read.recorded_at))  # type: ignore[union-attr, arg-type]


def test_canaries_come_out_and_nobody_else_sees_them(small: Installation) -> None:
    small.environment["SIGNALS_CANARY_SECONDS"] = "2"
    with small.running(1) as workers:
        until(lambda: of_partitions(workers[0], "round_trip") == small.partitions)
        assert of_partitions(workers[0], "last_seen") == small.partitions
        assert 0 < workers[0].figure("signals_canary_round_trip_seconds") < 60
    assert b"_canary" in b"".join(small.values(small.topics.canary))
    for name in (*ALERTS, "alerts.state", "rejected"):
        assert b"_canary" not in b"".join(small.values(small.topics[name]))
    assert "_canary" not in small.run("journal", "export")


def of_partitions(worker: Process, what: str) -> int:
    """Of how many partitions a figure about canaries is told."""
    told = (worker.get("/metrics") or "").splitlines()
    return sum(line.startswith(f'signals_canary_{what}_seconds{{partition="') for line in told)


def test_no_word_of_a_patient_is_logged_or_labelled(small: Installation) -> None:
    event = adverse_event(term_verbatim=WORD, narrative=WORD)
    broken = json.dumps(event | {"version": WORD}).encode()
    with small.running(1) as workers:
        small.send([json.dumps(event).encode(), broken, f'{{"{WORD}'.encode()])
        small.wait_until_folded(workers)
        figures = workers[0].get("/metrics") or ""
    log = workers[0].log.read_text()
    assert "partition held" in log
    assert all(isinstance(json.loads(line), dict) for line in log.splitlines())
    assert WORD not in log
    assert WORD not in figures
    assert "001-004" not in figures
    for name in ALERTS:
        assert WORD.encode() not in b"".join(small.values(small.topics[name]))
