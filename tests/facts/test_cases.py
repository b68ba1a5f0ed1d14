"""Which adverse events are one case, and what a case says (DOMAIN 4.4; EVENTS)."""

from typing import Any

import pytest

from tests.facts.kit import BLANK, Trial, criteria, f1

HOSPITAL: dict[str, Any] = {
    "serious": "Y",
    "criteria": criteria(hospitalization="Y"),
    "investigator": "POSSIBLE",
}
LIFE = criteria(life_threatening="Y")
FATAL: dict[str, Any] = {"grade": 5, "outcome": "FATAL", "criteria": criteria(death="Y")}


def two() -> Trial:
    trial = f1()
    trial.adverse_event("03-10 09:00", "AE-1", **HOSPITAL)
    trial.adverse_event("03-12 09:00", "AE-2", term="Fever", **HOSPITAL)
    return trial


def test_each_event_is_its_own_case() -> None:
    trial = two()
    assert trial.ae("case", "AE-2") == "AE-2"
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-25")}
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-27")}


def test_a_case_record_joins_them_with_the_earliest_day_0() -> None:
    trial = two()
    trial.case("03-13 09:00", "C-1", "AE-2", "AE-1")
    assert trial.ae("case", "AE-1") == "AE-2"
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-25")}
    assert trial.duties("AE-1") == {}
    assert trial.state("SAE-04", "AE-1") == "withdrawn"
    assert trial.state("SAE-04", "AE-2") == "firing"
    assert trial.field("case", "term", "AE-2") == "Fever"


def test_a_void_case_record_parts_them() -> None:
    trial = two()
    trial.case("03-13 09:00", "C-1", "AE-1", "AE-2")
    trial.void("03-14 09:00", "C-1", kind="case")
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-27")}
    assert trial.state("SAE-04", "AE-2") == "firing"


@pytest.mark.parametrize(("second", "joined"), [("CN-X-1", True), ("CN-X-2", False), (None, False)])
def test_one_worldwide_id_is_one_case(second: str | None, joined: bool) -> None:
    trial = two()
    trial.case("03-13 09:00", "C-1", "AE-1", worldwide_id="CN-X-1")
    trial.case("03-13 10:00", "C-2", "AE-2", worldwide_id=second)
    assert trial.ae("case", "AE-2") == ("AE-1" if joined else "AE-2")


def test_an_event_that_joins_after_the_signature_is_new_to_the_case() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", "AE-1", **HOSPITAL)
    trial.sign_off("03-11 09:00", "NOT_REPORTABLE", "AE-1/CN-CDE/initial-15")
    trial.adverse_event("03-12 09:00", "AE-2", **HOSPITAL)
    trial.case("03-12 09:30", "C-1", "AE-1", "AE-2")
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-27")}


def test_cases_of_two_numbers_of_a_person_stay_apart() -> None:
    trial = two()
    with trial.of("001-011"):
        trial.enrolment("03-13 09:00", previous_subject_id="001-004")
        trial.adverse_event("03-13 10:00", "AE-1", **HOSPITAL)
        trial.case("03-13 11:00", "C-1", "AE-1", "AE-2")
        assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-28")}
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-27")}


@pytest.mark.parametrize(
    ("versions", "upgrade"),
    [
        (["n"], "none"),
        (["s"], "none"),
        (["n", "s"], "serious"),
        (["n", "g"], "fatal or life-threatening"),
        (["s", "g"], "fatal or life-threatening"),
        (["g", "s"], "none"),
        # A later downgrade does not undo it, a correction does.
        (["n", "s", "n"], "serious"),
        (["n", "s", "N"], "none"),
        (["s", "g", "S"], "none"),
        (["n", "s", "g", "S"], "serious"),
        (["n", "g", "S"], "serious"),
        (["n", "S"], "serious"),
        (["n", "s", "N", "s"], "serious"),
    ],
)
def test_upgrades(versions: list[str], upgrade: str) -> None:
    """n: not serious, s: serious, g: grave; in capitals: by a correction."""
    said: dict[str, dict[str, Any]] = {
        "n": {"serious": "N", "criteria": criteria()},
        "s": HOSPITAL,
        "g": {"serious": "Y", "criteria": LIFE},
    }
    trial = f1()
    trial.adverse_event("03-10 09:00", **said[versions[0]])
    for day, each in enumerate(versions[1:], 11):
        change = trial.correct if each.isupper() else trial.follow_up
        change(f"03-{day} 09:00", **said[each.lower()])
    if versions == ["n"]:
        assert trial.fact("case", "AE-1") is None, "never serious"
    else:
        assert trial.field("case", "upgrade", "AE-1") == upgrade


def test_life_threatening_to_fatal_is_no_upgrade() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **(HOSPITAL | {"criteria": LIFE}))
    trial.follow_up("03-12 09:00", **FATAL)
    assert trial.field("case", "upgrade", "AE-1") == "none"


def test_a_void_event_was_never_upgraded() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00")
    trial.follow_up("03-11 09:00", **HOSPITAL)
    assert trial.state("SAE-08") == "firing"
    trial.void("03-12 09:00")
    assert trial.state("SAE-08") == "withdrawal_pending"


def test_an_upgrade_stays_when_the_event_is_downgraded() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00")
    trial.follow_up("03-11 09:00", **HOSPITAL)
    trial.follow_up("03-12 09:00", serious="N", criteria=criteria())
    assert trial.state("SAE-08") == "firing"


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({}, "hospitalization; related; assumed unexpected"),
        ({"criteria": LIFE, "expected": "N"}, "life-threatening; related; unexpected"),
        (
            {"investigator": None, "criteria": BLANK, "grade": 4},
            "assumed life-threatening; assumed related; assumed unexpected",
        ),
        (FATAL, "fatal; related; assumed unexpected"),
    ],
)
def test_why_it_is_reportable_in_words(said: dict[str, Any], because: str) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **(HOSPITAL | said))
    assert trial.field("case", "reportable_because", "AE-1") == because


def test_a_site_s_name_stands_for_the_reporter() -> None:
    trial = f1()
    trial.site = None
    trial.adverse_event("03-10 09:00", **HOSPITAL)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-25")}, "the enrolment names it"


def test_without_any_reporter_no_clock_runs() -> None:
    trial = Trial()
    trial.site = None
    trial.infusion("03-02 10:00", "I1")
    trial.adverse_event("03-10 09:00", **HOSPITAL)
    assert trial.duties() == {}
    trial.site = "WHC"
    trial.follow_up("03-12 09:00")
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-27")}


@pytest.mark.parametrize(("term", "verbatim", "runs"), [(None, None, False), (None, "皮疹", True)])
def test_without_an_event_no_clock_runs(term: str | None, verbatim: str | None, runs: bool) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", term=term, term_verbatim=verbatim, **HOSPITAL)
    assert bool(trial.duties()) == runs


@pytest.mark.parametrize(
    ("onset", "opinion", "runs"),
    [
        ("2026-03-01", "UNRELATED", False),
        ("2026-03-02", "UNRELATED", True),
        ("2026-03-01", "POSSIBLE", True),
        (None, "UNRELATED", True),
    ],
)
def test_the_suspect_product_was_given_by_the_latest_onset_or_is_suspected(
    onset: str | None, opinion: str, runs: bool
) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", onset=onset, **(HOSPITAL | {"investigator": opinion}))
    assert bool(trial.duties()) == runs


@pytest.mark.parametrize(
    ("wait", "said", "state"),
    [
        # The investigator: 48 hours, 24 once serious; the sponsor: 24 hours once serious.
        ("03-12 08:59", {"investigator": None}, None),
        ("03-12 09:00", {"investigator": None}, "firing"),
        ("03-12 09:00", {"investigator": "UNRELATED"}, None),
        ("03-11 08:59", {**HOSPITAL, "investigator": None}, None),
        ("03-11 09:00", {**HOSPITAL, "investigator": None, "sponsor": "UNRELATED"}, "firing"),
        ("03-11 09:00", HOSPITAL, "firing"),
        ("03-11 09:00", {**HOSPITAL, "sponsor": "UNRELATED"}, None),
    ],
)
def test_missing_opinions_are_asked_for(wait: str, said: dict[str, Any], state: str | None) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **said)
    trial.wait(wait)
    assert trial.state("DQ-01") == state


def test_the_24_hours_run_from_the_first_serious_version() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", investigator="POSSIBLE")
    trial.follow_up("03-15 09:00", **HOSPITAL)
    trial.wait("03-17 09:00")
    assert trial.story("DQ-01") == ["03-16 09:00 firing"]
