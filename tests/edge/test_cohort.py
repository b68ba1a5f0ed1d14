"""Edge cases of dose finding, by the numbers of the domain's table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.dose import Level
from tests.facts.kit import Trial, at, f1


def test_ec_025_given_the_product_of_another_level() -> None:
    trial = Trial()
    trial.enrolment(dose_level="DL1", cohort_no=1)
    given = {"dose_level_assigned": "DL1", "dose_level_actual": "DL2"}
    trial.infusion("03-02 10:00", "I1", **given)
    trial.add(
        "03-06 12:00",
        "vital-signs",
        "VS-1",
        {"at": at("03-06 11:00").isoformat(), "pulse_per_min": "80"},
    )
    assert trial.field("dlt status", "dose_level") == "DL2"
    assert trial.field("dlt status", "dose_level_assigned") == "DL1"
    assert trial.field("dlt status", "status_registered") == "undetermined"
    assert trial.field("dose level", "undetermined", "DL2") == 1
    assert trial.state("SAE-13", "infusion/I1") == "firing"
    # Until the committee rules; what it says counts.
    trial.sign_off("03-08 10:00", "EVALUABILITY", "I1", "Y")
    assert trial.field("dlt status", "status_registered") == "evaluable no dlt"
    assert trial.field("dose level", "n", "DL2") == 1
    assert trial.field("dose level", "n", "DL1") == 0


def test_ec_034_causality_missing_holds_the_cohort() -> None:
    trial = Trial()
    level = Level(trial)
    new = level.treat(3)
    level.toxic(new[0], when="03-05 10:00", investigator=None)
    level.observe(*new)
    with trial.of(new[0]):
        assert trial.state("DLT-03") == "firing"
    assert (level.figures, level.field("undetermined")) == ((2, 0), 1)
    assert trial.state("DLT-05", "DL1") is None
    with trial.of(new[0]):
        trial.follow_up("03-08 10:00", investigator="UNRELATED", sponsor="UNRELATED")
    assert level.figures == (3, 0)
    assert trial.state("DLT-05", "DL1") == "firing"


def test_ec_039_two_events_of_one_subject_are_one() -> None:
    trial = Trial()
    level = Level(trial)
    new = level.treat(3)
    level.toxic(new[0])
    with trial.of(new[0]):
        trial.adverse_event(
            "03-07 11:00", "AE-2", term="Fever", onset="2026-03-03", investigator="LIKELY"
        )
    assert level.figures == (1, 1)
    reason = trial.field("dlt status", "reason_registered", new[0])
    assert "AE-1" in reason
    assert "AE-2" in reason
    fact = trial.fact("dose level", "DL1")
    assert fact is not None
    assert {"AE-1", "AE-2"} <= {each.record_id for each in fact.values["x"].records}


@pytest.mark.parametrize("told_by_status", [False, True])
def test_ec_041_died_of_the_disease(told_by_status: bool) -> None:
    trial = f1(infusions=2)
    trial.plan("02-20 16:00", "I3", "03-09")
    trial.adverse_event(
        "03-08 20:00",
        term="Leukaemia progression",
        grade=5,
        serious="Y",
        outcome="FATAL",
        investigator="UNRELATED",
        sponsor="UNRELATED",
    )
    if told_by_status:
        trial.status("03-09 09:00", status="DEAD", death_date="2026-03-08")
    assert trial.field("dlt status", "status_registered") == "not evaluable"
    assert "died" in trial.field("dlt status", "reason_registered")
    assert trial.state("SAE-12", trial.subject) == "firing"


def test_ec_043_a_toxicity_counts_though_the_subject_withdrew() -> None:
    trial = Trial()
    level = Level(trial)
    (one,) = level.treat(1)
    with trial.of(one):
        trial.status("03-04 09:00", status="WITHDRAWN")
    assert level.status(one) == "not evaluable"
    level.toxic(one)
    assert level.status(one) == "evaluable dlt"
    assert level.figures == (1, 1)


def test_ec_044_two_of_six() -> None:
    trial = Trial(stepwise=False)
    level = Level(trial)
    level.count(6, 2)
    assert level.figures == (6, 2)
    assert trial.field("dose finding", "mtd") == "DL1"
    assert trial.field("dose finding", "standing") == "candidate, in conflict"
    assert "candidate, in conflict" in trial.fold.book.alert("UC-MSC|MTD-01").headline  # type: ignore[union-attr]
    assert level.field("advice_3_3") == "de-escalate"
    assert level.field("advice_boin") == "stay"
    assert trial.standing("DLT-06", "MTD-02") == {"DLT-06", "MTD-02"}


def test_ec_046_three_of_eight_fails() -> None:
    trial = Trial(stepwise=False)
    level = Level(trial)
    level.count(8, 3)
    assert level.field("passes_alone") == "no"
    assert trial.state("DLT-06", "DL1") == "firing"
    assert trial.field("dose finding", "mtd") == "none"


def test_ec_047_three_of_nine_passes() -> None:
    trial = Trial(stepwise=False)
    level = Level(trial)
    new = level.treat(9)
    level.observe(*new[3:])
    level.toxic(*new[:3])
    assert level.figures == (9, 3)
    assert level.field("passes_alone") == "yes"
    assert trial.field("dose finding", "mtd") == "DL1"
    assert trial.state("DLT-06", "DL1") is None


def test_ec_049_lost_by_two_late_toxicities() -> None:
    trial = Trial(stepwise=False)
    lower, level = Level(trial, "DL1"), Level(trial, "DL2")
    lower.count(6, 1)
    level.count(6, 1)
    level.decide("03-10 10:00", "DECLARE_MTD", 6, 1, cohort_no=1)
    assert trial.field("dose finding", "mtd") == "DL2"
    assert trial.fold.book.alert("UC-MSC|MTD-01").state == "cleared"  # type: ignore[union-attr]
    late = level.subjects[4:]
    level.toxic(*late, when="04-10 10:00")
    assert level.figures == (6, 3)
    assert trial.state("DLT-06", "DL2") == "firing"
    found = trial.fold.book.alert("UC-MSC|MTD-01")
    assert found is not None
    assert (found.state, "DL1" in found.headline) == ("firing", True)
    (decision,) = trial.monitor.chart.view.of_study("decision")
    assert [trial.state("DLT-04", each, decision.record_id, "REGISTERED") for each in late] == [
        "firing"
    ] * 2


def test_ec_051_three_of_three() -> None:
    trial = Trial()
    level = Level(trial)
    level.count(3, 3)
    assert level.field("advice_boin") == "eliminate this dose and all above"
    assert trial.state("DLT-07", "DL1") == "firing"
    probability = trial.fact("dose level", "DL1").values["boin_probability"].low  # type: ignore[union-attr]
    assert round(probability, 3) == round(type(probability)("0.992"), 3)


def test_ec_131_two_subjects_of_one_lot() -> None:
    trial = Trial()
    for subject in ("001-001", "001-002"):
        with trial.of(subject):
            trial.enrolment()
            trial.infusion("03-02 10:00", "I1", lot="L7", donor_id="D1")
    reaction = {"term": "Infusion related reaction", "onset": "2026-03-02T11:00"}
    with trial.of("001-001"):
        trial.adverse_event("03-02 18:00", "AE-1", **reaction)
        trial.adverse_event("03-02 19:00", "AE-2", **reaction | {"onset": "2026-03-02T12:00"})
    assert trial.state("IRR-09", "lot", "L7") is None
    with trial.of("001-002"):
        trial.adverse_event("03-02 20:00", "AE-3", **reaction)
    found = trial.alert("IRR-09", "lot", "L7")
    assert (found.state, found.priority) == ("firing", "critical")
    assert trial.state("IRR-09", "donor", "D1") is None


def test_ec_139_three_events_in_two_subjects() -> None:
    trial = Trial()
    serious: dict[str, Any] = {
        "serious": "Y",
        "grade": 3,
        "investigator": "UNRELATED",
        "sponsor": "UNRELATED",
    }
    terms = iter(("Sepsis", "Pneumonia", "Ileus", "Stroke"))
    for subject, days in (("002-001", ("03-03", "03-07")), ("002-002", ("03-12",))):
        with trial.of(subject, site="WUH"):
            trial.enrolment()
            for day in days:
                trial.adverse_event(f"{day} 18:00", f"AE-{day}", term=next(terms), **serious)
    assert trial.field("site", "subjects_14d", "WUH") == 2
    assert trial.state("AGG-01", "WUH") is None
    with trial.of("002-003", site="WUH"):
        trial.enrolment()
        trial.adverse_event("03-13 18:00", "AE-9", term=next(terms), **serious)
    assert trial.state("AGG-01", "WUH") == "firing"
