"""Stories tried on wrong versions: what none of them tells is found, with the story to write."""

import shutil
from pathlib import Path

import pytest

from signals.runtime.wrong_versions import Bench, Found, Task, try_all

PAGE = "infusion/irr-07"


def only_the_first_story(pack: Path) -> Path:
    file = pack / f"{PAGE}.test.yaml"
    head, first, *_ = file.read_text().split("  - name: ")
    file.write_text(f"{head}  - name: {first}")
    return file


@pytest.fixture
def pack(tmp_path: Path, root: Path) -> Path:
    shutil.copytree(root / "rules", tmp_path / "rules")
    return tmp_path / "rules" / "uc-msc"


def tried(path: Path, processes: int = 1) -> Found:
    return try_all(path, processes, lambda _, things: things)


def write(pack: Path, *lines: str) -> Path:
    """The stories of IRR-07 with these lines at the end."""
    file = pack / f"{PAGE}.test.yaml"
    file.write_text(file.read_text() + "".join(f"{line}\n" for line in lines))
    return file


def test_the_shipped_stories_of_a_rule_tell_every_wrong_version(pack: Path) -> None:
    found = tried(pack / f"{PAGE}.yaml")
    assert found.fine
    # By the page: yes and no turned, the list of two words turned or one of them left out, ">= 24 h"
    # in three ways; "or" for "and", and each of the four criteria dropped.
    assert found.tried == 2 + 3 + 3 + 1 + 4
    assert (found.untold, found.misplaced, found.equivalent) == ((), (), 0)


def test_a_story_that_is_missing_is_described(pack: Path) -> None:
    found = tried(only_the_first_story(pack))
    assert not found.fine
    named = {one.name: one for one in found.untold}
    dropped = named["fires_when: 'broken off' dropped"]
    assert dropped.story == "all else holds and 'broken off' does not"
    page = pack / f"{PAGE}.yaml"
    line = 1 + page.read_text().splitlines().index("fires_when: all")
    assert (dropped.place.path, dropped.place.line) == (page.as_posix(), line)


@pytest.mark.ci
def test_the_processes_find_the_same_as_one(pack: Path) -> None:
    only_the_first_story(pack)
    assert tried(pack / "infusion", processes=2) == tried(pack / "infusion")


def test_what_means_the_same_is_listed_with_its_reason(pack: Path) -> None:
    missing = tried(only_the_first_story(pack)).untold
    lines = [f'  - {{wrong version: "{one.name}", why: a reason}}' for one in missing]
    found = tried(write(pack, "equivalent:", *lines))
    assert found.fine
    assert found.equivalent == len(missing) > 0


def test_an_entry_that_is_no_equivalent_is_told(pack: Path) -> None:
    file = write(
        pack,
        "equivalent:",
        "  - wrong version: \"fires_when: 'no event entered' dropped\"",
        "    why: a mistake",
        "  - wrong version: \"fires_when: 'no event enterd' dropped\"",
        "    why: a slip of the pen",
    )
    found = tried(file)
    assert not found.fine
    told, slip = found.misplaced
    assert "is not equivalent: the story '" in told.why
    assert slip.why == (
        "there is no wrong version 'fires_when: 'no event enterd' dropped';"
        " did you mean 'fires_when: 'no event entered' dropped'?"
    )
    assert slip.place.path == file.as_posix()


def test_the_windows_of_the_study_belong_to_the_whole_pack(pack: Path) -> None:
    assert Bench(pack / f"{PAGE}.yaml").windows() == {}
    for file in pack.rglob("*.test.yaml"):
        if file.name != "dlt-01.test.yaml":
            file.unlink()
    bench = Bench(pack)
    longer = bench.windows()["dlt: cap_days 12 becomes 13"]
    assert longer.study.dlt.cap_days == 13
    line = (pack / "study.yaml").read_text().splitlines()[longer.place.line - 1]
    assert line.startswith("  cap_days: 12")
    assert bench.told_by(Task("", "dlt: days_after_last 4 becomes 5")) is not None
    assert "dlt: days_after_last" in bench.read_by_stories()
