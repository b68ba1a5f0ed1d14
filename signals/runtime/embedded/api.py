"""The service over HTTP."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from signals import __version__
from signals.book.alert import State
from signals.rulebook.spec import Priority
from signals.runtime.citations import citations
from signals.runtime.embedded import page
from signals.runtime.embedded.answers import answer
from signals.runtime.embedded.guard import guard
from signals.runtime.embedded.stream import published
from signals.runtime.health import Check
from signals.runtime.instants import read_instant
from signals.runtime.listing import Filter, listed
from signals.runtime.source import Source, UnavailableError
from signals.runtime.split import split
from signals.runtime.words import explained

LARGEST_BODY = 64 * 1024 * 1024
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_FULL, _BAD, _TOO_LARGE = 503, 400, 413
_AllStates = Query(description="A state, repeatable, or 'all'; default: what stands.")


def make_app(source: Source, token: str | None = None) -> FastAPI:
    """The application; the source must be started by the caller."""
    app = FastAPI(title="Signals", version=__version__, docs_url=None, redoc_url=None)
    app.middleware("http")(guard(token))
    app.exception_handler(sqlite3.Error)(_file_error)
    app.exception_handler(UnavailableError)(_unavailable)
    _add_intake(app, source)
    _add_alerts(app, source)
    _add_operations(app, source)
    _add_pages(app, source)
    return app


def _add_intake(app: FastAPI, source: Source) -> None:
    @app.post("/events", status_code=202)
    async def events(request: Request, backfill: str | None = None) -> JSONResponse:
        """Take in one event, an array of events, or NDJSON (EVENTS).

        Each is accepted (202, with its problems), in conflict (409) or rejected and kept (422);
        several of mixed outcome answer 207 with the status of each.
        """
        pieces = split(await _body(request), "POST /events")
        try:
            outcomes = await run_in_threadpool(source.accept, pieces, backfill)
        except ValueError as error:
            raise HTTPException(_BAD, f"backfill: {error}") from None
        status, body = answer(outcomes)
        return JSONResponse(body, status)

    @app.get("/rejected")
    def rejected(everything: bool = False) -> list[dict[str, object]]:
        """Give what was rejected and not yet replayed, with place, reasons and what is allowed."""
        return source.rejected(everything=everything)


def _add_alerts(app: FastAPI, source: Source) -> None:
    @app.get("/alerts")
    def alerts(  # noqa: PLR0917 - its parameters are those of the address
        state: Annotated[Sequence[str] | None, _AllStates] = None,
        rule: str | None = None,
        subject: str | None = None,
        site: str | None = None,
        priority: str | None = None,
        topic: str | None = None,
        as_of: str | None = None,
    ) -> list[dict[str, Any]]:
        """Give the alerts, the soonest legal due date first, then by priority."""
        _check_word("priority", priority, [one.value for one in Priority])
        shown = Filter(_states(state), rule, subject, site, priority, topic)
        return [dict(alert) for alert in listed(_book(source, as_of), shown)]

    @app.get("/alerts/stream")
    def stream(
        last_event_id: Annotated[str | None, Header()] = None, after: int | None = None
    ) -> StreamingResponse:
        """Stream what is published from now on, or after `Last-Event-ID` (or `?after=`, 0: all)."""
        seq = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
        with source.book() as book:
            at = book.last() if seq is None else seq
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(published(source, at), 200, headers, "text/event-stream")

    @app.get("/alerts/{alert_id:path}")
    def alert(alert_id: str) -> dict[str, Any]:
        """Give one alert: as it is, in words, all revisions with differences, and decisions."""
        return _one(source, alert_id)


def _add_operations(app: FastAPI, source: Source) -> None:
    @app.get("/metrics")
    def metrics() -> Response:
        """Give the figures for Prometheus."""
        return Response(source.figures(), media_type=_PROMETHEUS)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        """Say whether the process works, and why not."""
        return _checked(source.alive())

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """Say whether the alerts are up to date, and why not."""
        return _checked(source.ready())


def _add_pages(app: FastAPI, source: Source) -> None:
    @app.get("/", include_in_schema=False)
    def inbox() -> HTMLResponse:
        standing = listed(_book(source, None), Filter())
        return page.html(page.inbox(source.study, standing, source.now()))

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if (found := page.static(name)) is None:
            raise HTTPException(404, f"There is no file '{name}'.")
        return found

    @app.get("/alert/{alert_id:path}", include_in_schema=False)
    def one(alert_id: str) -> HTMLResponse:
        return page.html(page.alert(source.study, _one(source, alert_id), source.now()))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            megabytes = LARGEST_BODY // 1024**2
            raise HTTPException(
                _TOO_LARGE, f"The body is larger than {megabytes} MiB: send it in parts."
            )
    return bytes(body)


def _states(asked: Sequence[str] | None) -> frozenset[str] | None:
    if asked is None:
        return Filter().state
    for word in asked:
        _check_word("state", word, [*(one.value for one in State), "all"])
    return None if "all" in asked else frozenset(asked)


def _check_word(name: str, word: str | None, words: list[str]) -> None:
    if word is not None and word not in words:
        raise HTTPException(_BAD, f"{name}: '{word}' is none of {', '.join(words)}")


def _book(source: Source, as_of: str | None) -> list[dict[str, Any]]:
    when = None if as_of is None else _instant(source, as_of)
    with source.book() as book:
        return book.current() if when is None else book.as_of(when)


def _instant(source: Source, text: str) -> datetime:
    try:
        return read_instant(text, source.study.zone)
    except ValueError as error:
        raise HTTPException(_BAD, f"as_of: {error}") from None


def _one(source: Source, alert_id: str) -> dict[str, Any]:
    with source.book() as book:
        revisions = book.revisions(alert_id)
    if not revisions:
        raise HTTPException(
            404, f"There is no alert '{alert_id}'; GET /alerts?state=all lists all."
        )
    return {
        **explained(revisions, citations(source.study)),
        "decisions": source.decisions(alert_id),
    }


def _checked(checks: list[Check]) -> JSONResponse:
    fine = all(check.fine for check in checks)
    body = {"fine": fine, "checks": [check._asdict() for check in checks]}
    return JSONResponse(body, 200 if fine else _FULL)


def _unavailable(_request: Request, error: Exception) -> Response:
    return Response(json.dumps({"message": str(error)}), _FULL, media_type="application/json")


def _file_error(_request: Request, error: Exception) -> Response:
    told = f"The file cannot be used, nothing was taken in: {error}. Send it again later."
    return Response(json.dumps({"message": told}), _FULL, media_type="application/json")
