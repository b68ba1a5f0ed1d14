"""Edge cases, area clock: one case or two, expectedness, seriousness; with their neighbours."""

from typing import Any

import pytest

from tests.edge.kit import SERIOUS, SUSPECTED, treated
from tests.facts.kit import Trial, criteria, f1


def test_ec_069_two_messages_of_one_worldwide_case_are_one_clock() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    trial.case("03-01 11:00", "C-1", "AE-1", worldwide_id="CN-X-1", safety_report_id="A")
    trial.adverse_event("03-04 10:00", "AE-2", **SERIOUS, **SUSPECTED)
    trial.case("03-04 11:00", "C-2", "AE-2", worldwide_id="CN-X-1", safety_report_id="B")
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-16")}
    assert trial.duties("AE-2") == {}
    assert trial.state("SAE-04", "AE-2") == "withdrawn"


def test_ec_069_another_worldwide_case_has_its_own_clock() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    trial.case("03-01 11:00", "C-1", "AE-1", worldwide_id="CN-X-1")
    trial.adverse_event("03-04 10:00", "AE-2", **SERIOUS, **SUSPECTED)
    trial.case("03-04 11:00", "C-2", "AE-2", worldwide_id="CN-X-2")
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-19")}


def twice(**second: Any) -> Trial:
    """One event, told by the site and, a day of onset apart, by the safety desk."""
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    said: dict[str, Any] = {"onset": "2026-03-02", "received": "03-03 10:00", **second}
    with trial.entering("safety-desk"):
        trial.adverse_event("03-03 11:00", "AE-2", **SERIOUS, **SUSPECTED, **said)
    return trial


PAIR = ("adverse-event/AE-1", "adverse-event/AE-2")


def test_ec_070_two_entries_of_one_event_are_kept_and_run_one_clock() -> None:
    trial = twice()
    assert trial.state("DQ-06", *PAIR) == "firing"
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-16")}
    assert trial.duties("AE-2") == {}
    assert (trial.state("SAE-01", "AE-1"), trial.state("SAE-01", "AE-2")) == ("firing", "firing")
    assert trial.due("SAE-01", "AE-2") == trial.due("SAE-01", "AE-1") != {}


def test_ec_070_the_earliest_receipt_is_day_0_though_it_was_entered_later() -> None:
    trial = twice(onset="2026-02-28", received="02-28 10:00")
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-15")}
    assert trial.duties("AE-2") == {}


@pytest.mark.parametrize(
    ("second", "entered_by"),
    [
        ({"onset": "2026-03-03"}, "safety-desk"),
        ({"onset": None}, "safety-desk"),
        ({"term": "Urticaria"}, "safety-desk"),
        ({}, "edc"),
    ],
)
def test_ec_070_what_is_not_surely_the_same_has_its_own_clock(
    second: dict[str, Any], entered_by: str
) -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    said = {"onset": "2026-03-02", **second}
    with trial.entering(entered_by):
        trial.adverse_event("03-03 11:00", "AE-2", **SERIOUS, **SUSPECTED, **said)
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-16")}
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-18")}


@pytest.mark.parametrize(("answer", "apart"), [("NOT_DUPLICATE", True), ("DUPLICATE", False)])
def test_ec_070_somebody_rules(answer: str, *, apart: bool) -> None:
    trial = twice()
    trial.rule_on_two("03-04 10:00", answer, *PAIR)
    assert trial.state("DQ-06", *PAIR) == "cleared"
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("open", "26-03-16")}
    own = {"CN-CDE/initial-15": ("open", "26-03-18")}
    assert trial.duties("AE-2") == (own if apart else {})


def test_ec_070_the_first_entered_in_error_leaves_the_other_its_own_clock() -> None:
    trial = twice()
    trial.void("03-04 10:00", "AE-1")
    assert trial.duties("AE-1") == {"CN-CDE/initial-15": ("end proposed", "26-03-16")}
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-18")}


def test_ec_070_a_follow_up_by_the_desk_makes_no_second_entry() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", "AE-1", **SERIOUS, **SUSPECTED)
    trial.adverse_event("03-02 10:00", "AE-2", **SERIOUS, **SUSPECTED)
    with trial.entering("safety-desk"):
        trial.follow_up("03-03 10:00", "AE-2", sponsor="POSSIBLE")
    assert trial.state("DQ-06", *PAIR) is None
    assert trial.duties("AE-2") == {"CN-CDE/initial-15": ("open", "26-03-17")}


def test_ec_070_of_three_in_a_row_the_last_is_near_the_first_no_more() -> None:
    trial = twice()
    trial.adverse_event("03-04 10:00", "AE-3", onset="2026-03-03", **SERIOUS, **SUSPECTED)
    assert trial.duties("AE-2") == {}
    assert trial.duties("AE-3") == {"CN-CDE/initial-15": ("open", "26-03-19")}


def ec_072(onset: str, *, first: tuple[str, ...] = ()) -> Trial:
    trial = f1()
    trial.rsi("2026-01-05 09:00", "RSI-1", "2026-01-01", *first)
    trial.rsi("03-10 08:00", "RSI-2", "2026-03-10", "rash maculo-papular")
    trial.adverse_event("03-12 10:00", onset=onset, **SERIOUS, **SUSPECTED)
    trial.follow_up("03-12 18:00", expected="Y")
    return trial


def test_ec_072_the_information_in_force_at_onset_judges() -> None:
    trial = ec_072("2026-03-05")
    assert trial.field("case", "expectedness", "AE-1") == "assumed unexpected"
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-27")}
    assert "expectedness-disagrees" in trial.checks("adverse-event/AE-1")


def test_ec_072_on_its_first_day_the_new_one_judges() -> None:
    trial = ec_072("2026-03-10")
    assert trial.duties() == {"CN-CDE/initial-15": ("answered", "26-03-27")}
    assert trial.checks("adverse-event/AE-1") == set()


def test_ec_073_unrelated_by_both_is_no_susar() -> None:
    trial = f1()
    trial.adverse_event("03-06 10:00", investigator="UNRELATED", sponsor="UNRELATED", **SERIOUS)
    assert trial.state("SAE-01") == "firing"
    assert trial.duties() == {}
    assert trial.standing("SAE-03", "SAE-04") == set()


def test_ec_075_a_planned_stay_is_not_serious_and_a_prolonged_one_is() -> None:
    trial = f1()
    trial.adverse_event("03-06 10:00", "AE-1", term="Nausea", **SUSPECTED)
    assert trial.state("SAE-01") is None
    trial.follow_up("03-07 10:00", "AE-1", criteria=criteria(hospitalization="Y"))
    assert trial.state("SAE-01") == "firing"
    assert trial.state("SAE-08") == "firing"


@pytest.mark.parametrize("life_threatening", ["N", None])
def test_ec_076_grade_4_is_not_serious_by_itself(life_threatening: str | None) -> None:
    trial = f1()
    trial.adverse_event(
        "03-06 10:00",
        term="Neutrophil count decreased",
        grade=4,
        criteria=criteria(life_threatening=life_threatening),
        **SUSPECTED,
    )
    assert trial.ae("serious") == "no"
    assert trial.ae("life_threatening") == "no"
    assert trial.standing("SAE-01", "SAE-03", "SAE-04") == set()


@pytest.mark.parametrize(
    ("grade", "duty"), [(1, "15"), (2, "15"), (3, "15"), (4, "7"), (5, "7"), (None, "7")]
)
@pytest.mark.parametrize("stated", [None, "N"])
def test_ec_078_serious_without_a_criterion(
    grade: int | None, duty: str, stated: str | None
) -> None:
    trial = f1()
    trial.adverse_event(
        "03-06 10:00",
        serious="Y",
        grade=grade,
        criteria=dict.fromkeys(criteria(), stated),
        **SUSPECTED,
    )
    days = {"7": "26-03-13", "15": "26-03-21"}
    assert trial.duties() == {f"CN-CDE/initial-{duty}": ("open", days[duty])}
    assert "serious-without-criterion" in trial.checks("adverse-event/AE-1")


def test_ec_078_until_the_criterion_is_entered() -> None:
    trial = f1()
    blank: dict[str, Any] = dict.fromkeys(criteria())
    trial.adverse_event("03-06 10:00", serious="Y", grade=4, criteria=blank, **SUSPECTED)
    assert "life-threatening" in trial.assumed(
        "obligation", "status", "001-004/AE-1/CN-CDE/initial-7"
    )
    trial.follow_up("03-08 10:00", criteria=criteria(hospitalization="Y"))
    assert trial.duties() == {
        "CN-CDE/initial-7": ("end proposed", "26-03-13"),
        "CN-CDE/initial-15": ("open", "26-03-21"),
    }, "the 15-day report takes over with the same day 0"
