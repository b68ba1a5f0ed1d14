"""A worker: the intake, the monitor, or both, until it is told to end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

import structlog

from signals.events import Rejection
from signals.rulebook.pack import Pack
from signals.runtime.gauges import watch
from signals.runtime.kafka.canaries import Canaries
from signals.runtime.kafka.desk import Desk
from signals.runtime.kafka.figures import Figures
from signals.runtime.kafka.intake import Doors, RejectedMessage
from signals.runtime.kafka.leaving import Leaving
from signals.runtime.kafka.publisher import Publisher
from signals.runtime.kafka.reader import Message
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.streams import Take, make_app
from signals.runtime.kafka.topics import Topics

Role = Literal["intake", "monitor", "both"]
_AGAIN_SECONDS = 1.0
_TICK_SECONDS = 1.0
_SWITCH_SECONDS = 0.001
_log = structlog.get_logger("signals")


class WorkerEndedError(Exception):
    """A part of the worker broke; the process is to be started again."""


class Worker:
    """One process of an installation."""

    def __init__(
        self,
        settings: KafkaSettings,
        packs: Sequence[Pack],
        role: Role = "both",
        *,
        trusted: bool = False,
        canary_seconds: float = 0.0,
    ) -> None:
        """``trusted``: time is what the records tell (demonstrations and tests).

        ``canary_seconds``: how often a canary is sent to each partition held; 0 never.
        """
        self.settings = settings
        self.packs = packs
        self.role: Role = role
        self.trusted = trusted
        self.figures = Figures()
        self.topics = Topics(settings.prefix)
        self.publisher = Publisher(settings, self.topics, self.figures)
        name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.desk = Desk(settings, packs, self.publisher, self.figures, name, trusted=trusted)
        self.joined: set[str] = set()
        self.refused: dict[str, str] = {}
        self.turned = self.looked = monotonic()
        self.trouble = ""
        self.leaving = Leaving()
        self.canaries = Canaries(settings, self.publisher, self.figures, canary_seconds)
        self._doors = Doors(packs, trusted=trusted)
        self._apps: list[Any] = []
        self._stopping = asyncio.Event()
        self._watch()

    @property
    def roles(self) -> tuple[str, ...]:
        """What it does; each is a group of its own."""
        return ("intake", "monitor") if self.role == "both" else (self.role,)

    # ------------------------------------------------------------------ life

    async def run_until_told(self) -> None:
        """Work until the process is asked to end (TERM, or Ctrl-C); see ``run``."""
        # Beside a thread that folds, the loop waits so long for the interpreter after each of its
        # calls of a socket, some ten times an event; by default ten times as long.
        sys.setswitchinterval(_SWITCH_SECONDS)
        loop = asyncio.get_running_loop()
        for asked in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(asked, self.stop)
        await self.run()

    async def run(self) -> None:
        """Work until ``stop``.

        Raises:
            BrokerAwayError: no broker lets us in at the start, or there is no journal.
            WorkerEndedError: see there.
        """
        await self.publisher.start()
        if "intake" in self.roles:
            self._apps.append(await self._app("intake", self.topics.sources, self._take_in))
        if "monitor" in self.roles:
            self._apps.append(await self._app("monitor", [self.topics.journal], self._fold))
        for app in self._apps:
            app.finalize()
            await app.start()
        tasks = [asyncio.create_task(each) for each in (self._turn(), self._tick())]
        tasks += [asyncio.create_task(app.wait_until_stopped()) for app in self._apps]
        tasks.append(asyncio.create_task(self._until_told()))
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        if not self._stopping.is_set():
            _log.error("a part of the worker ended by itself; leaving")
        await self._leave()
        if not self._stopping.is_set():
            raise WorkerEndedError(
                "a part of the worker ended by itself: the log tells why, and 'signals doctor' whether"
                " a right is missing"
            )

    def stop(self) -> None:
        """Ask it to end."""
        self.leaving.asked()
        self._stopping.set()

    async def _until_told(self) -> None:
        await self._stopping.wait()

    async def _leave(self) -> None:
        self.leaving.begun.set()
        for app in self._apps:
            with suppress(Exception):
                await app.stop()
        await self.desk.stop()
        await self.publisher.stop()

    # ------------------------------------------------------------------ intake

    async def _take_in(self, topic: str, partition: int, message: Message) -> bool:
        """Accept or reject one message; nothing but the end of the worker stops it."""
        while not self._stopping.is_set():
            try:
                await self._accept(topic, partition, message)
            except Exception as error:  # noqa: BLE001 - out of the agent it would be lost
                _log.exception("intake failed; trying again", topic=topic, error=repr(error))
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return True
        return False

    async def _accept(self, topic: str, partition: int, message: Message) -> None:
        read = self._doors.read(message.value)
        self.figures.took_in(read)
        if isinstance(read, Rejection):
            await self.publisher.reject(RejectedMessage.of(topic, partition, message, read))
        else:
            await self.publisher.append(read)

    # ------------------------------------------------------------------ monitor

    async def _app(self, role: str, topics: list[str], take: Take) -> Any:
        def refused(why: str) -> None:
            self.refused[role] = why
            _log.warning("the group does not take this worker; trying again", role=role, error=why)

        partitions = await self.publisher.partitions(topics)
        app = make_app(self.settings, role, partitions, take, refused)

        async def assigned(_app: Any, /, *given: Any, **_: Any) -> None:
            self.joined.add(role)
            self.refused.pop(role, None)
            if role == "monitor":
                held = [each.partition for each in given[0]]
                self.desk.assign(held, app.consumer_generation_id)

        app.on_partitions_assigned.connect(assigned, weak=False)
        return app

    async def _fold(self, _topic: str, partition: int, message: Message) -> bool:
        while not self._stopping.is_set():
            try:
                await self.desk.take(partition, message)
            except Exception as error:  # noqa: BLE001 - out of the agent it would be lost
                _log.exception("folding failed; trying again", error=repr(error))
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return True
        return False

    # ------------------------------------------------------------------ time

    async def _turn(self) -> None:
        while True:
            self.turned = monotonic()
            await asyncio.sleep(_TICK_SECONDS)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            try:
                await self.desk.look()
                await self.desk.tail()
                await self.desk.add_own()
                await self.canaries.look([*self.desk.held])
            except Exception as error:  # noqa: BLE001 - it is told, and looked again
                self.trouble = f"looking around failed: {error!r}"
                _log.exception("looking around failed", error=repr(error))
            else:
                self.trouble, self.looked = "", monotonic()

    def _watch(self) -> None:
        gauge = partial(watch, self.figures.engine.registry)
        gauge(
            "signals_oldest_unevaluated_seconds",
            "Seconds for which some record has not been folded.",
            self.desk.oldest,
        )
        gauge(
            "signals_wake_overdue_seconds",
            "Seconds since a wake that has not come.",
            lambda: 0.0 if self.trusted else self.desk.overdue(datetime.now(UTC)),
        )
        gauge(
            "signals_folding_failed",
            "1 if a partition cannot be loaded: its alerts are not up to date.",
            lambda: float(self.desk.failed()),
        )
