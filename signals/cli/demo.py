"""``signals demo``: the short simulated trial, played into a running service."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
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
    from signals.runtime.embedded.service import Service
    from signals.simulate import Trial
    from signals.simulate.truth import Finding

_LOOK = """
The short simulated trial: {subjects} subjects in four months, {hours:.0f} hours a second. The first
alerts come on its tenth day. Among what its script plants:

{planted}

Open {url}, choose an alert with Tab or j and k, Enter shows its reasons and its history.
Also: {url}alerts  {url}alerts/stream  {url}metrics  {url}readyz

"""
_SHOWN = ("IRR-01", "DLT-01", "SAE-03", "SAE-05", "SAE-09", "NEO-01", "SAE-12")
_STEP = timedelta(hours=6)
_PATIENCE_SECONDS = 30.0


def demo(
    pack: PackOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="If it is taken, another is.")] = 8080,
    speed: Annotated[
        float, typer.Option(min=1, help="Hours of the trial that pass in a second.")
    ] = 36,
    seed: Annotated[int, typer.Option("--seed", help="Of the simulated trial.")] = 1,
    leave: Annotated[
        bool, typer.Option("--exit", help="End after the play instead of serving on.")
    ] = False,
) -> None:
    """Play the short simulated trial into a running service, and show its alerts live.

    Nothing is kept: the service works in a temporary folder, under the clock of the events.

    Example: signals demo --speed 100
    """
    from signals.runtime.embedded.server import url_of
    from signals.runtime.embedded.service import Service
    from signals.simulate import simulate

    trial = simulate(seed, short=True)
    signal(SIGTERM, default_int_handler)  # so that the folder goes away however it is ended
    with TemporaryDirectory(prefix="signals-demo-") as folder:
        service = Service(Path(folder), pack_of(pack), "journal")
        try:
            with _listening(port) as listening, _serving(service, listening):
                url = url_of(listening)
                _say(_look(trial, url, speed))
                with suppress(KeyboardInterrupt):
                    _play(service, trial, url, speed)
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


def _look(trial: Trial, url: str, speed: float) -> str:
    planted = [each for each in trial.truth.findings() if each.kind == "planted"]
    first = {each.rule: each for each in reversed(planted)}
    shown = sorted((first[rule] for rule in _SHOWN if rule in first), key=lambda each: each.since)
    lines = [_finding(each) for each in shown]
    subjects = len(trial.scripts)
    return _LOOK.format(subjects=subjects, hours=speed, planted="\n".join(lines), url=url)


def _finding(planted: Finding) -> str:
    about = " ".join(filter(None, planted.about.values()))
    return f"  {planted.since:%Y-%m-%d}  {planted.rule:<6}  {about}: {planted.why}"


def _play(service: Service, trial: Trial, url: str, speed: float) -> None:
    """Post what comes in each quarter of a day when it is over."""
    told = 0
    for body in _bodies(service, trial):
        sleep(_STEP.total_seconds() / 3600 / speed)
        _post(url, body)
        told = _tell(service, told)


def _bodies(service: Service, trial: Trial) -> Iterator[bytes]:
    """What comes in each step of time, and at its end the clock."""
    from signals.events import journal_json
    from signals.runtime import own_events
    from signals.runtime.intake import Piece
    from signals.runtime.replay import read_journal
    from signals.simulate.tape import line

    study = service.study
    sent = (Piece(line(event).encode(), "demo") for _, event in trial.tape.arrived())
    records = deque(read_journal([sent], service.door).records)
    moment = records[0].arrival
    while moment < trial.plan.cut:
        moment += _STEP
        come: list[bytes] = []
        while records and records[0].arrival <= moment:
            come.append(journal_json(records.popleft()))
        clock = own_events.clock(study.study_id, moment, study.zone)
        yield b"\n".join([*come, journal_json(clock)])


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
