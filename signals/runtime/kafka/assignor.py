"""Who of a group gets which partitions: always all of them are given to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faust.assignor import PartitionAssignor


def assignor_of(partitions: Mapping[str, int]) -> type[Any]:
    """Faust's assignor for topics that are known to exist, with so many partitions each.

    A broker that has just started does not tell of all its topics at once.  Faust leaves out what
    it is not told of, and nobody would read it until the group changes for another reason.
    """

    class Assignor(PartitionAssignor):
        def assign(self, cluster: Any, member_metadata: Any) -> Any:
            return super().assign(_Cluster(cluster, partitions), member_metadata)

    return Assignor


class _Cluster:
    """What the brokers tell, completed by what is known."""

    def __init__(self, told: Any, known: Mapping[str, int]) -> None:
        self._told = told
        self._known = known

    def partitions_for_topic(self, topic: str) -> set[int]:
        """The partitions of a topic; it may have got more since."""
        told: set[int] = self._told.partitions_for_topic(topic) or set()
        return told | set(range(self._known.get(topic, 0)))
