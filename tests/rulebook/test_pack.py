from pathlib import Path

import pytest

from signals.rulebook.pack import PackError, load_pack, read_pack
from signals.study.files import read_files
from tests.rulebook.kinds import DICTIONARY
from tests.rulebook.packs import MINIMAL, minimal, read, with_rule

DEATH = """\
judges: death
criteria:
  dead: {dead: yes}
fires_when: all
alert:
  topic: alerts.sae
  about: [subject]
  headline: "{subject}: death"
  send_to: [medical monitor]
  due: none
  ends: never
"""


def test_a_pack_holds_what_runs_apart_from_drafts_and_retired_rules() -> None:
    files = minimal()
    for number, status in enumerate(["draft", "retired", "shadow", "active"], start=2):
        code = f"TST-0{number}"
        files |= {
            f"tst/tst-0{number}.yaml": with_rule(f"status: {status}\n", code)[
                f"tst/tst-0{number}.yaml"
            ]
        }
    pack, problems = read(files)
    assert problems == []
    assert pack is not None
    assert [rule.code for rule in pack.rules] == ["TST-01", "TST-04", "TST-05"]
    assert [rule.code for rule in pack.drafts] == ["TST-02"]
    assert [rule.code for rule in pack.retired] == ["TST-03"]


def test_rules_are_found_by_the_kind_they_judge() -> None:
    pack, problems = read(with_rule(DEATH, "TST-02"))
    assert problems == []
    assert pack is not None
    found = {kind: [rule.code for rule in rules] for kind, rules in pack.by_kind.items()}
    assert found == {"adverse event": ["TST-01"], "death": ["TST-02"]}


def test_the_files_of_a_pack_give_the_same_pack_again() -> None:
    files = minimal()
    files["tst/tst-01.test.yaml"] = "rule: TST-01\n"
    files["jurisdictions/other.yaml"] = "code: OTHER\n"
    pack, _ = read(files)
    assert pack is not None
    assert sorted(pack.files) == [
        "ctcae/v5.0.yaml",
        "jurisdictions/test.yaml",
        "study.yaml",
        "terms.yaml",
        "tst/tst-01.yaml",
    ]
    again, _ = read(dict(pack.files))
    assert again == pack


def test_the_hash_is_of_every_file_that_carries_meaning() -> None:
    def hash_of(**changed: str) -> str:
        files = minimal() | {name.replace("__", "/"): text for name, text in changed.items()}
        pack, problems = read(files)
        assert pack is not None, problems
        return pack.hash

    files = minimal()
    before = hash_of()
    assert before.startswith("sha256:")
    assert hash_of(**{"tst/tst-01.test.yaml": "rule: TST-01\n"}) == before
    assert hash_of(**{"study.yaml": files["study.yaml"].replace("\n", "\r\n")}) == before
    for name, old, new in [
        ("study.yaml", "cap_days: 12", "cap_days: 13"),
        ("terms.yaml", "Urticaria", "Fever"),
        ("jurisdictions/test.yaml", "days: 15", "days: 14"),
        ("ctcae/v5.0.yaml", "x < 10.0", "x < 10.1"),
        ("tst/tst-01.yaml", "priority: high", "priority: low"),
    ]:
        assert hash_of(**{name: files[name].replace(old, new)}) != before, name


def test_all_problems_of_all_files_are_told_in_one_run() -> None:
    files = with_rule("priority: urgent\njudges: fact\n", "TST-02")
    files["tst/tst-03.yaml"] = ""
    files["tst/tst-01.yaml"] = files["tst/tst-01.yaml"].replace("window: inside", "windw: inside")
    pack, problems = read(files)
    assert pack is None
    assert [(each.path, each.code) for each in problems] == [
        ("tst/tst-01.yaml", "SR022"),
        ("tst/tst-02.yaml", "SR020"),
        ("tst/tst-03.yaml", "SR004"),
    ]


def test_a_pack_on_disk_is_read_with_the_jurisdictions_beside_it() -> None:
    pack = load_pack(MINIMAL, DICTIONARY)
    assert [rule.code for rule in pack.rules] == ["TST-01"]
    assert "jurisdictions/test.yaml" in pack.files


def test_a_pack_with_problems_is_not_loaded_and_all_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    for name, text in with_rule("fires_when: nobody\n").items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(folder, DICTIONARY)
    assert [each.code for each in caught.value.problems] == ["SR032", "SR053"][:1]
    assert str(caught.value).startswith(
        f"{folder}/tst/tst-01.yaml:11:13: error SR032: 'nobody' is not a criterion of this rule\n"
        "11 | fires_when: nobody\n"
    )


def test_a_folder_without_a_study_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is no rule pack"):
        load_pack(tmp_path, DICTIONARY)


def test_without_a_study_no_rule_is_judged() -> None:
    files = minimal()
    del files["study.yaml"]
    pack, problems = read(files)
    assert pack is None
    assert [(each.path, each.code) for each in problems] == [("study.yaml", "SR005")]


def test_the_shipped_pack_is_right_and_its_lock_fits(root: Path) -> None:
    pack, problems = read_pack(read_files(root / "rules" / "uc-msc"))
    assert [each for each in problems if each.severity != "note"] == []
    assert pack is not None
    assert len(pack.rules) + len(pack.drafts) + len(pack.retired) == 57
    assert all(rule.version >= 1 for rule in pack.rules)
