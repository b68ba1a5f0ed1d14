"""Stories run: in the fold of production, and every difference is told in a line or two."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from signals.cli.rules import app
from signals.rulebook.story.expected import compare
from signals.rulebook.story.model import Expected
from signals.rulebook.story.schema import story_schema
from signals.rulebook.story.script import merged
from signals.study.places import plain, read_yaml
from signals.study.problems import Place, Problems

ZONE = ZoneInfo("Asia/Shanghai")
SUBJECT = 'subject: {id: "001-004", first infusion: 2026-03-02 10:00}'
RASH = (
    "{at: 2026-03-06 20:00, adverse event: AE-1, term: Rash, grade: 3, onset: 2026-03-06, "
    "causality investigator: possible}"
)
FIRED = "{at: 2026-03-06 20:00, state: firing, priority: critical, about: AE-1}"


@pytest.fixture
def pack(root: Path, tmp_path: Path) -> Path:
    """A copy of the shipped pack without its stories."""
    shutil.copytree(
        root / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("*.test.yaml")
    )
    return tmp_path / "rules" / "uc-msc"


def tell(pack: Path, events: list[str], expect: str, rule: str = "DLT-02") -> Path:
    lines = "".join(f"      - {line}\n" for line in events)
    file = pack / "dlt" / f"{rule.lower()}.test.yaml"
    story = f"  - name: A rash\n    events:\n{lines}    expect: {expect}\n"
    file.write_text(f"rule: {rule}\n{SUBJECT}\ntests:\n{story}", encoding="utf-8")
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["test", *map(str, arguments)])


def test_a_story_that_holds_passes(pack: Path) -> None:
    result = run(tell(pack, [RASH], f"[{FIRED}]"))
    assert (result.exit_code, result.stdout) == (0, "1 of 1 stories passed, of 1 rule\n")


@pytest.mark.parametrize(
    ("expect", "line", "told"),
    [
        ("nothing", 4, ["not expected: 2026-03-06 20:00 firing critical, about 001-004 AE-1: first seen"]),
        (f"[{FIRED.replace('critical', 'high')}]", 7, ["2026-03-06 20:00: priority: expected high, got critical"]),
        (f"[{FIRED.replace('AE-1', 'AE-2')}]", 7, ["2026-03-06 20:00: about: expected AE-2, got subject: 001-004, adverse event: AE-1"]),
        (f"[{FIRED.replace('06 20', '07 20')}]", 7, ["expected 2026-03-07 20:00 state: firing, priority: critical, about: AE-1", "published next: 2026-03-06 20:00 firing critical, about 001-004 AE-1: first seen"]),
        (f"[{FIRED}, {FIRED.replace('06 20', '07 20')}]", 7, ["expected 2026-03-07 20:00 state: firing, priority: critical, about: AE-1", "nothing more was published"]),
        (f"[{FIRED[:-1]}, missing: [grade]}}]", 7, ["2026-03-06 20:00: missing: expected [grade], got []"]),
        (f"[{FIRED[:-1]}, due: {{CN-CDE: 2026-03-21}}}}]", 7, ["2026-03-06 20:00: due: expected CN-CDE: 2026-03-21, got none"]),
        (f"[{FIRED[:-1]}, late: yes}}]", 7, ["2026-03-06 20:00: late: expected yes, got no"]),
    ],
)  # fmt: skip
def test_a_difference_names_file_line_and_story(
    pack: Path, expect: str, line: int, told: list[str]
) -> None:
    file = tell(pack, [RASH], expect)
    result = run(file)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{file.as_posix()}:{line}: DLT-02: A rash",
        *(f"    {each}" for each in told),
        "0 of 1 stories passed, of 1 rule",
    ]


def test_a_wrong_version_of_the_rule_fails_its_story(pack: Path) -> None:
    file = tell(pack, [RASH], f"[{FIRED}]")
    study = pack / "study.yaml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("g3: {min_grade: 3}", "g3: {min_grade: 4}"), encoding="utf-8")
    result = run(file)
    assert result.exit_code == 1
    assert "nothing more was published" in result.stdout


def test_a_decision_on_an_alert_that_was_never_published(pack: Path) -> None:
    sign = "{at: 2026-03-07 20:00, decide: sign withdrawal, about: AE-7}"
    result = run(tell(pack, [RASH, sign], f"[{FIRED}]"))
    assert result.exit_code == 1
    assert "DLT-02 has published nothing about AE-7 by then" in result.stdout


def test_active_rules_without_stories_are_a_failure(pack: Path) -> None:
    tell(pack, [RASH], f"[{FIRED}]")
    result = run(pack / "dlt")
    assert result.exit_code == 1
    *bare, last = result.stdout.splitlines()
    assert bare[:2] == [
        "DLT-01 is active, and no story proves it: write one beside its page",
        "DLT-03 is active, and no story proves it: write one beside its page",
    ]
    assert last == f"1 of 1 stories passed, of 1 rule; {len(bare)} rules without a story"


def test_the_page_of_a_rule_stands_for_its_stories(pack: Path) -> None:
    tell(pack, [RASH], f"[{FIRED}]")
    assert run(pack / "dlt" / "dlt-02.yaml").exit_code == 0
    result = run(pack / "dlt" / "dlt-01.yaml")
    assert result.exit_code == 1
    assert "DLT-01 is active, and no story proves it" in result.stdout


def test_only_the_stories_with_a_word(pack: Path) -> None:
    tell(pack, [RASH], f"[{FIRED}]")
    tell(pack, [RASH], "nothing", rule="DLT-01")
    assert run(pack, "-k", "dlt-02").exit_code == 0
    assert run(pack, "-k", "DLT-01").exit_code == 1
    result = run(pack, "-k", "snow")
    assert (result.exit_code, result.stdout) == (1, "no story fits 'snow'\n")


def test_verbose_shows_what_the_line_left_out(pack: Path) -> None:
    result = run(tell(pack, [RASH], f"[{FIRED}]"), "-v")
    assert "passed  DLT-02: A rash" in result.stdout
    assert "2026-03-06 20:00  001-004  adverse-event/AE-1 v1 NEW" in result.stdout
    assert '"received_by_sponsor_at": "2026-03-06T20:00:00+08:00"' in result.stdout
    assert '"serious": "N"' in result.stdout


def test_json_says_the_same_as_data(pack: Path) -> None:
    file = tell(pack, [RASH], "nothing")
    result = run(pack / "dlt", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["passed"], told["failed"]) == (0, 1)
    assert told["without_stories"][:2] == ["DLT-01", "DLT-03"]
    assert told["stories"] == [
        {
            "rule": "DLT-02",
            "name": "A rash",
            "path": file.as_posix(),
            "line": 4,
            "passed": False,
            "difference": {
                "line": 4,
                "message": "not expected: 2026-03-06 20:00 firing critical, "
                "about 001-004 AE-1: first seen",
            },
        }
    ]


def test_what_cannot_be_read_is_exit_code_2_and_told_with_its_place(pack: Path) -> None:
    file = tell(pack, [RASH.replace("grade: 3", "gade: 3")], "nothing")
    result = run(file)
    assert result.exit_code == 2
    assert f"{file.as_posix()}:6:" in result.stderr
    assert "error ST001: 'gade' is not a field of this record" in result.stderr
    assert "= help: did you mean 'grade'?" in result.stderr
    told = json.loads(run(file, "--json").stdout)
    assert [each["code"] for each in told] == ["ST001"]


def test_a_path_that_is_no_pack(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "belongs to no rule pack" in result.stderr
    assert "name a pack, such as rules/uc-msc" in result.stderr
    result = run(tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no file or folder" in result.stderr


# ---------------------------------------------------------------------- comparing


def alert(at: str, about: str, **keys: Any) -> dict[str, Any]:
    base = {
        "changed_at": at,
        "about": {"subject": "7", "adverse event": about},
        "state": "firing",
        "priority": "high",
        "late": False,
        "change": "first seen",
        "missing": [],
        "assumed": [],
        "due": [],
    }
    return {**base, **keys}


def wanted(at: str, line: int = 9, **keys: Any) -> Expected:
    moment = datetime.fromisoformat(at)
    return Expected(moment, Place("a.test.yaml", line), keys)


T1, T2 = "2026-03-06T20:00:00+08:00", "2026-03-07T20:00:00+08:00"


def test_changes_of_one_instant_may_be_listed_in_any_order() -> None:
    published = [alert(T1, "A"), alert(T1, "B")]
    assert compare([wanted(T1, about="B"), wanted(T1, about="A")], published, ZONE, 1) is None


def test_changes_of_different_instants_may_not() -> None:
    published = [alert(T1, "A"), alert(T2, "B")]
    found = compare([wanted(T2, 5, about="B"), wanted(T1, 6, about="A")], published, ZONE, 1)
    assert found is not None
    assert (found.line, found.message[:12]) == (5, "not expected")


def test_the_same_instant_told_in_another_zone() -> None:
    published = [alert("2026-03-06T12:00:00+00:00", "A")]
    assert compare([wanted(T1, about="A")], published, ZONE, 1) is None


@pytest.mark.parametrize(
    ("key", "value", "published", "fits"),
    [
        ("due", {"CN-CDE": "2026-03-13"}, {"due": [{"jurisdiction": "CN-CDE", "due": "2026-03-13T23:59:59+08:00"}]}, True),
        ("due", {"CN-CDE": "2026-03-14"}, {"due": [{"jurisdiction": "CN-CDE", "due": "2026-03-13T23:59:59+08:00"}]}, False),
        ("due", {"CN-CDE": "2026-03-13"}, {"due": [{"jurisdiction": "CN-CDE", "due": "2026-03-13T23:59:59+08:00"}, {"jurisdiction": "UK", "due": "2026-03-13T23:59:59+00:00"}]}, False),
        ("due", "none", {}, True),
        ("missing", ["grade", "causality"], {"missing": [{"field": "causality"}, {"field": "grade"}]}, True),
        ("missing", ["grade"], {"missing": [{"field": "causality"}, {"field": "grade"}]}, False),
        ("assumed", "serious", {"assumed": [{"field": "serious"}]}, True),
        ("assumed", [], {"assumed": [{"field": "serious"}]}, False),
        ("holds", "no", {"holds": "no"}, True),
        ("holds", "yes", {}, True),
        ("proposed priority", "medium", {"proposed_priority": "medium"}, True),
        ("proposed priority", "none", {}, True),
        ("closed", "yes", {"closed": True}, True),
        ("closed", "yes", {}, False),
        ("about", {"adverse event": "A"}, {}, True),
        ("about", {"case": "A"}, {}, False),
    ],
)  # fmt: skip
def test_each_key_of_expect(key: str, value: Any, published: dict[str, Any], fits: bool) -> None:
    found = compare([wanted(T1, **{key: value})], [alert(T1, "A", **published)], ZONE, 1)
    assert (found is None) is fits


def test_a_later_version_is_the_one_before_with_what_was_stated() -> None:
    before = {"causality": {"investigator": ["a"], "sponsor": ["b"]}, "grade": 2, "term": "x"}
    stated = {"causality": {"sponsor": None}, "grade": 3}
    assert merged(before, stated) == {
        "causality": {"investigator": ["a"], "sponsor": None},
        "grade": 3,
        "term": "x",
    }
    assert before["grade"] == 2


# ---------------------------------------------------------------------- what is shipped


def test_every_shipped_story_fits_the_schema_of_stories(root: Path) -> None:
    validator = jsonschema.Draft202012Validator(story_schema())
    files = sorted((root / "rules").rglob("*.test.yaml"))
    assert files
    for file in files:
        node = read_yaml(file.read_text(encoding="utf-8"), file.name, Problems())
        assert node is not None
        faults = [error.message for error in validator.iter_errors(plain(node))]
        assert (file.name, faults) == (file.name, [])


def test_the_schema_marks_a_misspelt_field() -> None:
    validator = jsonschema.Draft202012Validator(story_schema())
    line = {"at": "2026-03-06 20:00", "adverse event": "AE-1", "gade": 3}
    story = {"name": "A", "events": [line], "expect": "nothing"}
    assert not validator.is_valid({"rule": "DLT-01", "tests": [story]})
    line["grade"] = line.pop("gade")
    assert validator.is_valid({"rule": "DLT-01", "tests": [story]})


def test_every_shipped_story_passes(root: Path) -> None:
    result = run(root / "rules" / "uc-msc")
    assert result.exit_code == 0, result.stdout
