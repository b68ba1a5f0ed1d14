"""Edge cases, area clock: day 0, due dates, upgrades, downgrades; with their neighbours."""

import pytest

from tests.edge.kit import FATAL, LIFE_THREATENING, SERIOUS, SUSPECTED, treated
from tests.facts.kit import Trial, criteria, f1


def test_ec_052_late_on_day_0_and_over_the_new_year() -> None:
    trial = treated()
    trial.adverse_event("02-10 23:50", **FATAL, **SUSPECTED)
    assert trial.day0("AE-1/CN-CDE/initial-7") == "26-02-10"
    assert trial.due("SAE-03") == {"CN-CDE initial, 7 days": "26-02-17"}
    assert trial.alert("SAE-03").due[0].due.isoformat() == "2026-02-17T23:59:59+08:00"


@pytest.mark.parametrize(
    ("sent", "due"),
    [("02-15 10:00", "26-02-23"), ("02-17 10:00", "26-02-25"), ("02-20 10:00", "26-02-25")],
)
def test_ec_052_the_completion_is_due_8_days_after_it_and_at_most_on_day_15(
    sent: str, due: str
) -> None:
    trial = treated()
    trial.adverse_event("02-10 23:50", **FATAL, **SUSPECTED)
    trial.submission(sent, "SUB-1", "AE-1/CN-CDE/initial-7")
    assert trial.duties()["CN-CDE/completion"] == ("open", due)
    trial.submission("02-22 10:00", "SUB-2", "AE-1/CN-CDE/completion")
    assert trial.duties()["CN-CDE/completion"][0] == "met"


def test_ec_052_ten_minutes_later_is_another_day() -> None:
    trial = treated()
    trial.adverse_event("02-11 00:00", onset="2026-02-10", **FATAL, **SUSPECTED)
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "26-02-18")}


def test_ec_054_a_leap_day_counts() -> None:
    trial = treated(on="2028-02-05 10:00")
    trial.adverse_event("2028-02-20 10:00", **SERIOUS, **SUSPECTED)
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "28-03-06")}


def test_ec_055_a_leap_day_counts_in_the_7_days() -> None:
    trial = treated(on="2028-02-05 10:00")
    trial.adverse_event("2028-02-25 10:00", **FATAL, **SUSPECTED)
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "28-03-03")}


def test_ec_057_the_receipt_of_a_delegate_is_day_0() -> None:
    trial = f1()
    trial.adverse_event("03-04 15:00", received="03-03 20:00", onset="2026-03-03", **SERIOUS)
    assert trial.day0("AE-1/CN-CDE/initial-15") == "26-03-03"


@pytest.mark.parametrize("why", ["follow_up", "correct"])
@pytest.mark.parametrize(
    ("first", "other", "day0"),
    [
        ("03-04 10:00", "03-03 20:00", "26-03-03"),
        ("03-03 20:00", "03-04 10:00", "26-03-03"),
        ("03-04 00:00", "03-03 23:59", "26-03-03"),
    ],
)
def test_ec_057_whoever_tells_it_later_the_first_receipt_counts(
    why: str, first: str, other: str, day0: str
) -> None:
    trial = f1()
    trial.adverse_event("03-04 15:00", received=first, onset="2026-03-03", **SERIOUS)
    getattr(trial, why)("03-06 10:00", received=other)
    assert trial.day0("AE-1/CN-CDE/initial-15") == day0


def test_ec_058_the_minimum_criteria_are_complete_when_the_subject_is_known() -> None:
    trial = f1(infusions=0)
    trial.subject = None
    trial.adverse_event("03-01 10:00", "AE-N", **SERIOUS, **SUSPECTED)
    assert trial.duties("AE-N") == {}
    assert trial.state("SAE-01", "AE-N") == "firing"
    trial.wait("03-02 09:59:59")
    assert trial.state("SAE-10", "AE-N") is None
    trial.wait("03-02 10:00")
    assert trial.state("SAE-10", "AE-N") == "firing"
    said = trial._said("AE-N")
    trial.subject = "001-004"
    trial.add(
        "03-05 10:00",
        "adverse-event",
        "AE-N",
        said | {"received_by_sponsor_at": "2026-03-05T10:00:00+08:00"},
        version=2,
        why="FOLLOW_UP",
    )
    assert trial.duties("AE-N") == {"CN-CDE/initial-15": ("open", "26-03-20")}
    assert trial.day0("AE-N/CN-CDE/initial-15") == "26-03-05"
    with trial.of(None):
        assert trial.state("SAE-01", "AE-N") == "withdrawn"
        assert "now under" in trial.alert("SAE-01", "AE-N").change
        assert trial.story("SAE-10", "AE-N") == ["03-02 10:00 firing", "03-05 10:00 withdrawn"]
        assert "now under" in trial.alert("SAE-10", "AE-N").change
    assert trial.state("SAE-10", "AE-N") is None, "all four criteria are there"


def ec_060(died: str) -> Trial:
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up(died, **FATAL)
    return trial


def test_ec_060_a_death_opens_its_own_clock_and_closes_none() -> None:
    trial = ec_060("03-05 10:00")
    assert trial.duties() == {
        "CN-CDE/initial-7": ("open", "26-03-12"),
        "CN-CDE/initial-15": ("open", "26-03-16"),
    }
    assert list(trial.due("SAE-08").values()) == ["26-03-12", "26-03-16"], "the earliest governs"
    both = ("AE-1/CN-CDE/initial-7", "AE-1/CN-CDE/initial-15")
    trial.submission("03-10 10:00", "SUB-1", *both)
    assert {status for status, _ in trial.duties().values()} == {"met", "open"}
    assert trial.duties()["CN-CDE/completion"] == ("open", "26-03-18")
    assert (trial.state("SAE-03"), trial.state("SAE-04")) == ("cleared", "cleared")


def test_ec_060_a_report_that_covers_one_leaves_the_other() -> None:
    trial = ec_060("03-05 10:00")
    trial.submission("03-10 10:00", "SUB-1", "AE-1/CN-CDE/initial-7")
    assert (trial.state("SAE-03"), trial.state("SAE-04")) == ("cleared", "firing")


def test_ec_061_the_earlier_due_date_governs() -> None:
    trial = ec_060("03-14 10:00")
    assert trial.duties() == {
        "CN-CDE/initial-7": ("open", "26-03-21"),
        "CN-CDE/initial-15": ("open", "26-03-16"),
    }
    assert list(trial.due("SAE-08").values()) == ["26-03-16", "26-03-21"]
    assert trial.state("SAE-08") == "firing"


def reported() -> Trial:
    trial = treated()
    trial.adverse_event("03-01 10:00", narrative="as told", **SERIOUS, **SUSPECTED)
    trial.submission("03-10 10:00", "SUB-1", "AE-1/CN-CDE/initial-15")
    return trial


def test_ec_063_significant_information_after_the_report_is_due_in_15_days() -> None:
    trial = reported()
    trial.follow_up("03-20 10:00", criteria=criteria(hospitalization="Y", disability="Y"))
    assert trial.duties()["CN-CDE/follow-up-2026-03-20"] == ("open", "26-04-04")
    trial.submission("03-25 10:00", "SUB-2", "AE-1/CN-CDE/follow-up-2026-03-20", report="FOLLOW_UP")
    assert trial.duties()["CN-CDE/follow-up-2026-03-20"][0] == "met"


@pytest.mark.parametrize(("significant", "follow_up"), [("N", False), ("Y", True), (None, True)])
def test_ec_064_a_spelling_error_is_significant_until_a_person_says_no(
    significant: str | None, follow_up: bool
) -> None:
    trial = reported()
    trial.correct("03-20 10:00", narrative="as it was told", significant=significant)
    assert ("CN-CDE/follow-up-2026-03-20" in trial.duties()) == follow_up


def test_ec_064_a_change_on_the_list_cannot_be_declared_insignificant() -> None:
    trial = reported()
    trial.follow_up("03-20 10:00", sponsor="UNRELATED", significant="N")
    assert "CN-CDE/follow-up-2026-03-20" in trial.duties()


def test_ec_066_the_7_days_run_from_receipt_in_the_us_too() -> None:
    trial = treated("CN-CDE", "US-IND")
    trial.adverse_event("03-01 10:00", **LIFE_THREATENING, **SUSPECTED)
    trial.follow_up("03-04 10:00", sponsor_determined_at="2026-03-04")
    assert trial.duties() == {
        "CN-CDE/initial-7": ("open", "26-03-08"),
        "US-IND/initial-7": ("open", "26-03-08"),
        "US-IND/initial-15": ("open", "26-03-16"),
    }
    trial.submission("03-05 10:00", "SUB-1", "AE-1/US-IND/initial-7", jurisdiction="US-IND")
    assert "US-IND/completion" not in trial.duties(), "the written report takes its place"


def test_ec_067_a_downgrade_waits_for_a_signature() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up("03-03 10:00", serious="N", criteria=criteria())
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-03-16")}
    assert trial.state("SAE-04") == "withdrawal_pending"
    assert trial.due("SAE-04") == {"CN-CDE initial, 15 days": "26-03-16"}, "still due"
    assert trial.state("SAE-09") == "firing"
    trial.sign_off("03-04 10:00", "SERIOUSNESS_DOWNGRADE", "AE-1")
    assert trial.duties() == {"CN-CDE/initial-15": ("signed off", "26-03-16")}
    assert trial.state("SAE-04") == "withdrawn"
    assert trial.state("SAE-09") == "cleared"


def test_ec_067_refused_it_is_upheld() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up("03-03 10:00", serious="N", criteria=criteria())
    trial.sign_off("03-04 10:00", "SERIOUSNESS_DOWNGRADE", "AE-1", answer="N")
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-16")}
    assert (trial.state("SAE-04"), trial.state("SAE-09")) == ("firing", "cleared")
    assert trial.state("SAE-01") == "firing", "upheld too"


def test_ec_067_unsigned_it_is_breached() -> None:
    trial = treated()
    trial.adverse_event("03-01 10:00", **SERIOUS, **SUSPECTED)
    trial.follow_up("03-03 10:00", serious="N", criteria=criteria())
    obligation = "AE-1/CN-CDE/initial-15"
    trial.wait("03-16 23:59:59")
    assert trial.state("SAE-06", obligation) is None
    trial.wait("03-17 00:00:00")
    assert trial.state("SAE-06", obligation) == "firing"
    assert trial.story("SAE-05", obligation) == ["03-13 23:59 firing", "03-17 00:00 cleared"]
