"""The partitions that a worker holds, and what it does with them.

All folding happens in one thread of its own, so that the loop keeps talking with the brokers; what
is folded is published before the next record of the partition is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import ParamSpec, TypeVar

import structlog

from signals.book.fold import pack_of
from signals.rulebook.pack import Pack
from signals.runtime import own_events
from signals.runtime.arrival import NO_TIME_AT_ALL
from signals.runtime.embedded.panels import watched_panel
from signals.runtime.kafka.figures import Figures
from signals.runtime.kafka.lookout import Lookout
from signals.runtime.kafka.own_records import own_records
from signals.runtime.kafka.partition import Burst, PartitionFold
from signals.runtime.kafka.publisher import Publisher
from signals.runtime.kafka.reader import BrokerAwayError, Message, Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.state import Writer
from signals.runtime.kafka.study import Engine
from signals.runtime.kafka.topics import Topics, partition_of

_BURST_SECONDS = 0.25
_AGAIN_SECONDS = 1.0
_log = structlog.get_logger("signals")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Held:
    """A partition that this worker holds; ``waits`` says why it is not up to date.

    ``waiting``: messages by their offset.  ``generation``: of the group in which it was last found
    to be nobody else's, with which its messages are signed.  ``journal``: the id that the brokers
    gave the topic which it folds.
    """

    fold: PartitionFold
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: dict[int, Message] = field(default_factory=dict)
    generation: int = 0
    upto: int = 0
    behind_since: float | None = None
    waits: str = "it has just been given to this worker"
    failed: bool = False
    journal: object = None
    added: dict[str, int] = field(default_factory=dict)

    @property
    def lag(self) -> int:
        """Messages that are not folded."""
        return max(0, self.upto - self.fold.folded - 1)


class Desk:
    """Holds, folds and publishes.  Its coroutines run in one loop."""

    def __init__(
        self,
        settings: KafkaSettings,
        packs: Sequence[Pack],
        publisher: Publisher,
        figures: Figures,
        name: str,
        *,
        trusted: bool = False,
    ) -> None:
        """``name``: of this process, as it signs what it writes; ``trusted``: see ``Worker``."""
        self.held: dict[int, Held] = {}
        self.generation = 0
        self._settings = settings
        self._topics = Topics(settings.prefix)
        self._packs = packs
        self._publisher = publisher
        self._figures = figures
        self._name = name
        self._trusted = trusted
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="folding")
        self._lookout = Lookout(settings, name)
        self._loading: dict[int, asyncio.Task[None]] = {}
        self._engine = Engine(
            load_pack=self._load,
            make_panel=lambda pack: watched_panel(pack, figures.engine),
            repeated=figures.repeated,
            stepped=figures.engine.evaluation.observe,
        )

    # ------------------------------------------------------------------ what the group gives

    def assign(self, partitions: Iterable[int], generation: int) -> None:
        """Hold exactly these; those held already only read what came since.

        Unless another held them meanwhile and published more: those are loaded anew.
        """
        self.generation = generation
        wanted = set(partitions)
        for gone in set(self.held) - wanted:
            self._drop(gone)
        for partition in sorted(wanted):
            self._hold(partition)
        self._figures.held.set(len(wanted))
        self._figures.generation.set(generation)

    def _drop(self, partition: int) -> None:
        self._loading.pop(partition).cancel()
        held = self.held.pop(partition)
        held.ready.set()  # what waits for it goes elsewhere
        for study_id in [*held.fold.studies]:
            self._figures.lost.remove(study_id)
            self._figures.engine.no_longer_judged(study_id)
        self._figures.lag.remove(str(partition))
        self._figures.catch_up.remove(str(partition))

    def _hold(self, partition: int) -> None:
        """Load it, also if it was held before: nobody hands over what another acknowledged."""
        held = self.held.setdefault(partition, Held(self._new_fold(partition)))
        load = self._loading.get(partition)
        if load is None or load.done():
            self._load_again(held, "another worker may have held it meanwhile")

    def _load_again(self, held: Held, why: str) -> None:
        held.ready.clear()
        held.waits = held.waits or why
        load = asyncio.create_task(self._load_partition(held))
        self._loading[held.fold.partition] = load

    def _new_fold(self, partition: int) -> PartitionFold:
        count = self._publisher.journal_partitions
        return PartitionFold(partition, count, self._engine, self._topics, self._open_reader)

    # ------------------------------------------------------------------ what comes

    async def take(self, partition: int, message: Message) -> None:
        """Fold and publish a message that the agent was handed; when it returns it is done.

        What comes meanwhile is folded along with it, so that the brokers are waited for once.
        """
        while (held := self.held.get(partition)) is not None:  # else another worker reads it
            held.waiting.setdefault(message.offset, message)
            await held.ready.wait()
            if held is not self.held.get(partition):
                continue  # the partition was lost meanwhile, and perhaps given back
            async with held.lock:
                if message.offset in held.waiting and held.ready.is_set():
                    some, held.waiting = held.waiting, {}
                    left = await self._fold(held, [*some.values()])
                    held.waiting = {each.offset: each for each in left} | held.waiting
            if message.offset not in held.waiting:
                return  # it was folded, perhaps along with another

    async def _fold(self, held: Held, messages: list[Message]) -> list[Message]:
        """Fold what waits, a burst at a time, each published before the next.

        What is left if the partition is to be loaded first.
        """
        while messages and held.ready.is_set():
            messages, burst = await self._run(_hand, held.fold, messages)
            await self._publish(held, burst)
            if messages and messages[0].offset > held.fold.folded + 1:
                await self._read_hole(held, messages[0].offset)
        return messages

    async def _read_hole(self, held: Held, upto: int) -> None:
        """Read what the agent was not handed, if it was anything: control records are no loss."""
        begun, gaps = held.fold.folded + 1, held.fold.gaps
        await self._read_upto(held, upto)
        held.waits = ""
        missed = upto - begun - (held.fold.gaps - gaps)
        if missed:
            partition, says = held.fold.partition, "the agent was not handed records of the journal"
            _log.warning(says, partition=partition, begin=begun, end=upto, records=missed)
            self._figures.holes.inc(missed)

    async def _load_partition(self, held: Held) -> None:
        """Read what was published and what there is, until the partition is up to date."""
        while not held.ready.is_set():
            generation = self.generation
            try:
                await self._load_once(held, generation)
                if generation == self.generation:  # else it may have been with another meanwhile
                    self._is_up_to_date(held)
            except BrokerAwayError as error:
                held.waits = str(error)
                await asyncio.sleep(_AGAIN_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must be told, and tried again
                held.waits, held.failed = f"it cannot be loaded: {error!r}", True
                _log.exception("loading failed", partition=held.fold.partition)
                await asyncio.sleep(_AGAIN_SECONDS)
                held.fold = self._new_fold(held.fold.partition)

    async def _load_once(self, held: Held, generation: int) -> None:
        partition = held.fold.partition
        async with held.lock:
            journal = await self._lookout.journal()
            is_other = held.journal not in (None, journal)
            if is_other or (held.fold.state_read and await self._lookout.overtaken(held.fold)):
                held.fold = self._new_fold(partition)
            held.journal = journal
            if not held.fold.state_read:
                await self._run(held.fold.load_state)
            held.generation = generation
            upto = (await self._lookout.ends([partition]))[partition]
            await self._read_upto(held, upto)
            await self._publish(held, await self._run(_at_end, held.fold))
        await self._put_in_force(held)

    def _is_up_to_date(self, held: Held) -> None:
        held.ready.set()
        held.waits, held.failed = "", False
        fold = held.fold
        _log.info("partition held", partition=fold.partition, offset=fold.folded, gaps=fold.gaps)

    async def _read_upto(self, held: Held, upto: int) -> None:
        held.upto = max(held.upto, upto)
        done, gaps = False, held.fold.gaps
        while not done:
            done, burst = await self._run(_catch_up, held.fold, upto)
            await self._publish(held, burst)
            folded = held.fold.folded + 1
            held.waits = f"catching up: {folded} of {upto}"
            ratio = 1.0 if done or not upto else folded / upto
            self._figures.catch_up.labels(str(held.fold.partition)).set(ratio)
        self._figures.gaps.inc(held.fold.gaps - gaps)

    async def _publish(self, held: Held, burst: Burst) -> None:
        if not burst:
            return
        for change in burst.changes:
            if change.lost:
                _log.error("a journal was lost", study=change.study_id, why=change.lost)
        writer = Writer(self._name, held.generation)
        try:
            await self._publisher.publish(held.fold.partition, burst, writer)
        except Exception:
            # What was collected is gone: begin again from what is known to be published.
            held.fold = self._new_fold(held.fold.partition)
            if held.ready.is_set():
                self._load_again(held, "its alerts could not be published; it is loaded again")
            raise

    # ------------------------------------------------------------------ packs and time

    async def _put_in_force(self, held: Held) -> None:
        """Activate the packs of this worker that the journal never knew."""
        for pack in self._packs:
            study_id, zone = pack.study.study_id, pack.study.zone
            if partition_of(study_id, self._publisher.journal_partitions) != held.fold.partition:
                continue
            study = held.fold.studies.get(study_id)
            if study is None or not (study.lost or pack.hash in study.activated):
                now = NO_TIME_AT_ALL if self._trusted else datetime.now(zone)
                await self._publisher.append(
                    own_events.pack_activation(study_id, pack.hash, pack.files, now, zone)
                )

    async def look(self) -> None:
        """Once a second: how far the journal is.

        Raises:
            BrokerAwayError: the brokers do not answer, whether it holds a partition or not.
        """
        before = {partition: held.fold.folded for partition, held in self.held.items()}
        journal = await self._lookout.journal()
        ends = await self._lookout.ends([*self.held] or [0])
        now = monotonic()
        for partition, held in [*self.held.items()]:
            held.upto = ends.get(partition, held.upto)
            if held.journal != journal or held.upto <= before.get(partition, -1):
                await self._begin_again(held)
            self._figures.lag.labels(str(partition)).set(held.lag)
            for study in [*held.fold.studies.values()]:
                self._figures.lost.labels(study.study_id).set(bool(study.lost))
            behind = held.lag > 0
            held.behind_since = (held.behind_since or now) if behind else None

    async def _begin_again(self, held: Held) -> None:
        """Of what was folded the end is gone, or all of it: what comes now is another journal."""
        async with held.lock:
            if held.ready.is_set():
                partition, folded = held.fold.partition, held.fold.folded
                _log.error("the journal was replaced", partition=partition, folded=folded)
                held.fold = self._new_fold(partition)
                self._load_again(held, "the journal was replaced; it is read from its beginning")

    async def tail(self) -> None:
        """See to it that what this worker wrote last is what stands."""
        for held in [*self.held.values()]:
            fold = held.fold
            if not held.ready.is_set() or not (
                foreign := await self._lookout.written_by_others(fold)
            ):
                continue
            self._figures.repeats.inc(len(foreign))
            async with held.lock:
                if fold is held.fold and held.ready.is_set():  # else it is read anew as a whole
                    burst = await self._run(fold.written_over, foreign, held.generation)
                    writer = Writer(self._name, held.generation)
                    await self._publisher.publish(fold.partition, burst, writer)

    async def add_own(self) -> None:
        """Append to the journal what only the service knows, while nothing else comes."""
        for held in [*self.held.values()]:
            if not held.ready.is_set() or held.lag:
                continue
            for study in [*held.fold.studies.values()]:
                if held.added.get(study.study_id) == study.position:
                    continue  # the last one is on its way
                for record in await self._run(own_records, study, trusted=self._trusted):
                    held.added[study.study_id] = study.position
                    await self._publisher.append(record)
                    self._figures.added(record)

    # ------------------------------------------------------------------ what it knows

    def waiting(self) -> list[str]:
        """Why it is not up to date; nothing if it is."""
        return [
            f"partition {partition}: {held.waits}"
            for partition, held in self.held.items()
            if held.waits
        ]

    def lost(self) -> list[str]:
        """Which studies lost their journal, and why; nothing if none did."""
        return [why for held in self.held.values() for why in held.fold.lost.values()]

    def failed(self) -> bool:
        """Whether a partition cannot be loaded, and is tried again and again."""
        return any(held.failed for held in self.held.values())

    def overdue(self, now: datetime) -> float:
        """Seconds since a wake that has not come."""
        studies = (s for held in self.held.values() for s in [*held.fold.studies.values()])
        wakes = [wake for study in studies if (wake := study.next_wake()) is not None]
        return max(0.0, (now - min(wakes)).total_seconds()) if wakes else 0.0

    def oldest(self) -> float:
        """Seconds for which some partition has not been up to date."""
        now = monotonic()
        since = [held.behind_since for held in self.held.values() if held.behind_since]
        return now - min(since) if since else 0.0

    # ------------------------------------------------------------------ within

    async def stop(self) -> None:
        """End folding; what was not published is folded again by who comes next."""
        for task in self._loading.values():
            task.cancel()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)
        self._thread.shutdown(cancel_futures=True)
        self._lookout.stop()

    async def _run(self, do: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: do(*given, **named))

    def _open_reader(self) -> Reader:
        return Reader(self._settings)

    def _load(self, files: Mapping[str, str]) -> Pack:
        same = (pack for pack in self._packs if dict(pack.files) == dict(files))
        return next(same, None) or pack_of(files)


def _hand(fold: PartitionFold, messages: list[Message]) -> tuple[list[Message], Burst]:
    """Fold for the time of a burst; what is left, and what is to be published."""
    return fold.hand(messages, _BURST_SECONDS), fold.collect()


def _catch_up(fold: PartitionFold, upto: int) -> tuple[bool, Burst]:
    """Read for the time of a burst; whether all is read, and what is to be published."""
    return fold.catch_up(upto, _BURST_SECONDS), fold.collect()


def _at_end(fold: PartitionFold) -> Burst:
    """Note that the journal was read to its end; what is to be published."""
    fold.at_end()
    return fold.collect()
