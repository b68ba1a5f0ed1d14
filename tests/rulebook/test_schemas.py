import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from signals.rulebook.pack import rule_files
from signals.rulebook.schemas import schemas, stale, write_all
from signals.study.files import read_files


def faults(root: Path, name: str, text: str) -> list[str]:
    schema = json.loads((root / "schemas/rulebook" / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    document = as_json(YAML(typ="safe", pure=True).load(text))
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def as_json(value: Any) -> Any:
    """What an editor hands over: JSON has no dates, and its keys are texts."""
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_schemas_kept_are_current(root: Path) -> None:
    assert stale(root / "schemas" / "rulebook") == []


def test_a_changed_missing_or_foreign_file_is_stale(tmp_path: Path) -> None:
    write_all(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "rule.json").unlink()
    (tmp_path / "terms.json").write_text("{}", encoding="utf-8")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    assert stale(tmp_path) == ["other.json", "rule.json", "terms.json"]
    assert {"rule", "study", "terms", "jurisdiction"} <= set(schemas())


def test_the_shipped_pack_fits_the_schemas(root: Path) -> None:
    pack = read_files(root / "rules" / "uc-msc")
    assert faults(root, "study", pack["study.yaml"]) == []
    assert faults(root, "terms", pack["terms.yaml"]) == []
    jurisdictions = [name for name in pack if name.startswith("jurisdictions/")]
    assert len(jurisdictions) == 6
    for name in jurisdictions:
        assert faults(root, "jurisdiction", pack[name]) == [], name
    tables = [name for name in pack if name.startswith("ctcae/")]
    assert tables == ["ctcae/v5.0.yaml", "ctcae/v6.0.yaml"]
    for name in tables:
        assert faults(root, "ctcae", pack[name]) == [], name
    for name in rule_files(pack):
        assert faults(root, "rule", pack[name]) == [], name


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rule", "status: active", "status: actve"),
        ("rule", "criteria:", "critera:"),
        ("rule", "ends: when no longer true", "ends: sometime"),
        ("rule", "{window: inside}", "{window: {may: inside}}"),
        ("rule", "priority: high", "priority: urgent"),
        ("study", "cap_days: 12", "cap_days: 12 d"),
        ("study", "[end-before-start]", "[end-befor-start]"),
        ("jurisdiction", "written_report: no", "written_report: maybe"),
        ("ctcae", "direction: low", "direction: down"),
    ],
)
def test_an_editor_marks_what_is_wrong_in_itself(root: Path, name: str, old: str, new: str) -> None:
    pack = read_files(root / "tests/study/packs/minimal")
    paths = {"rule": "tst/tst-01.yaml", "study": "study.yaml", "ctcae": "ctcae/v5.0.yaml"}
    text = pack[paths.get(name, "jurisdictions/test.yaml")]
    assert faults(root, name, text) == []
    assert faults(root, name, text.replace(old, new)) != []
