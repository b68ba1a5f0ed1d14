"""The Faust applications of a worker: one for the intake, one for the monitor.

What was measured of Faust 0.15 and is heeded here: no tables, they lose events; an exception in an
agent acknowledges the event, so none leaves the loop; an event acknowledged before an older one
commits past it, so several are worked on at a time and acknowledged strictly in their order.  Each
role is a group of its own, so that it can run alone.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from itertools import pairwise
from typing import Any, cast

import faust
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError
from faust.auth import SASLCredentials, SSLCredentials
from faust.transport.drivers import aiokafka as driver

from signals.runtime.kafka.assignor import assignor_of
from signals.runtime.kafka.reader import Message
from signals.runtime.kafka.settings import KafkaSettings

Take = Callable[[str, int, Message], Awaitable[bool]]
"""Does all that a message asks for; False if it was not done and must not be acknowledged."""

Tell = Callable[[str], None]
"""Hears why the group does not take the worker, or takes it no more."""

_AT_A_TIME = 500
_BATCH_BYTES = 262_144
_COMMIT_SECONDS = 1.0
_LOOK_SECONDS = 1.0


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    """What Faust has no setting for.

    It does not read what a source's transaction took back.  And it asks what the membership of the
    group has to tell: the client waits with an error (no right on the group, say) until somebody
    asks for it, and only then tries again, which Faust never does.
    """

    async def on_start(self) -> None:
        await super().on_start()
        coordinator = self._ensure_consumer()._coordinator  # noqa: SLF001 - no public way
        self.add_future(self._ask_for_errors(coordinator))

    async def _ask_for_errors(self, coordinator: Any) -> None:
        while not self.should_stop:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                coordinator.check_errors()
            except KafkaError as error:
                cast("_App", self.app).tell(repr(error))
                if coordinator._coordination_task.done() or _put_out(coordinator, error):  # noqa: SLF001
                    await self.crash(error)
                    return
                coordinator.request_rejoin()

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - no public way
        return consumer


def _put_out(coordinator: Any, error: KafkaError) -> bool:
    """Whether it lost its right while it was in the group: Faust breaks on that in many places."""
    return isinstance(error, GroupAuthorizationFailedError) and coordinator.generation > 0


class _Consumer(driver.Consumer):
    def _new_consumer_thread(self) -> Any:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _getmany(self, active_partitions: Any, timeout: float) -> Any:
        """Note offsets without a record right behind the first of a partition.

        Faust notes them everywhere else.  It commits only what hangs together, so that it would
        never again commit anything of this partition.
        """
        found = await super()._getmany(active_partitions, timeout)
        for place, records in found.items():
            offsets = [self._read_offset[place], *(each.offset for each in records[:2])]
            for before, after in pairwise(offsets):
                if before == 0 and after > 1:
                    await self._add_gap(place, 1, after)
        return found


class _Transport(driver.Transport):
    Consumer = _Consumer


class _App(faust.App):
    tell: Tell


def make_app(
    settings: KafkaSettings, role: str, topics: Mapping[str, int], take: Take, tell: Tell
) -> faust.App:
    """An application with one agent, which hands message after message to ``take``.

    ``topics``: what it reads, and how many partitions each has.
    """
    app = _App(
        settings.group_of(role),
        broker=";".join(f"kafka://{server}" for server in settings.servers),
        broker_credentials=_credentials(settings),
        broker_session_timeout=settings.session_seconds,
        broker_heartbeat_interval=settings.session_seconds / 4,
        broker_request_timeout=max(30.0, settings.session_seconds + 1),
        broker_commit_interval=_COMMIT_SECONDS,
        consumer_auto_offset_reset="earliest",
        producer_max_batch_size=_BATCH_BYTES,
        PartitionAssignor=assignor_of(topics),
        topic_disable_leader=True,
        topic_allow_declare=False,
        store="memory://",
        datadir=tempfile.gettempdir(),
        web_enabled=False,
        autodiscover=False,
    )
    app.tell = tell
    app.transport = _Transport(app.conf.broker_consumer, app)
    source = app.topic(
        *topics,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
    )

    async def each(stream: Any) -> None:
        begun: asyncio.Queue[tuple[Any, asyncio.Task[bool]]] = asyncio.Queue(_AT_A_TIME)
        acknowledging = asyncio.create_task(_acknowledge(begun))
        try:
            async for event in stream.noack().events():
                await begun.put((event, asyncio.create_task(_taken(event.message, take))))
        finally:
            acknowledging.cancel()

    app.agent(source, name=role, concurrency=1)(each)
    return app


async def _taken(message: Any, take: Take) -> bool:
    headers = message.headers or ()
    what = Message(message.offset, message.key, message.value or b"", 0, headers)
    return await take(message.topic, message.partition, what)


async def _acknowledge(begun: asyncio.Queue[tuple[Any, asyncio.Task[bool]]]) -> None:
    """Acknowledge what is done, in the order in which it came; after a failure nothing more."""
    while True:
        event, task = await begun.get()
        if not await task:
            return
        event.ack()


def _credentials(settings: KafkaSettings) -> Any:
    context = settings.ssl_context()
    if settings.uses_sasl:
        return SASLCredentials(
            username=settings.sasl_username,
            password=settings.password(),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return SSLCredentials(context) if context is not None else None
