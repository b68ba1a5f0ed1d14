"""`signals rules facts`, `check` and `lock`, as a person runs them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from signals.cli.rules import app

RUN = CliRunner()


@pytest.fixture
def pack(tmp_path: Path, root: Path) -> Path:
    """A copy of the shipped rules, to be changed."""
    shutil.copytree(root / "rules", tmp_path / "rules")
    folder = tmp_path / "rules" / "uc-msc"
    assert run("lock", folder)[0] == 0
    return folder


def run(*arguments: object) -> tuple[int, str]:
    result = RUN.invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_check_says_that_the_shipped_pack_is_fine(pack: Path) -> None:
    code, output = run("check", pack)
    assert code == 0
    assert output.splitlines()[-1].startswith("no problems; ")
    assert run("check", pack, "--format", "github")[0] == 0


def test_check_tells_the_place_in_text_json_and_for_github(pack: Path) -> None:
    page = pack / "dlt" / "dlt-01.yaml"
    replace(page, "dlt_window: inside", "dlt_windw: inside")
    number = next(
        index
        for index, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if "dlt_windw: inside" in line
    )
    message = "'dlt_windw' is not a field of an adverse event"
    code, output = run("check", pack)
    assert code == 1
    assert f"{page.as_posix()}:{number}:" in output
    assert f"error SR022: {message}\n" in output
    assert "= help: did you mean 'dlt_window'?" in output
    code, output = run("check", pack, "--json")
    assert code == 1
    errors = [each for each in json.loads(output) if each["severity"] == "error"]
    assert ("SR022", number, message) in [
        (each["code"], each["line"], each["message"]) for each in errors
    ]
    code, output = run("check", pack, "--format", "github")
    assert code == 1
    assert f"::error file={page.as_posix()},line={number}," in output


def test_check_lists_what_drafts_still_need_without_failing(pack: Path) -> None:
    replace(pack / "quality" / "dq-01.yaml", "status: active", "status: draft")
    replace(pack / "quality" / "dq-01.yaml", "{serious: yes}", "{later: yes}")
    assert run("lock", pack)[0] == 0
    code, output = run("check", pack)
    assert code == 0
    assert "Not built yet, in drafts (--json lists all):" in output
    assert "quality/dq-01.yaml:" in output
    assert "SR022: 'later' is not a field of an adverse event" in output


def test_what_cannot_be_read_is_exit_code_two(pack: Path, tmp_path: Path) -> None:
    code, output = run("check", tmp_path / "nowhere")
    assert code == 2
    assert "is no rule pack: it holds no 'study.yaml'" in output
    (pack / "terms.yaml").write_bytes(b"rashes: [\xff]\n")
    code, output = run("check", pack)
    assert code == 2
    assert "is not UTF-8" in output


def test_lock_gives_a_changed_rule_its_next_number(pack: Path) -> None:
    assert run("lock", pack) == (0, "The lock fits the rules; nothing changed.\n")
    before = json.loads((pack / "rules.lock").read_text())["rules"]["DLT-01"]["number"]
    replace(pack / "dlt" / "dlt-01.yaml", "priority: critical", "priority: high")
    code, output = run("check", pack)
    assert code == 1
    assert f"the lock is behind: 'DLT-01' has changed and becomes number {before + 1}" in output
    assert run("lock", pack) == (0, f"DLT-01 is now number {before + 1}\n")
    assert run("check", pack)[0] == 0
    replace(pack / "dlt" / "dlt-01.yaml", "priority: high", "priority: low")
    assert run("lock", pack, "--json") == (0, f'{{"changed": {{"DLT-01": {before + 2}}}}}\n')


def test_lock_writes_nothing_while_the_pack_has_problems(pack: Path) -> None:
    before = (pack / "rules.lock").read_text()
    replace(pack / "dlt" / "dlt-01.yaml", "priority: critical", "priority: urgent")
    code, output = run("lock", pack)
    assert code == 1
    assert "error SR012: 'urgent' is not a priority" in output
    assert (pack / "rules.lock").read_text() == before


def test_facts_prints_every_field_with_its_meaning_and_source() -> None:
    code, output = run("facts", "--kind", "adverse event")
    assert code == 0
    assert output.startswith("adverse event   about: subject, adverse event\n")
    assert "  dlt_window: inside | outside\n" in output
    code, output = run("facts", "--json")
    kinds = json.loads(output)
    assert code == 0
    assert "obligation" in [each["kind"] for each in kinds]
    fields = [field for each in kinds for field in each["fields"]]
    assert all(field["meaning"] and field["source"] for field in fields)


def test_help_shows_an_example() -> None:
    for command in ("facts", "check", "lock"):
        assert f"Example: signals rules {command}" in run(command, "--help")[1]


def only_the_first_story(file: Path) -> None:
    head, first, *_ = file.read_text(encoding="utf-8").split("  - name: ")
    file.write_text(f"{head}  - name: {first}", encoding="utf-8")


def test_wrong_versions_that_no_story_tells_come_with_the_story_to_write(pack: Path) -> None:
    page = pack / "infusion" / "irr-07.yaml"
    only_the_first_story(pack / "infusion" / "irr-07.test.yaml")
    code, output = run("test", page, "--wrong-versions")
    assert code == 1
    line = 1 + page.read_text(encoding="utf-8").splitlines().index("fires_when: all")
    told = output.splitlines()
    assert told[-1] == (
        "10 of 13 wrong versions are told by a story, 0 mean the same, 3 are not told"
    )
    at = told.index(
        f"{page.as_posix()}:{line}:13: IRR-07: no story tells this wrong version:"
        " fires_when: 'broken off' dropped"
    )
    assert told[at + 1] == "    write a story in which all else holds and 'broken off' does not"
    code, output = run("test", page, "--wrong-versions", "--json")
    found = json.loads(output)["wrong_versions"]
    assert (code, found["tried"], found["equivalent"]) == (1, 13, 0)
    assert {(one["rule"], one["line"]) for one in found["untold"]} >= {("IRR-07", line)}


def test_wrong_versions_wait_until_the_stories_pass_and_need_all_of_them(pack: Path) -> None:
    file = pack / "infusion" / "irr-07.test.yaml"
    replace(file, "state: firing, priority: medium", "state: firing, priority: low")
    code, output = run("test", file, "--wrong-versions")
    assert code == 1
    assert "wrong versions" not in output
    code, output = run("test", file, "--wrong-versions", "-k", "early")
    assert code == 2
    assert "--wrong-versions needs all stories of a rule: leave -k out" in output
