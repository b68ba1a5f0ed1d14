"""``signals demo``: a few subjects' two weeks, played into a running service."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from socket import socket
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from signals.cli.common import CannotRunError, PackOption, pack_of

if TYPE_CHECKING:
    from signals.events import Record
    from signals.runtime.embedded.service import Service

EVENTS = Path(__file__).with_name("demo_events.ndjson")

_LOOK = """
Open {url}, choose an alert with Tab or j and k, Enter shows its reasons and its history.

  001-004  a rash within the dose-limiting window: an alert the moment it is entered
  002-001  a life-threatening pneumonitis: the 7-day clock runs, warns 72, 24 and 4 hours before
           it is due, and stops when the authority has acknowledged the report
  003-001  a causality corrected by the site: the alert waits for a signature, then is withdrawn;
           and a fever with an impossible date, which is not lost
  001-005  an infusion entered five days late: it moves the window, and an older event becomes
           dose-limiting (marked late)

Also: {url}alerts  {url}alerts/stream  {url}metrics  {url}readyz
"""
_STEP = timedelta(hours=2)
_LAST = timedelta(hours=12)
_PATIENCE_SECONDS = 30.0


def demo(
    pack: PackOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="If it is taken, another is.")] = 8080,
    speed: Annotated[
        float, typer.Option(min=1, help="Hours of the trial that pass in a second.")
    ] = 12,
    leave: Annotated[
        bool, typer.Option("--exit", help="End after the play instead of serving on.")
    ] = False,
) -> None:
    """Play two weeks of a small trial into a running service, and show its alerts live.

    Nothing is kept: the service works in a temporary folder, under the clock of the events.

    Example: signals demo --speed 24
    """
    from signals.runtime.embedded.server import url_of
    from signals.runtime.embedded.service import Service

    signal(SIGTERM, default_int_handler)  # so that the folder goes away however it is ended
    with TemporaryDirectory(prefix="signals-demo-") as folder:
        service = Service(Path(folder), pack_of(pack), "journal")
        try:
            with _listening(port) as listening, _serving(service, listening):
                url = url_of(listening)
                _say(_LOOK.format(url=url))
                with suppress(KeyboardInterrupt):
                    _play(service, url, speed)
                    _serve_on(url, leave)
        finally:
            service.stop()


@contextmanager
def _listening(port: int) -> Iterator[socket]:
    from signals.runtime.embedded.server import PortTakenError, listen

    try:
        listening = listen("127.0.0.1", port)
    except PortTakenError:
        listening = listen("127.0.0.1", 0)
        _say(f"Port {port} is taken, so port {listening.getsockname()[1]} is used.\n")
    with listening:
        yield listening


@contextmanager
def _serving(service: Service, listening: socket) -> Iterator[None]:
    from signals.runtime.embedded.server import make_server

    server = make_server(service, None)
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    service.start()
    thread.start()
    while not server.started and thread.is_alive():
        sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _play(service: Service, url: str, speed: float) -> None:
    """Post each event when its time has come; in between, the hours as they pass."""
    told = 0
    now: datetime | None = None
    for moment, line in _timeline(service):
        if now is not None:
            sleep((moment - now).total_seconds() / 3600 / speed)
        now = moment
        _post(url, line)
        told = _tell(service, told)


def _timeline(service: Service) -> Iterator[tuple[datetime, bytes]]:
    from signals.events import journal_json
    from signals.runtime import own_events
    from signals.runtime.replay import lines, read_journal

    study = service.study
    records = read_journal([lines(str(EVENTS))], service.door).records
    moments = [_arrival(record) for record in records]
    for record, moment, after in zip(
        records, moments, [*moments[1:], moments[-1] + _LAST], strict=True
    ):
        yield moment, journal_json(record)
        passing = moment + _STEP
        while passing < after:
            yield passing, journal_json(own_events.clock(study.study_id, passing, study.zone))
            passing += _STEP


def _arrival(record: Record) -> datetime:
    if record.ingested_at is None:
        raise TypeError("a record of a journal has its arrival")
    return record.ingested_at


def _post(url: str, line: bytes) -> None:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("POST", "/events", line)
        answer = connection.getresponse()
        if answer.status >= 400:  # noqa: PLR2004 - the errors of HTTP
            raise CannotRunError(f"{url}events: {answer.status} {answer.read().decode()}")
    finally:
        connection.close()


def _tell(service: Service, told: int) -> int:
    """Print what was published since, once the event is folded."""
    from signals.runtime.book_file import BookFile
    from signals.runtime.words import moment, state

    _wait_until_folded(service)
    with service.store.reader() as reader:
        news = BookFile(reader).after(told)
    for one in news:
        alert = one.alert
        line = f"{moment(alert['changed_at'])}  {state(alert):<18}  {alert['priority']:<8}"
        _say(f"{line}  {alert['rule']}  {alert['headline']}\n")
    return news[-1].seq if news else told


def _wait_until_folded(service: Service) -> None:
    give_up = monotonic() + _PATIENCE_SECONDS
    while (condition := service.condition()).behind:
        if condition.failure or monotonic() > give_up:
            raise CannotRunError(condition.failure or "the service does not fold what it took in")
        sleep(0.005)


def _serve_on(url: str, leave: bool) -> None:
    if leave:
        return
    _say(f"\nThe play is over. {url} goes on until Ctrl-C.\n")
    while True:
        sleep(1)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
