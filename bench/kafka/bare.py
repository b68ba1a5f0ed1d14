"""The reference of the stream: two bare Faust agents in a row, which decode, forward and acknowledge.

A process of its own, as a worker is: the first agent stands where the intake stands, the second
where the monitor does.  They write without waiting for the brokers' word, as Faust does by itself.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator
from typing import Any

import faust

from bench.decode import Decode

MIDDLE, OUT = "bare.middle", "bare.out"


def main(bootstrap: str, prefix: str, *sources: str) -> None:
    """Run until told to end; ``prefix``: of the topics and the group."""
    app = faust.App(
        f"{prefix}bare",
        broker=f"kafka://{bootstrap}",
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.5,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        producer_max_batch_size=262_144,
        topic_disable_leader=True,
        topic_allow_declare=False,
        store="memory://",
        datadir=tempfile.gettempdir(),
        web_enabled=False,
        autodiscover=False,
    )
    middle, out = (_topic(app, f"{prefix}{name}") for name in (MIDDLE, OUT))
    decode = Decode()

    async def first(stream: Any) -> AsyncIterator[None]:
        async for event in stream.events():
            kind = event.message.topic.rpartition(".")[2]
            decode(kind, event.value)
            await middle.send(key=kind.encode(), value=event.value, partition=0)
            yield

    async def second(stream: Any) -> AsyncIterator[None]:
        async for event in stream.events():
            decode(event.key.decode(), event.value)
            await out.send(key=event.key, value=event.value, partition=0)
            yield

    app.agent(_topic(app, *sources), name="first", concurrency=1)(first)
    app.agent(middle, name="second", concurrency=1)(second)
    faust.Worker(app, loglevel="WARN").execute_from_commandline()


def _topic(app: faust.App, *names: str) -> Any:
    return app.topic(
        *names,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
