"""Alerts as they are published, as server-sent events; a listener that was away resumes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from signals.runtime.book_file import BookFile, Published
from signals.runtime.embedded.service import Service

_SILENCE_SECONDS = 15.0
_ALIVE = b": alive\n\n"


async def published(service: Service, seq: int | None) -> AsyncIterator[bytes]:
    """Everything published after ``seq`` (None: from now on), for ever.

    The id of each event is its place in the order of publication, so that a browser's
    ``Last-Event-ID`` tells where to go on.  A comment in between shows that the line is alive.
    """
    news = asyncio.Event()
    loop = asyncio.get_running_loop()
    unlisten = service.listen(lambda: _ring(loop, news))
    try:
        at = await asyncio.to_thread(_last, service) if seq is None else seq
        yield _ALIVE
        while not service.stopping:
            news.clear()
            for one in await asyncio.to_thread(_after, service, at):
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


def _after(service: Service, seq: int) -> list[Published]:
    with service.store.reader() as reader:
        return BookFile(reader).after(seq)


def _last(service: Service) -> int:
    with service.store.reader() as reader:
        return BookFile(reader).last()


def _event(one: Published) -> bytes:
    data = json.dumps(one.alert, ensure_ascii=False)
    return f"id: {one.seq}\nevent: alert\ndata: {data}\n\n".encode()
