"""One partition of the journal as a worker holds it: all its studies, folded in the order of offsets.

Pure but for the reader it is given: it is handed messages, or reads them, and hands back what is to
be published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic

from signals.book.alert import Alert
from signals.events import Problem, Rejection
from signals.runtime.kafka.canary import CanaryFold, is_canary
from signals.runtime.kafka.reader import BrokerAwayError, Message, Reader
from signals.runtime.kafka.state import AlertState, Mark, StudyState, by_study, readable
from signals.runtime.kafka.study import Change, Engine, StepError, StudyFold
from signals.runtime.kafka.topics import Topics, partition_of


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A message of the journal that could not be read or folded."""

    message: Message
    rejection: Rejection
    why: str


@dataclass(slots=True)
class Burst:
    """What is to be published before the journal counts as folded up to an offset."""

    changes: list[Change] = field(default_factory=list)
    canaries: list[Alert] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes or self.canaries or self.passed_over)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A read of the journal that may be broken off and gone on with."""

    reader: Reader
    messages: Iterator[Message]
    upto: int


class PartitionFold:
    """The studies of one partition; ``folded`` is the offset of the last message taken.

    To be used by one thread at a time.
    """

    def __init__(
        self,
        partition: int,
        partitions: int,
        engine: Engine,
        topics: Topics,
        open_reader: Callable[[], Reader],
    ) -> None:
        """``partitions``: how many the journal has."""
        self.partition = partition
        self.folded = -1
        self.gaps = 0
        self.state_read = 0
        self.studies: dict[str, StudyFold] = {}
        self._partitions = partitions
        self._engine = engine
        self._topics = topics
        self._open_reader = open_reader
        self._state: dict[str, StudyState] = {}
        self._canaries: dict[str, CanaryFold] = {}
        self._passed_over: list[PassedOver] = []
        self._elsewhere: dict[str, int] = {}
        self._lost_elsewhere = False
        self._reading: _Reading | None = None

    # ------------------------------------------------------------------ what comes

    def load_state(self) -> None:
        """Read what was published by whoever held the partition before."""
        topic = self._topics.state
        with self._open_reader() as reader:
            upto = reader.ends(topic, [self.partition])[self.partition]
            start = reader.begin(topic, self.partition)
            found = reader.read(topic, self.partition, start, upto)
            self._state = by_study(readable(found))
        self.state_read = upto

    def catch_up(self, upto: int, seconds: float) -> bool:
        """Read and fold up to, without, an offset; False if the time was over before the end.

        Raises:
            BrokerAwayError: the brokers went away; calling again goes on.
        """
        give_up = monotonic() + seconds
        # A read is also ended whose last message came when the time was over: its gaps count.
        while self.folded + 1 < upto or self._reading is not None:
            reading = self._reading or self._begin_to_read(upto)
            try:
                for message in reading.messages:
                    self._take(message)
                    if monotonic() > give_up:
                        return False
            except BrokerAwayError:
                self._stop_reading()
                raise
            self._stop_reading()
            self.folded = max(self.folded, reading.upto - 1)
        return True

    def hand(self, messages: list[Message], seconds: float) -> list[Message]:
        """Fold messages that come next, for a time; what is left of them.

        If what is left does not come next, there is a hole before it that is to be read first.
        """
        give_up = monotonic() + seconds
        for number, message in enumerate(messages):
            if message.offset > self.folded + 1 or (number and monotonic() > give_up):
                return messages[number:]
            if message.offset == self.folded + 1:
                self._take(message)
        return []

    def collect(self) -> Burst:
        """What is to be published for all that was folded since the last call."""
        changes = [study.collect() for study in self.studies.values()]
        canaries = [alert for fold in self._canaries.values() for alert in fold.collect()]
        passed_over, self._passed_over = self._passed_over, []
        return Burst([each for each in changes if each is not None], canaries, passed_over)

    def written_over(self, foreign: Iterable[AlertState | Mark], generation: int) -> Burst:
        """What to write again, since others wrote over it.

        A worker that was taken for dead may still write.  What it writes is true, but may be older
        than what stands, and compaction keeps what comes last.  ``foreign``: what others wrote;
        ``generation``: of this worker.
        """
        stale: dict[str, set[str]] = {}
        for each in foreign:
            if each.writer.generation <= generation and each.study_id in self.studies:
                names = stale.setdefault(each.study_id, set())
                if isinstance(each, AlertState):
                    names.add(each.alert_id)
        return Burst([self.studies[study].again(n) for study, n in stale.items()])

    def written_by_others(self, reader: Reader, name: str) -> list[AlertState | Mark]:
        """What others wrote on alerts.state since the last time; ``name``: of this worker.

        May be called by another thread than the one that folds.
        """
        found, self.state_read = self._written_by_others(reader, name)
        return found

    def overtaken(self, reader: Reader, name: str) -> bool:
        """Whether another worker has published more of a study than is folded here, or lost its journal.

        Then to go on from here would write an older state over its newer one, or fold another
        journal on top of the one that was folded here.
        """
        self._written_by_others(reader, name)
        here = {study_id: study.position for study_id, study in self.studies.items()}
        further = (position > here.get(study, 0) for study, position in self._elsewhere.items())
        return self._lost_elsewhere or any(further)

    def at_end(self) -> None:
        """The journal was read to its end: who has less of it than was published lost it."""
        for study_id in [*self._state]:  # published once, and not a record of it in the journal
            self._study(study_id)
        for study in self.studies.values():
            study.at_end()

    @property
    def lost(self) -> dict[str, str]:
        """The studies whose journal is not the one that was published, each with why."""
        return {name: study.lost for name, study in [*self.studies.items()] if study.lost}

    # ------------------------------------------------------------------ within

    def _written_by_others(self, reader: Reader, name: str) -> tuple[list[AlertState | Mark], int]:
        """What they wrote on alerts.state since ``state_read``, and its end."""
        topic, own = self._topics.state, f'"writer":"{name}"'.encode()
        upto = reader.ends(topic, [self.partition])[self.partition]
        found = reader.read(topic, self.partition, self.state_read, upto)
        foreign = list(readable(each for each in found if own not in each.value))
        for each in foreign:
            if isinstance(each, Mark):
                known = self._elsewhere.get(each.study_id, 0)
                self._elsewhere[each.study_id] = max(known, each.position)
                self._lost_elsewhere = self._lost_elsewhere or bool(each.lost)
        return foreign, upto

    def _begin_to_read(self, upto: int) -> _Reading:
        reader = self._open_reader()
        found = reader.read(self._topics.journal, self.partition, self.folded + 1, upto)
        self._reading = _Reading(reader, found, upto)
        return self._reading

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self.gaps += self._reading.reader.gaps
            self._reading.reader.close()
            self._reading = None

    def _take(self, message: Message) -> None:
        self.folded = message.offset
        study_id = (message.key or b"").decode(errors="replace")
        if partition_of(study_id, self._partitions) != self.partition:
            told = f"'{study_id}' belongs on another partition than {self.partition}"
            key = Problem("/study_id", told, "the key study_id and the partition of its murmur2")
            self._pass_over(message, Rejection((key,), message.value), "misplaced")
        elif is_canary(study_id):
            self._canaries.setdefault(study_id, CanaryFold(study_id)).take(message.value)
        else:
            self._fold(study_id, message)

    def _fold(self, study_id: str, message: Message) -> None:
        study = self._study(study_id)
        try:
            self._note(message, study.take(message.offset, message.value))
        except StepError as error:
            self._rebuild(study, error, message)

    def _study(self, study_id: str) -> StudyFold:
        if study_id not in self.studies:
            state = self._state.pop(study_id, None) or StudyState()
            self.studies[study_id] = StudyFold(study_id, self._engine, state)
        return self.studies[study_id]

    def _note(self, message: Message, refused: Iterable[tuple[int, bytes, Rejection]]) -> None:
        for offset, value, rejection in refused:
            of = (
                message
                if offset == message.offset
                else message._replace(offset=offset, value=value)
            )
            self._pass_over(of, rejection, "unreadable")

    def _pass_over(self, message: Message, rejection: Rejection, why: str) -> None:
        self._passed_over.append(PassedOver(message, rejection, why))

    def _rebuild(self, broken: StudyFold, error: StepError, at: Message) -> None:
        """Fold a study again without the record that broke it; the study stays up to date.

        Every other record is folded; the position of the one passed over still counts.
        """
        skipped = broken.passed_over
        while True:
            if error.position is not None:
                skipped = skipped | {error.position}
                told = f"{error}; the study is folded without it"
                reason = Problem("", told, "a record that this version of Signals can fold")
                self._pass_over(at, Rejection((reason,), at.value), "breaks the fold")
            fresh = StudyFold(
                broken.study_id, self._engine, broken.state, passed_over=skipped, afresh=True
            )
            try:
                self._refold(fresh, at.offset + 1)
            except StepError as another:
                error = another
                continue
            self.studies[broken.study_id] = fresh
            return

    def _refold(self, study: StudyFold, upto: int) -> None:
        with self._open_reader() as reader:
            for message in reader.read(self._topics.journal, self.partition, 0, upto):
                if message.key == study.study_id.encode():
                    study.take(message.offset, message.value)
