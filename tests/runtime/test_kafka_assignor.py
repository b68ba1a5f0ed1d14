"""Who of a group gets which partitions: nothing here needs a broker."""

from typing import Any

from aiokafka.cluster import ClusterMetadata

from signals.runtime.kafka.reader import Message
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.streams import make_app


async def take(_topic: str, _partition: int, _message: Message) -> bool:
    return True


def test_all_partitions_are_given_also_when_the_brokers_do_not_tell_of_the_topic() -> None:
    topics = {"events.case": 4, "events.infusion": 2}
    app: Any = make_app(KafkaSettings(bootstrap="127.0.0.1:1"), "intake", topics, take, print)
    members = {name: app.assignor.metadata(set(topics)) for name in ("one", "two", "three")}
    told = ClusterMetadata()
    assert not told.partitions_for_topic("events.case")
    found = app.assignor.assign(told, members)
    given = [
        (topic, partition)
        for member in found.values()
        for topic, partitions in member.assignment
        for partition in partitions
    ]
    assert sorted(given) == [
        *(("events.case", partition) for partition in range(4)),
        *(("events.infusion", partition) for partition in range(2)),
    ]
