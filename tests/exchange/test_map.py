"""The map file: read strictly, every fault with its place and what to write instead."""

from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from signals.exchange.sdtm import MapError, parse_map, read_map
from signals.exchange.sdtm.schema import NAME, map_schema, stale, write_all

FULL = """\
study_id: TRIAL-2
zone: Asia/Shanghai
encoding: gb18030
source: edc-export
site: {usubjid_part: 2}
recorded_at: study end
product: UC-MSC
causality: {NONE: UNRELATED, REMOTE: UNLIKELY}
grade: {column: AESEV, words: {MILD: 1, SEVERE: 3}}
infusions: {treatments: [UC-MSC], status: COMPLETED}
enrolled_at: RFSTDTC
disposition: {ADVERSE EVENT: TREATMENT_DISCONTINUED}
units: {THOU/uL: 10*3/uL}
specimen_by_category: {URINALYSIS: URINE}
columns: {AE: {AETOXGR: GRADE}}
"""


def test_every_key_is_read_and_fits_the_schema() -> None:
    stated = parse_map(FULL, "map.yaml")
    assert stated.model_fields_set == set(type(stated).model_fields)
    jsonschema.validate(YAML(typ="safe").load(FULL), map_schema())


def test_an_empty_map_states_nothing() -> None:
    assert parse_map("# nothing yet\n", "map.yaml").zone == "UTC"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prodct: X", "map.yaml:1:1: prodct: a map has no such key; did you mean 'product'?"),
        (
            "zone: UTC\ngrade: {colum: AESEV, column: A}",
            "map.yaml:2:9: grade.colum: a map has no such key; did you mean 'column'?",
        ),
        (
            "causality:\n  NONE: UNRELATD",
            "map.yaml:2:3: causality.NONE: 'UNRELATD' is not known; did you mean 'UNRELATED'?",
        ),
        (
            "recorded_at: today",
            "map.yaml:1:1: recorded_at: 'today' is not known; known are latest day named, study end",
        ),
        ("zone: Asia/Wuhan", "map.yaml:1:1: zone: 'Asia/Wuhan' is no time zone"),
        ("grade: {column: A, words: {BAD: 6}}", "map.yaml:1:28: grade.words.BAD: 6: input should"),
        ("columns: {CM: {A: B}}", "map.yaml:1:11: columns.CM: 'CM' is not known"),
        ("a: b: c", "map.yaml:1:5: not YAML"),
        ("zone: UTC\nzone: UTC", "map.yaml:2:1: not YAML"),
        ("- zone", "map.yaml:1:1: a map is a list of `key: value` lines"),
        ("units: {A: bags}", "map.yaml:1:9: units.A: 'bags' is no unit that is known"),
        ("encoding: utf-99", "map.yaml:1:1: encoding: 'utf-99' is no encoding"),
    ],
)
def test_faults(text: str, message: str) -> None:
    with pytest.raises(MapError) as caught:
        parse_map(text, "map.yaml")
    assert message in str(caught.value)


def test_all_faults_at_once() -> None:
    with pytest.raises(MapError) as caught:
        parse_map("a: 1\nb: 2\n", "map.yaml")
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["1", "2"]


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="the map cannot be read"):
        read_map(tmp_path / "absent.yaml")


def test_the_schema_in_the_repository_is_current(root: Path) -> None:
    assert stale(root / "schemas" / "exchange") == []


def test_a_schema_that_is_not_current_is_named(tmp_path: Path) -> None:
    assert stale(tmp_path) == [f"{NAME}.json"]
    write_all(tmp_path)
    assert stale(tmp_path) == []
