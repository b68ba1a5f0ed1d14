"""``signals doctor``: what is not right, and how to mend it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from signals.cli.broker import BOOTSTRAP, kafka_settings
from signals.cli.common import CannotRunError, JsonOption, PackOption, counted, end, put

if TYPE_CHECKING:
    from signals.rulebook.pack import Pack
    from signals.runtime.checkup.finding import Finding
    from signals.runtime.checkup.folder import Row


def doctor(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of a service; it may run meanwhile.")
    ] = None,
    pack: PackOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of 'signals run'.")] = 8080,
    as_json: JsonOption = False,
) -> None:
    """Look at Python, packages, time zones, clock, disk, journal, port, rule pack and brokers.

    The brokers are looked at if SIGNALS_KAFKA_BOOTSTRAP names them (docs/ops/kafka.md). Each thing that is not right is told with how to mend it. Exit 0: all is fine; 1: something is
    to be mended.

    Example: signals doctor --data /var/lib/signals --pack rules/uc-msc
    """
    fine = True
    for finding in _findings(data, pack, port):
        fine = fine and finding.fine
        if as_json:
            put(finding._asdict())
        else:
            _tell(finding)
    end(findings=not fine)


def _findings(data: Path | None, pack: Path | None, port: int) -> Iterator[Finding]:
    from signals.resources import folder
    from signals.runtime.checkup import folder as folders
    from signals.runtime.checkup import machine, rules

    yield machine.python()
    yield machine.packages()
    rule_pack, told = rules.examine(pack or folder("rules") / "uc-msc")
    yield from told
    yield machine.time_zones(_zones(rule_pack))
    disk = data if data is not None and data.is_dir() else Path(tempfile.gettempdir())
    yield machine.clock(disk)
    yield machine.room(disk)
    if data is not None:
        zone = rule_pack.study.zone if rule_pack else ZoneInfo("UTC")
        yield from folders.examine(data, zone, _counted)
    yield machine.port(port, running=data is not None and folders.running(data))
    if os.environ.get(BOOTSTRAP):
        yield from _brokers()


def _brokers() -> Iterator[Finding]:
    from signals.runtime.checkup.finding import bad

    try:
        settings = kafka_settings()
    except CannotRunError as error:
        yield bad("brokers' settings", str(error), "set what it names, and ask again")
        return

    from signals.runtime.checkup import brokers

    yield from brokers.examine(settings)


def _zones(pack: Pack | None) -> list[str]:
    if pack is None:
        return ["UTC"]
    authorities = (one.zone.key for one in pack.study.jurisdictions)
    return ["UTC", pack.study.zone.key, *authorities]


def _counted(total: int, things: Iterable[Row]) -> Iterator[Row]:
    return counted(total, things, "journal")


def _tell(finding: Finding) -> None:
    mark = "fine" if finding.fine else "BAD "
    lines = [f"{mark}  {finding.name}: {finding.says}"]
    if finding.mend:
        lines.append(f"      to mend it: {finding.mend}")
    sys.stdout.write("\n".join(lines) + "\n")
