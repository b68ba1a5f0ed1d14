"""What Signals needs of the machine: Python, packages, time zones, a clock, room, a port."""

from __future__ import annotations

import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module, metadata
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from signals.runtime.checkup.finding import Finding, bad, fine

FIRST_PYTHON, BEFORE_PYTHON = (3, 11), (3, 13)
LEAST_FREE_BYTES = 1_000_000_000
"""Less room than this is told: a full disk stops the journal."""

_DISTRIBUTION = "trial-signals"
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:(==|>=)\s*([0-9.]+))?")
_COMPILED = ("durable.lang", "orjson", "pydantic")
"""Packages with a compiled part, which can be installed and yet not load."""

_NOT_BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
_NOT_AFTER = datetime(2100, 1, 1, tzinfo=UTC)
_LOOKS, _BETWEEN_SECONDS = 20, 0.005
_STEADY = timedelta(seconds=0.5)
_FILE_TOLERANCE = timedelta(seconds=2)


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """A version that the matcher runs on."""
    name, told = "python", ".".join(map(str, version))
    if FIRST_PYTHON <= version[:2] < BEFORE_PYTHON:
        return fine(name, told)
    return bad(name, f"{told} does not fit", "run Signals with Python 3.11 or 3.12")


def packages() -> Finding:
    """All that Signals requires is installed in a version that fits, and loads."""
    name = "packages"
    try:
        required = [
            each for each in metadata.requires(_DISTRIBUTION) or () if "extra ==" not in each
        ]
    except metadata.PackageNotFoundError:
        return bad(name, f"{_DISTRIBUTION} is not installed", f"install {_DISTRIBUTION}")
    wrong = [*unmet(required, _installed), *_not_loading(_COMPILED)]
    if wrong:
        return bad(
            name, "; ".join(wrong), f"install {_DISTRIBUTION} again, into a fresh environment"
        )
    return fine(name, f"{len(required)} packages are there and fit")


def unmet(required: Iterable[str], installed: Callable[[str], str | None]) -> Iterator[str]:
    """The requirements that no installed version meets, in words."""
    for text in required:
        match = _REQUIREMENT.match(text)
        if match is None:
            continue
        name, operator, wanted = match.groups()
        has = installed(name)
        if has is None:
            yield f"{name} is missing"
        elif wanted and not _fits(_numbers(has), operator, _numbers(wanted)):
            yield f"{name} is {has}, wanted is {operator}{wanted}"


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _fits(has: tuple[int, ...], operator: str, wanted: tuple[int, ...]) -> bool:
    return has[: len(wanted)] == wanted if operator == "==" else has >= wanted


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _not_loading(modules: Iterable[str]) -> Iterator[str]:
    for module in modules:
        try:
            import_module(module)
        except ImportError as error:
            yield f"{module} does not load: {error}"


def time_zones(names: Iterable[str]) -> Finding:
    """The zones of the study and its authorities can be read."""
    missing = sorted(name for name in set(names) if not _is_zone(name))
    if missing:
        told = f"no data of {', '.join(missing)}"
        return bad("time zones", told, "install the package tzdata, or the system's time zone data")
    return fine("time zones", ", ".join(sorted(set(names))))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def clock(
    folder: Path,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ticks: Callable[[], float] = monotonic,
) -> Finding:
    """The clock tells a likely time, runs forward evenly, and agrees with the time of files.

    ``wall`` and ``ticks`` are read some twenty times within a tenth of a second.
    """
    name, mend = "clock", "set the clock, and keep it by a time service (NTP, chrony)"
    now = wall()
    if not _NOT_BEFORE <= now < _NOT_AFTER:
        return bad(name, f"it says {_text(now)}", mend)
    if jump := _jump(wall, ticks):
        return bad(name, f"it does not run evenly: it jumped by {jump.total_seconds():.1f} s", mend)
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            written = datetime.fromtimestamp(Path(probe.name).stat().st_mtime, UTC)
    except OSError as error:
        return bad(
            name, f"{folder} cannot be written: {error.strerror}", "give the account the right"
        )
    off = written - wall()
    if abs(off) > _FILE_TOLERANCE:
        told = f"files in {folder} are dated {off.total_seconds():+.1f} s from it"
        return bad(name, told, "let the disk's server and this machine keep the same time")
    return fine(name, f"{_text(now)}, even, and as files are dated")


def _jump(wall: Callable[[], datetime], ticks: Callable[[], float]) -> timedelta | None:
    """By how much the wall's clock left the even one, if it did."""
    last, last_tick = wall(), ticks()
    for _ in range(_LOOKS):
        sleep(_BETWEEN_SECONDS)
        now, tick = wall(), ticks()
        jump = (now - last) - timedelta(seconds=tick - last_tick)
        if now < last or abs(jump) > _STEADY:
            return jump
        last, last_tick = now, tick
    return None


def room(folder: Path, least: int = LEAST_FREE_BYTES) -> Finding:
    """Room on the disk of a folder."""
    name = "disk space"
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free at {folder}"
    if free >= least:
        return fine(name, told)
    return bad(
        name, told, f"make room: at least {least / 1e9:.1f} GB; a full disk stops the journal"
    )


def port(number: int, *, running: bool) -> Finding:
    """The port is free, or a service of the folder runs and may have it."""
    name = "port"
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            if running:
                return fine(name, f"{number} is taken, and a service runs on the folder")
            return bad(
                name, f"{number} is taken by another program", "give 'signals run' another --port"
            )
    return fine(name, f"{number} is free")


def _text(when: datetime) -> str:
    return when.isoformat(" ", "seconds")
