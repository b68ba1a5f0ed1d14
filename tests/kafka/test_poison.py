"""Poison first, in the middle and last, in all that a worker reads: kept, told, and passed."""

import json
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

from kafka import KafkaProducer

from signals.rulebook.pack import Pack
from signals.runtime.kafka.intake import RejectedMessage
from signals.runtime.kafka.topics import SOURCE_KINDS, partition_of
from tests.events.samples import SAMPLES
from tests.kafka.books import check_after_a_fault
from tests.kafka.installation import Installation
from tests.runtime.posts import adverse_event

UNREADABLE = [None, b"", b"\xff\xfe", b"[" * 5000, b"null", b'{"schema":"adverse-event/1"}']
MARK = {
    "schema": "published/1",
    "study_id": "UC-MSC",
    "position": 1,
    "offset": 1,
    "digest": "0" * 64,
    "passed_over": [],
    "writer": "nobody",
    "generation": 0,
}
STATE = {"schema": "alert-state/1", "alert_id": "UC-MSC|SAE-01|001-004|AE-0", "alert": {}}
WRONG_STATE = [
    json.dumps(told).encode()
    for told in (
        {**MARK, "generation": "9"},
        {**MARK, "position": None, "generation": 9},
        {**MARK, "passed_over": [[]], "generation": 9},
        {**MARK, "digest": 7, "generation": 9},
        {**MARK, **STATE, "entry": [], "before": None, "generation": 9},
        {**MARK, **STATE, "entry": {}, "before": "x", "generation": 9},
        {**MARK, **STATE, "entry": {}, "before": None, "alert": 1, "generation": 9},
    )
]
A_GOOD_ONE = json.dumps(adverse_event("AE-STRAY")).encode()
STRAY = [(b"UC-MSC", 1), (None, 0), (b"", 0)]
TIMES = 3


def test_poison_in_every_place_is_kept_and_the_rest_goes_on(
    small: Installation, pack: Pack
) -> None:
    sent: list[object] = []
    for time in range(TIMES):  # every worker finds what the one before has left
        send_poison(small)
        good = list(good_events(time))
        small.send(json.dumps(each).encode() for each in good)
        sent += [each["event_id"] for each in good]
        with small.running(1, "--clock", "journal") as workers:
            small.wait_until_folded(workers)
            send_poison(small)
            small.wait_until_folded(workers)
            passed_over = workers[0].figure("signals_records_passed_over_total")
    of_each = 2 * TIMES
    in_journal = of_each * (len(UNREADABLE) + len(STRAY))
    assert passed_over == in_journal, "the last worker met all of it"
    kept = Counter(places(small))
    for kind in SOURCE_KINDS:
        assert kept[small.topics.of_kind(kind)] == of_each * len(UNREADABLE), kind
    assert kept[small.topics.journal] == in_journal
    assert set(sent) <= {each.event_id for each in small.journal("UC-MSC")}
    assert check_after_a_fault(small, pack) > TIMES


def send_poison(installation: Installation) -> None:
    """To every source, to the journal and to the book."""
    topics, place = installation.topics, partition_of("UC-MSC", installation.partitions)
    producer = KafkaProducer(bootstrap_servers=installation.bootstrap)
    for bad in UNREADABLE:
        for topic in topics.sources:
            producer.send(topic, bad, key=b"UC-MSC", partition=0)
        producer.send(topics.journal, bad, key=b"UC-MSC", partition=place)
    for bad in (*UNREADABLE, *WRONG_STATE):
        producer.send(topics.state, bad, key=uuid4().bytes, partition=place)
    for key, shift in STRAY:
        partition = (place + shift) % installation.partitions
        producer.send(topics.journal, A_GOOD_ONE, key=key, partition=partition)
    producer.flush()
    producer.close()


def good_events(time: int) -> Iterator[dict[str, object]]:
    """One of every kind that a source sends."""
    for kind, sample in SAMPLES.items():
        if kind in SOURCE_KINDS:
            yield {
                **sample,
                "study_id": "UC-MSC",
                "event_id": str(uuid4()),
                "record_id": f"{kind}-{time}",
            }


def places(installation: Installation) -> Iterator[str]:
    """The topic of everything that was rejected, each message once."""
    found = {}
    for value in installation.values(installation.topics.rejected):
        one = RejectedMessage.from_json(json.loads(value))
        assert one.reasons
        found[one.id] = one.topic
    yield from found.values()
