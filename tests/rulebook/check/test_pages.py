"""Every code has a page, and its examples do what the page says."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from signals.rulebook.lock import lock_text
from signals.rulebook.pack import read_pack, updated_lock
from signals.study.problems import Problem
from signals.study.report import report
from tests.rulebook.kinds import DICTIONARY
from tests.rulebook.packs import NAMES, RULE, minimal, overlaid

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs" / "protocol-team" / "errors").glob("SR*.md"))
BLOCK = re.compile(r"```(\w+)(?: ([^\n]+))?\n(.*?)```", re.DOTALL)


class Block(NamedTuple):
    language: str
    what: str
    text: str


def examples(page: Path) -> tuple[list[Block], list[Block]]:
    """The blocks under 'Bad' and under 'Good'."""
    _, bad, good = re.split(r"^## (?:Bad|Good)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return [[Block(*found) for found in BLOCK.findall(part)] for part in (bad, good)]  # type: ignore[return-value]


def pack(blocks: list[Block]) -> dict[str, str]:
    """The minimal pack of the tests with the blocks in it."""
    files = minimal()
    for block in blocks:
        name, _, argument = block.what.partition(" ")
        if block.language == "text":
            continue
        if name == "no":
            del files[NAMES[argument]]
        elif name == "file":
            files[argument] = files[RULE]
        elif name == "rule" and argument:
            page = minimal()[RULE].replace("TST-01", argument)
            files[f"tst/{argument.lower()}.yaml"] = overlaid(page, block.text)
        elif name == "lock" or not block.text.strip():
            files[NAMES[name]] = current_lock() if block.text == "@current\n" else block.text
        else:
            files[NAMES[name]] = overlaid(files[NAMES[name]], block.text)
    return files


def current_lock() -> str:
    found, _ = read_pack(minimal(), DICTIONARY)
    assert found is not None
    return lock_text(updated_lock(minimal(), found))


def of(code: str, files: dict[str, str]) -> list[Problem]:
    return [each for each in read_pack(files, DICTIONARY)[1] if each.code == code]


def others(code: str, files: dict[str, str]) -> list[Problem]:
    """What is wrong besides; that the examples have no lock does not count."""
    return [each for each in read_pack(files, DICTIONARY)[1] if each.code not in {code, "SR053"}]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_bad_example_is_told_as_the_page_says(page: Path) -> None:
    bad, _ = examples(page)
    files = pack(bad)
    (shown,) = [block.text for block in bad if block.language == "text"]
    assert report(of(page.stem, files), files) + "\n" == shown
    assert others(page.stem, files) == []


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_good_example_is_right(page: Path) -> None:
    _, good = examples(page)
    files = pack(good)
    assert of(page.stem, files) == []
    assert others(page.stem, files) == []


def test_every_code_in_the_source_has_a_page_and_every_page_a_code() -> None:
    source = "".join(
        path.read_text("utf-8")
        for folder in ("study", "rulebook")
        for path in (ROOT / "signals" / folder).rglob("*.py")
        if "story" not in path.parts
    )
    told = set(re.findall(r'"(SR\d{3})"', source))
    assert told == {page.stem for page in PAGES}


def test_every_page_names_its_code_in_the_title() -> None:
    for page in PAGES:
        assert page.read_text("utf-8").startswith(f"# {page.stem}: "), page
