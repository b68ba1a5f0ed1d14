"""Alerts as they are published, as server-sent events; a listener that was away resumes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from signals.runtime.book_file import Published
from signals.runtime.source import Source

_SILENCE_SECONDS = 15.0
_ALIVE = b": alive\n\n"


async def published(source: Source, at: int) -> AsyncIterator[bytes]:
    """Everything published after a place in the order of publication, for ever.

    The id of each event is its place in the order of publication, so that a browser's
    ``Last-Event-ID`` tells where to go on.  A comment in between shows that the line is alive.
    """
    news = asyncio.Event()
    loop = asyncio.get_running_loop()
    unlisten = source.listen(lambda: _ring(loop, news))
    try:
        yield _ALIVE
        while not source.stopping:
            news.clear()
            for one in await asyncio.to_thread(_after, source, at):
                at = one.seq
                yield _event(one)
                news.set()  # there may be more than one reading gave
            if not await _rang(news):
                yield _ALIVE
    finally:
        unlisten()


def _ring(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(news.set)


async def _rang(news: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(news.wait(), _SILENCE_SECONDS)
    except TimeoutError:
        return False
    return True


def _after(source: Source, seq: int) -> list[Published]:
    with source.book() as book:
        return book.after(seq)


def _event(one: Published) -> bytes:
    data = json.dumps(one.alert, ensure_ascii=False)
    return f"id: {one.seq}\nevent: alert\ndata: {data}\n\n".encode()
