"""What must be right with the brokers: they let us in, hold the topics as they must be, keep the time.

Nothing is written but to the topic ``doctor``, which nobody reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from aiokafka.partitioner import DefaultPartitioner as AiokafkaPartitioner
from kafka import KafkaProducer
from kafka.partitioner.default import DefaultPartitioner

from signals.runtime.checkup import rights
from signals.runtime.checkup.finding import Finding, bad, fine
from signals.runtime.kafka.plan import Admin, Todo
from signals.runtime.kafka.reader import BrokerAwayError, Reader, asked, opened
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import Topics, partition_of
from signals.runtime.kafka.verify import states

OLDEST = (3, 0)
"""Before it an idempotent producer needs a right on the whole cluster (KIP-679)."""

MOST_SECONDS_OFF = 2.0
"""More than that between our clock and the brokers' is told: figures across both would lie."""

_LOOKS = 3
_TIMEOUT_SECONDS = 20.0

# From the tests of Kafka's own Java client (UtilsTest): a name, and its murmur2.
_JAVA = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
}
_STUDIES = [f"STUDY-{number}" for number in range(200)]

Place = Callable[[bytes, int], int]
"""The partition of a key among so many."""


def examine(
    settings: KafkaSettings, wall: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """Look at the brokers of the settings; ``wall`` is this machine's clock."""
    yield partitioners()
    try:
        with Admin(settings) as admin:
            yield _brokers(admin)
            yield from _topics(admin)
            yield from rights.examine(admin, settings)
        yield clock(settings, wall)
        yield from _journals(settings)
    except BrokerAwayError as error:
        mend = "mend what it names; 'docs/ops/kafka.md' tells the settings"
        yield bad("brokers", str(error), mend)


def _brokers(admin: Admin) -> Finding:
    found = admin.versions()
    told = ", ".join(f"{number}: Kafka {_text(version)}" for number, version in found.items())
    if min(found.values()) < OLDEST:
        return bad("brokers", told, f"run Kafka {_text(OLDEST)} or newer")
    return fine("brokers", told)


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _topics(admin: Admin) -> Iterator[Finding]:
    found = admin.plan()
    wrong = [each for each in found if each.todo is not Todo.NOTHING]
    for each in wrong:
        yield bad(f"topic {each.spec.name}", f"{each.todo.value}: {each.says}", _mend(each.todo))
    if not wrong:
        yield fine("topics", f"{len(found)} topics are as they must be")


def _mend(todo: Todo) -> str:
    if todo is Todo.HIDDEN:
        return "give the right; 'signals topics plan' then tells whether it is as it must be"
    if todo is Todo.REFUSED:
        return "nothing changes it by itself: see 'signals topics plan' and docs/ops/kafka.md"
    return "'signals topics apply', as a user who may make and alter topics"


def _journals(settings: KafkaSettings) -> Iterator[Finding]:
    """What the workers told of the journals of the studies; 'signals verify' reads them itself."""
    with Reader(settings) as reader:
        marks = [each.mark for each in states(reader, Topics(settings.prefix)).values()]
    lost = [mark for mark in marks if mark is not None and mark.lost]
    for mark in lost:
        mend = "docs/ops/runbooks/SignalsJournalLost.md; 'signals verify' proves it"
        yield bad(f"journal {mark.study_id}", mark.lost, mend)
    if not lost:
        told = f"of {len(marks)} studies none lost its journal, as far as the workers have seen"
        yield fine("journals", told)


# ---------------------------------------------------------------------- the time


def clock(settings: KafkaSettings, wall: Callable[[], datetime]) -> Finding:
    """How far the brokers' clock is from ours: they stamp what is written to the topic ``doctor``.

    Raises:
        BrokerAwayError: they do not take the message.
    """
    name, topic = "clock of the brokers", Topics(settings.prefix).doctor
    producer = opened(
        settings,
        lambda: KafkaProducer(
            **settings.client(), acks="all", max_block_ms=int(_TIMEOUT_SECONDS * 1000)
        ),
    )
    try:
        looks = [_look(producer, topic, wall) for _ in range(_LOOKS)]
    finally:
        producer.close()
    off, unsure = min(looks, key=lambda look: look[1])
    told = f"{off:+.3f} s from this machine's, give or take {unsure:.3f} s"
    if abs(off) - unsure > MOST_SECONDS_OFF:
        mend = "keep both by a time service (NTP, chrony); 'timedatectl' tells which one is off"
        return bad(name, told, mend)
    return fine(name, told)


def _look(producer: KafkaProducer, topic: str, wall: Callable[[], datetime]) -> tuple[float, float]:
    """By how much their clock is ahead of ours, and how far that may be wrong; in seconds."""
    before = wall().timestamp()
    sent = asked(lambda: producer.send(topic, b"what is the time?").get(_TIMEOUT_SECONDS))
    after = wall().timestamp()
    return sent.timestamp / 1000 - (before + after) / 2, (after - before) / 2


# ---------------------------------------------------------------------- where a key lies


class _Cluster:
    """What kafka-python's partitioner asks of a cluster."""

    def __init__(self, partitions: int) -> None:
        self._partitions = set(range(partitions))

    def topics(self) -> set[str]:
        return {""}

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return self._partitions

    def available_partitions_for_topic(self, _topic: str) -> set[int]:
        return self._partitions


def _kafka_python(key: bytes, partitions: int) -> int:
    return int(DefaultPartitioner().partition("", key, key, b"", b"", _Cluster(partitions)))


def _aiokafka(key: bytes, partitions: int) -> int:
    everywhere = list(range(partitions))
    return int(AiokafkaPartitioner()(key, everywhere, everywhere))


def _ours(key: bytes, partitions: int) -> int:
    return partition_of(key.decode(), partitions)


CLIENTS: Mapping[str, Place] = {
    "Signals": _ours,
    "kafka-python": _kafka_python,
    "aiokafka": _aiokafka,
}


def partitioners(clients: Mapping[str, Place] = CLIENTS) -> Finding:
    """Whether all put a study where Kafka's own client does; else its journal would be in two places."""
    wanted = {
        (name, count): (hashed & 0x7FFFFFFF) % count
        for name, hashed in _JAVA.items()
        for count in (3, 12)
    }
    wanted |= {(name, 12): _ours(name.encode(), 12) for name in _STUDIES}
    wrong = [
        f"{client} puts {name} on {found} of {count} and not on {place}"
        for client, put in clients.items()
        for (name, count), place in wanted.items()
        if (found := put(name.encode(), count)) != place
    ]
    if wrong:
        mend = "do not start a worker with these packages: install those that pyproject.toml names"
        return bad("partitioners", f"{wrong[0]}, and {len(wrong) - 1} more", mend)
    return fine("partitioners", f"{', '.join(clients)} agree with Kafka's own client")
