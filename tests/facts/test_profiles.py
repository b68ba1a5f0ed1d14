"""What the profile of an authority changes in what is due (DOMAIN 4.2, 4.5)."""

from typing import Any

import pytest

from signals.book.fold import pack_of
from tests.facts.kit import Trial, criteria, f1

SERIOUS: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}
FATAL: dict[str, Any] = {
    "serious": "Y",
    "grade": 5,
    "outcome": "FATAL",
    "criteria": criteria(death="Y"),
}
OPEN = {"CN-CDE/initial-15": ("open", "26-03-25")}
NONE: dict[str, Any] = {}


def under(old: str, new: str) -> Trial:
    """F1 under China's profile with one line changed."""
    trial = f1()
    files = dict(trial.pack.files)
    name = "jurisdictions/cn-cde.yaml"
    assert files[name].count(old) == 1
    files[name] = files[name].replace(old, new)
    trial.activate("03-09 12:00", pack_of(files))
    return trial


@pytest.mark.parametrize(
    ("rule", "investigator", "sponsor", "due"),
    [
        ("either", "POSSIBLE", "UNRELATED", OPEN),
        ("either", "UNRELATED", "POSSIBLE", OPEN),
        ("either", "UNRELATED", None, OPEN),
        ("either", None, "UNRELATED", OPEN),
        ("either", "UNRELATED", "UNRELATED", NONE),
        ("sponsor", "POSSIBLE", "UNRELATED", NONE),
        ("sponsor", "UNRELATED", "POSSIBLE", OPEN),
        ("sponsor", "POSSIBLE", None, OPEN),
        ("sponsor", None, "UNRELATED", NONE),
        ("sponsor", "UNRELATED", None, OPEN),
    ],
)
def test_whose_opinion_counts(
    rule: str, investigator: str | None, sponsor: str | None, due: dict[str, Any]
) -> None:
    trial = under("causality: either", f"causality: {rule}")
    trial.adverse_event("03-10 09:00", investigator=investigator, sponsor=sponsor, **SERIOUS)
    assert trial.duties() == due


def test_where_the_sponsor_decides_what_is_awaited_is_the_sponsor() -> None:
    trial = under("causality: either", "causality: sponsor")
    trial.adverse_event("03-10 09:00", investigator="POSSIBLE", **SERIOUS)
    obligation = "001-004/AE-1/CN-CDE/initial-15"
    assert "sponsor review pending" in trial.assumed("obligation", "status", obligation)
    trial.follow_up("03-11 09:00", sponsor="UNRELATED")
    assert trial.duties() == {"CN-CDE/initial-15": ("answered", "26-03-25")}


@pytest.mark.parametrize(
    ("investigator", "sponsor", "due"),
    [
        ("POSSIBLE", None, OPEN),
        ("UNRELATED", "POSSIBLE", OPEN),
        (None, None, NONE),
        ("UNRELATED", None, NONE),
    ],
)
def test_an_excluded_term_is_due_only_while_a_party_says_related(
    investigator: str | None, sponsor: str | None, due: dict[str, Any]
) -> None:
    trial = under("exclusions: [] ", "exclusions: [RASH maculo-papular] ")
    trial.adverse_event("03-10 09:00", investigator=investigator, sponsor=sponsor, **SERIOUS)
    assert trial.duties() == due


def test_a_term_coded_later_to_an_excluded_one_waits_for_a_signature() -> None:
    trial = under("exclusions: [] ", "exclusions: [Graft failure] ")
    trial.adverse_event("03-10 09:00", **SERIOUS)
    trial.follow_up("03-11 09:00", term="Graft failure")
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-03-25")}


@pytest.mark.parametrize(("code", "expected"), [("CN-CDE", True), ("EU-CTR", False)])
def test_before_the_eu_a_fatal_outcome_is_never_expected(code: str, *, expected: bool) -> None:
    trial = f1(code)
    listed = {"term": "rash maculo-papular", "fatal_expected": True}
    trial.rsi("2026-01-05 09:00", "RSI-1", "2026-01-01", listed)
    trial.adverse_event("03-10 09:00", investigator="POSSIBLE", expected="Y", **FATAL)
    due = {f"{code}/initial-7": ("open", "26-03-17")}
    assert trial.duties() == ({} if expected else due)
    if not expected:
        said = trial.assumed("obligation", "status", f"001-004/AE-1/{code}/initial-7")
        assert "before EU-CTR a fatal outcome is never expected" in said
