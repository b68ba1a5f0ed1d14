"""The minimal pack of the tests, with some of its parts written otherwise."""

import re
from pathlib import Path

from signals.rulebook.pack import Pack, read_pack
from signals.study.files import read_files
from signals.study.problems import Problem
from tests.rulebook.kinds import DICTIONARY

MINIMAL = Path(__file__).resolve().parent.parent / "study" / "packs" / "minimal"
RULE = "tst/tst-01.yaml"
NAMES = {
    "study": "study.yaml",
    "terms": "terms.yaml",
    "jurisdiction": "jurisdictions/test.yaml",
    "ctcae": "ctcae/v5.0.yaml",
    "lock": "rules.lock",
    "rule": RULE,
}


def minimal() -> dict[str, str]:
    return read_files(MINIMAL)


def overlaid(base: str, part: str) -> str:
    """The text with the top-level keys of `part` in the place of its own."""
    blocks = _blocks(base)
    for key, block in _blocks(part).items():
        blocks[key] = block
    return "".join(blocks.values())


def _blocks(text: str) -> dict[str, str]:
    blocks: dict[str, str] = {}
    key = ""
    for line in text.splitlines(keepends=True):
        if found := re.match(r"([^\s#][^:]*):", line):
            key = found[1]
        blocks[key] = blocks.get(key, "") + line
    return blocks


def with_rule(part: str, code: str = "TST-01") -> dict[str, str]:
    """The minimal pack; the keys of `part` replace those of the page of this code."""
    files = minimal()
    page = files[RULE].replace("TST-01", code)
    return {**files, f"tst/{code.lower()}.yaml": overlaid(page, part)}


def read(files: dict[str, str]) -> tuple[Pack | None, list[Problem]]:
    """The pack, and what is wrong with it but for its missing lock."""
    pack, problems = read_pack(files, DICTIONARY)
    return pack, [each for each in problems if each.code != "SR053"]


def told(files: dict[str, str]) -> list[tuple[str, int, int, str]]:
    """Code, line, column and message of every problem."""
    return [(each.code, each.line, each.column, each.message) for each in read(files)[1]]
