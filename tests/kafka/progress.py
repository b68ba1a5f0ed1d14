"""How far the workers of an installation are, as the brokers know it.

What a worker has acknowledged is done: it is in the journal, rejected, or folded and published.
Counting messages would not tell, for the service adds its own and a crash repeats some.
"""

from collections.abc import Callable, Sequence
from time import monotonic, sleep

from kafka import KafkaAdminClient, TopicPartition

from signals.runtime.kafka.reader import BrokerAwayError, Reader, asked
from signals.runtime.kafka.settings import KafkaSettings

PATIENCE = 120.0
Places = dict[TopicPartition, int]


def wait_until_acknowledged(
    settings: KafkaSettings, role: str, topics: Sequence[str], alive: Callable[[], None]
) -> None:
    """Until the group of a role has acknowledged all that the topics hold.

    ``alive`` is called again and again, and raises if waiting is in vain.  A busy machine may take
    its time as long as it goes on.
    """
    places: Places = {}
    give_up = monotonic() + PATIENCE
    while True:
        alive()
        try:
            before, places = places, acknowledged(settings, role)
            if not unread(settings, topics, places):
                return
        except BrokerAwayError:
            before = places
        if places != before:
            give_up = monotonic() + PATIENCE
        assert monotonic() < give_up, f"the {role} stands still at {places}"
        sleep(0.3)


def acknowledged(settings: KafkaSettings, role: str) -> Places:
    """The offset after the last that the group of a role has acknowledged, where there is one."""
    group = settings.group_of(role)
    admin = asked(lambda: KafkaAdminClient(**settings.client()))
    try:
        found = asked(lambda: admin.list_group_offsets(group))[group]
    finally:
        admin.close()
    return {place: told.offset for place, told in found.items()}


def unread(settings: KafkaSettings, topics: Sequence[str], places: Places) -> bool:
    """Whether a message lies behind these places; control and aborted batches are none."""
    with Reader(settings) as reader:
        for topic in topics:
            for partition, end in reader.ends(topic, reader.partitions(topic)).items():
                start = max(0, places.get(TopicPartition(topic, partition), 0))
                if any(True for _ in reader.read(topic, partition, start, end)):
                    return True
    return False
