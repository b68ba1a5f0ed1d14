"""What the topics hold of one study, as far as it was read: the book, the rejected, what waits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kafka import KafkaConsumer

from signals.runtime.book_file import Row
from signals.runtime.health import SLOW_SECONDS, Check
from signals.runtime.kafka.canary import is_canary
from signals.runtime.kafka.published import PublishedStudy
from signals.runtime.kafka.reader import Following, Message, Reader
from signals.runtime.kafka.rejected_topic import RejectedSoFar, shown
from signals.runtime.kafka.topics import Topics, partition_of
from signals.runtime.kafka.unfolded import Unfolded
from signals.runtime.schema import Store


class Mirror:
    """Reads on whenever it is told to ``look``, by one thread; may be asked from any."""

    def __init__(self, topics: Topics, study_id: str, folder: Path) -> None:
        """``folder``: an empty one, for the file that the book is copied into."""
        self.store = Store(folder)
        self.published: PublishedStudy | None = None
        self._topics = topics
        self._study_id = study_id
        self._unfolded: Unfolded | None = None
        self._rejected = RejectedSoFar()
        self._on_rejected = Following(topics.rejected)
        self._strange: list[str] = []

    def look(self, reader: Reader, group: KafkaConsumer) -> list[Row]:
        """Read what came since the last look; the revisions that are shown from now on.

        ``group``: asks what the workers acknowledged.

        Raises:
            BrokerAwayError: the brokers do not answer; looking again goes on.
        """
        partition = partition_of(self._study_id, len(reader.partitions(self._topics.journal)))
        if self.published is None:
            self.published = PublishedStudy(self.store, self._topics, self._study_id, partition)
        for message in self._on_rejected.news(reader):
            self._reject(message)
        self.published.read(reader)
        if self._unfolded is None:
            mark = self.published.state.mark
            start = mark.offset if mark else 0
            self._unfolded = Unfolded(self._topics, self._study_id, partition, start)
        self._unfolded.look(reader, group)
        return self.published.show()

    def _reject(self, message: Message) -> None:
        if is_canary((message.key or b"").decode(errors="replace")):
            return
        try:
            self._rejected.take(message.value)
        except (ValueError, KeyError, TypeError) as error:
            told = f"a message of rejected at offset {message.offset} cannot be read: {error!r}"
            self._strange.append(told)

    # ------------------------------------------------------------------ what it knows

    @property
    def position(self) -> int:
        """The position of the journal up to which the study is published."""
        return self.published.position if self.published else 0

    @property
    def last_arrival(self) -> datetime | None:
        """When the last record of the journal arrived."""
        return self._unfolded.last if self._unfolded else None

    def waiting(self, now: datetime) -> float | None:
        """Seconds since the oldest record arrived that no worker has folded; None if not known."""
        return self._unfolded.waiting(now) if self._unfolded else None

    def rejected(self, *, everything: bool) -> list[dict[str, object]]:
        """What was rejected and not yet replayed, or everything."""
        return [shown(one) for one in self._rejected.all() if everything or not one.replayed]

    def checks(self, now: datetime) -> list[Check]:
        """What must hold for the alerts to be up to date, once the topics were read."""
        return [self._up_to_date(now), *self._lost(), self._sound()]

    def _up_to_date(self, now: datetime) -> Check:
        name, unfolded = "up to date", self._unfolded
        if unfolded is None or not unfolded.seen:
            told = f"the journal holds no record of {self._study_id}; does a worker hold its pack?"
            return Check(name, False, told)
        if not unfolded.count:
            return Check(name, True, f"all is folded, published up to position {self.position}")
        waiting = unfolded.waiting(now)
        told = f"{unfolded.count} records are folded by no worker, the oldest waits {waiting:.0f} s"
        return Check(name, waiting < SLOW_SECONDS, told)

    def _lost(self) -> list[Check]:
        mark = self.published.state.mark if self.published else None
        return [Check("journal", False, mark.lost)] if mark and mark.lost else []

    def _sound(self) -> Check:
        strange = [*(self.published.strange if self.published else ()), *self._strange[:1]]
        if not strange:
            return Check("published", True, "all that was published can be read")
        return Check("published", False, f"{'; '.join(strange)}; 'signals verify' tells more")
