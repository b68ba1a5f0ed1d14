"""What the doctor finds on a machine, in a folder and in a pack."""

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, count, repeat
from pathlib import Path

import pytest

from signals.rulebook.pack import Pack
from signals.runtime.checkup import folder, machine, rules
from signals.runtime.embedded.service import Service
from signals.runtime.schema import FILE_NAME
from tests.runtime.posts import ZONE

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("version", "fits"),
    [((3, 10, 14), False), ((3, 11, 0), True), ((3, 12, 9), True), ((3, 13, 0), False)],
)
def test_python(version: tuple[int, ...], fits: bool) -> None:
    found = machine.python(version)
    assert found.fine is fits
    assert found.mend == ("" if fits else "run Signals with Python 3.11 or 3.12")


@pytest.mark.parametrize(
    ("required", "has", "told"),
    [
        ("rich>=13.7", "13.7.0", []),
        ("rich>=13.7", "14", []),
        ("rich>=13.7", "13.6.9", ["rich is 13.6.9, wanted is >=13.7"]),
        ("durable-rules==2.0.28", "2.0.28", []),
        ("durable-rules==2.0.28", "2.0.29", ["durable-rules is 2.0.29, wanted is ==2.0.28"]),
        ("orjson", "3.10", []),
        ("orjson>=3.10", None, ["orjson is missing"]),
    ],
)
def test_requirements(required: str, has: str | None, told: list[str]) -> None:
    assert list(machine.unmet([required], lambda _: has)) == told


def test_what_is_installed_here_fits() -> None:
    assert machine.packages().fine, machine.packages().says


def test_time_zones() -> None:
    assert machine.time_zones(["UTC", "Asia/Shanghai"]).fine
    found = machine.time_zones(["UTC", "Asia/Shangri-La"])
    assert (found.fine, found.says) == (False, "no data of Asia/Shangri-La")
    assert "tzdata" in found.mend


def ticking(*jumps: float) -> Iterator[datetime]:
    """A clock that stands still, but for its jumps in seconds, one a look."""
    now = NOW
    for jump in chain(jumps, repeat(0.0)):
        now += timedelta(seconds=jump)
        yield now


@pytest.mark.parametrize("jumps", [(0, 0, 0, -1.0), (0, 0, 0, -0.001), (0, 0, 0.6)])
def test_a_clock_that_jumps(tmp_path: Path, jumps: tuple[float, ...]) -> None:
    wall, ticks = ticking(*jumps), count(0.0, 0.0)
    found = machine.clock(tmp_path, lambda: next(wall), lambda: next(ticks))
    assert not found.fine
    assert found.says.startswith("it does not run evenly: it jumped by ")


@pytest.mark.parametrize("year", [1970, 2024, 2100])
def test_a_clock_that_was_never_set(tmp_path: Path, year: int) -> None:
    found = machine.clock(tmp_path, lambda: datetime(year, 6, 1, tzinfo=UTC))
    assert (found.fine, found.says) == (False, f"it says {year}-06-01 00:00:00+00:00")


def test_a_clock_that_files_do_not_share(tmp_path: Path) -> None:
    behind = timedelta(seconds=30)
    found = machine.clock(tmp_path, lambda: datetime.now(UTC) - behind)
    assert not found.fine
    assert "are dated +30.0 s from it" in found.says
    assert machine.clock(tmp_path).fine


def test_room(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert machine.room(tmp_path, free // 2).fine
    full = machine.room(tmp_path, free * 2)
    assert not full.fine
    assert "make room" in full.mend


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        found = machine.port(number, running=False)
        assert (found.fine, found.says) == (False, f"{number} is taken by another program")
        assert machine.port(number, running=True).fine
    assert machine.port(number, running=False).fine


# ---------------------------------------------------------------------- the folder


def test_a_folder_is_claimed_while_its_service_runs(tmp_path: Path, pack: Pack) -> None:
    assert not folder.running(tmp_path)
    service = Service(tmp_path, pack, "journal")
    assert folder.running(tmp_path)
    service.stop()
    assert not folder.running(tmp_path)


def changed(data: Path, kept: bytes, *statements: str) -> list[tuple[str, bool, str]]:
    (data / FILE_NAME).write_bytes(kept)
    with sqlite3.connect(data / FILE_NAME) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, sql in guards.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
            statements = (*statements, sql)
        for statement in statements:
            connection.execute(statement)
    return [(f.name, f.fine, f.says) for f in folder.examine(data, ZONE, lambda _, rows: rows)]


def test_a_whole_folder_is_fine(tmp_path: Path, kept: bytes) -> None:
    assert changed(tmp_path, kept) == [
        ("file", True, "it is whole, and its journal can only grow"),
        ("journal", True, "3 records, without holes, each as its hash says"),
        ("book", True, "folded to position 3"),
    ]


@pytest.mark.parametrize(
    ("statement", "name", "told"),
    [
        (
            "DELETE FROM journal WHERE position = 2",
            "journal",
            "position 2: the records up to 2 are gone",
        ),
        (
            "UPDATE journal SET event = CAST(replace(event, 'Lung', 'Skin') AS BLOB) WHERE position = 3",
            "journal",
            "position 3: its content is not what its hash says",
        ),
        (
            "UPDATE journal SET subject_id = '001-005' WHERE position = 2",
            "journal",
            "position 2: subject_id is not as in its line",
        ),
        (
            "UPDATE journal SET event = x'7b' WHERE position = 2",
            "journal",
            "position 2: it cannot be read: ",
        ),
        (
            "UPDATE journal SET ingested_at = '2026-03-01T00:00:00+08:00' WHERE position = 3",
            "journal",
            "position 3: ingested_at is not as in its line",
        ),
        ("UPDATE folded SET position = 4", "book", "it is folded to position 4, and the journal"),
    ],
)
def test_what_somebody_changed_is_found(
    tmp_path: Path, kept: bytes, statement: str, name: str, told: str
) -> None:
    (bad,) = [each for each in changed(tmp_path, kept, statement) if not each[1]]
    assert bad[0] == name
    assert bad[2].startswith(told)


def test_a_journal_without_its_guard(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(kept)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DROP TRIGGER journal_stays")
    found = folder.examine(tmp_path, ZONE, lambda _, rows: rows)[0]
    assert (found.fine, found.says) == (
        False,
        "journal_stays is gone: the journal could be changed",
    )


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("no database at all, but long enough to be looked at" * 99)
    (found,) = folder.examine(tmp_path, ZONE, lambda _, rows: rows)
    assert not found.fine
    assert "its file cannot be read" in found.says


# ---------------------------------------------------------------------- the pack


def test_a_pack_and_its_lock(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "uc-msc"
    page = path / "dlt" / "dlt-02.yaml"
    page.write_text(page.read_text().replace("priority: critical", "priority: high"))
    pack, found = rules.examine(path)
    assert pack is not None
    assert [(each.name, each.fine) for each in found] == [("pack", True), ("lock", False)]
    assert "signals rules lock" in found[1].mend
    page.write_text("rule: [")
    pack, found = rules.examine(path)
    assert pack is None
    assert "signals rules check" in found[0].mend
    assert not rules.examine(tmp_path)[1][0].fine
