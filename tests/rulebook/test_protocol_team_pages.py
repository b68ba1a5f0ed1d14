"""What the protocol team is told is so: the examples run, and the table of rules is current."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from signals.cli.rules import app
from signals.rulebook.pack import STORIES, read_pack, rule_files
from signals.study.files import read_files
from signals.study.places import Node, plain, read_yaml
from signals.study.problems import Problems, Severity

PAGES = Path("docs") / "protocol-team"


def block(page: Path, kind: str) -> str:
    found = re.search(rf"```yaml {kind}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def pack(root: Path, tmp_path: Path) -> Path:
    """A copy of the shipped pack without its stories."""
    shutil.copytree(
        root / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns(f"*{STORIES}")
    )
    return tmp_path / "rules" / "uc-msc"


def test_the_worked_example_is_a_right_rule_and_its_stories_pass(root: Path, pack: Path) -> None:
    page = root / PAGES / "writing-rules.md"
    (pack / "quality" / "ex-01.yaml").write_text(block(page, "rule"), encoding="utf-8")
    stories = pack / "quality" / f"ex-01{STORIES}"
    stories.write_text(block(page, "stories"), encoding="utf-8")
    told = [
        each
        for each in read_pack(read_files(pack))[1]
        if each.path == "quality/ex-01.yaml" and each.code != "SR053"
    ]
    assert [each for each in told if each.severity is not Severity.NOTE] == []
    result = CliRunner().invoke(app, ["test", str(stories)])
    assert result.stdout == "2 of 2 stories passed, of 1 rule\n"


def test_the_example_of_a_story_passes(root: Path, pack: Path) -> None:
    stories = pack / "dlt" / f"dlt-02{STORIES}"
    stories.write_text(block(root / PAGES / "stories.md", "stories"), encoding="utf-8")
    result = CliRunner().invoke(app, ["test", str(stories)])
    assert result.stdout == "1 of 1 stories passed, of 1 rule\n"


def test_the_table_of_all_rules_says_what_their_pages_say(root: Path) -> None:
    table = (root / PAGES / "language-proof.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| \[([A-Z]+-[0-9]+)\]\(\S+\) \| (.*?) \| (.*?) \| (.*?) \|", table, re.MULTILINE
    )
    files = read_files(root / "rules" / "uc-msc")
    pages = [plain(_page(files[name])) for name in rule_files(files)]
    said = {page["rule"]: (page["status"], page["judges"], page["alert"]["ends"]) for page in pages}
    assert len(rows) == len(said)
    assert {code: (status, judges, ends) for code, status, judges, ends in rows} == said


def test_every_link_leads_somewhere(root: Path) -> None:
    for name in ("writing-rules.md", "stories.md", "language-proof.md"):
        page = root / PAGES / name
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == []


def _page(text: str) -> Node:
    node = read_yaml(text, "page", Problems())
    assert node is not None
    return node
