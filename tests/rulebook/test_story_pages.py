"""Every code of a mistake in a story has a page, and its examples do what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from signals.rulebook.story.defaults import read_defaults
from signals.rulebook.story.reading import read_stories
from signals.rulebook.story.subjects import Setting
from signals.study.problems import Problem, Problems
from signals.study.report import report

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "protocol-team" / "errors").glob("ST*.md"))
PATH = "a.test.yaml"


def read(text: str) -> list[Problem]:
    problems = Problems()
    defaults_text = (ROOT / "rules" / "story-defaults.yaml").read_text(encoding="utf-8")
    defaults = read_defaults(defaults_text, "story-defaults.yaml", "UC-MSC", problems)
    setting = Setting(ZoneInfo("Asia/Shanghai"), "UC-MSC", ("WHC",), defaults)
    read_stories(text, PATH, {"DLT-01": True, "SAE-07": False}, setting, problems)
    return problems.all()


def blocks(page: Path) -> list[str]:
    return re.findall(r"```\w+\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_every_code_has_a_page() -> None:
    source = ROOT / "signals" / "rulebook" / "story"
    texts = [file.read_text(encoding="utf-8") for file in source.glob("*.py")]
    codes = {code for text in texts for code in re.findall(r'"(ST[0-9]{3})"', text)}
    assert codes == {page.stem for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_bad_example_is_told_as_the_page_says_and_the_good_one_is_right(page: Path) -> None:
    bad, told, good = blocks(page)
    problems = read(bad)
    assert [each.code for each in problems] == [page.stem]
    assert report(problems, {PATH: bad}) + "\n" == told
    assert read(good) == []
