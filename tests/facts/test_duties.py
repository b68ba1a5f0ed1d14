"""Reports submitted, what they meet, and what follows (DOMAIN 4.3, 4.4; EVENTS)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, criteria, f1

HOSPITAL: dict[str, Any] = {
    "serious": "Y",
    "criteria": criteria(hospitalization="Y"),
    "investigator": "POSSIBLE",
}
LIFE: dict[str, Any] = {
    "serious": "Y",
    "criteria": criteria(life_threatening="Y"),
    "investigator": "POSSIBLE",
}
FATAL: dict[str, Any] = {
    "serious": "Y",
    "grade": 5,
    "outcome": "FATAL",
    "criteria": criteria(death="Y"),
}
SEVEN, FIFTEEN = "AE-1/CN-CDE/initial-7", "AE-1/CN-CDE/initial-15"


def received(*jurisdictions: str, **said: Any) -> Trial:
    trial = f1(*jurisdictions)
    trial.adverse_event("03-10 09:00", **(HOSPITAL | said))
    return trial


@pytest.mark.parametrize(
    ("said", "duty", "due"),
    [
        (HOSPITAL, "initial-15", "26-03-25"),
        (LIFE, "initial-7", "26-03-17"),
        (FATAL, "initial-7", "26-03-17"),
    ],
)
def test_7_or_15_days(said: dict[str, Any], duty: str, due: str) -> None:
    trial = received(**said)
    assert trial.duties() == {f"CN-CDE/{duty}": ("open", due)}


@pytest.mark.parametrize(
    ("code", "due"),
    [("CN-CDE", "26-03-25"), ("EU-CTR", "26-03-25"), ("ICH", "26-03-25"), ("UK", "26-03-25")],
)
def test_the_same_days_before_every_authority(code: str, due: str) -> None:
    trial = received(code)
    assert trial.duties() == {f"{code}/initial-15": ("open", due)}


@pytest.mark.parametrize(
    ("determined", "due"),
    [
        (None, "26-03-25"),
        ("2026-03-12", "26-03-27"),
        ("2026-03-10", "26-03-25"),
        # Determination takes 15 days at most, and never starts a clock before the receipt.
        ("2026-04-20", "26-04-09"),
        ("2026-03-01", "26-03-25"),
    ],
)
def test_us_15_days_from_the_determination(determined: str | None, due: str) -> None:
    trial = received("US-IND")
    trial.follow_up("04-21 09:00", sponsor_determined_at=determined, significant="N")
    assert trial.duties() == {"US-IND/initial-15": ("open", due)}
    assumed = trial.assumed("obligation", "status", "001-004/AE-1/US-IND/initial-15")
    assert ("no determination" in assumed) == (determined is None)


def test_us_an_upgrade_moves_the_15_days_neither_way() -> None:
    trial = received("US-IND", sponsor_determined_at="2026-03-10")
    trial.follow_up("03-12 09:00", sponsor_determined_at="2026-03-12")
    assert trial.duties() == {"US-IND/initial-15": ("open", "26-03-27")}
    trial.follow_up("03-14 09:00", **FATAL)
    assert trial.duties() == {
        "US-IND/initial-7": ("open", "26-03-21"),
        "US-IND/initial-15": ("open", "26-03-27"),
    }


def test_a_report_counts_when_it_is_acknowledged() -> None:
    trial = received()
    trial.submission("03-20 09:00", "SUB-1", FIFTEEN, authority_ack=None)
    assert trial.duties()["CN-CDE/initial-15"][0] == "open"
    assert trial.state("SAE-04") == "firing"
    trial.submission("03-28 09:00", "SUB-1", FIFTEEN, submitted_at="2026-03-20T09:00:00")
    assert trial.duties()["CN-CDE/initial-15"][0] == "met"
    assert trial.state("SAE-04") == "cleared"


@pytest.mark.parametrize(
    ("sent", "in_time"),
    [
        ("2026-03-25T23:59:59+08:00", True),
        ("2026-03-25", True),
        ("2026-03-26T00:00:00+08:00", False),
        # Some time in March: it may have been late.
        ("2026-03", False),
    ],
)
def test_it_is_in_time_by_its_submission(sent: str, in_time: bool) -> None:
    trial = received()
    trial.wait("03-26 09:00")
    assert trial.state("SAE-06", FIFTEEN) == "firing"
    trial.submission("04-02 09:00", "SUB-1", FIFTEEN, submitted_at=sent)
    assert trial.duties()["CN-CDE/initial-15"][0] == "met"
    assert trial.state("SAE-06", FIFTEEN) == ("withdrawal_pending" if in_time else "firing")


def test_a_void_report_was_none() -> None:
    trial = received()
    trial.submission("03-20 09:00", "SUB-1", FIFTEEN)
    trial.void("03-21 09:00", "SUB-1", kind="report-submission")
    assert trial.duties()["CN-CDE/initial-15"][0] == "open"
    assert trial.state("SAE-04") == "firing"


def test_a_report_before_day_0_meets_nothing() -> None:
    trial = received()
    trial.submission("03-20 09:00", "SUB-1", FIFTEEN, submitted_at="2026-03-09")
    assert trial.duties()["CN-CDE/initial-15"][0] == "open"


def upgraded() -> Trial:
    trial = received()
    trial.follow_up("03-12 09:00", **FATAL)
    return trial


def test_a_report_that_names_nothing_meets_what_is_due_first() -> None:
    trial = upgraded()
    trial.submission("03-14 09:00", "SUB-1")
    assert trial.duties()["CN-CDE/initial-7"][0] == "met"
    assert trial.duties()["CN-CDE/initial-15"][0] == "open"
    assert trial.checks("report-submission/SUB-1") == {"submission-covers-missing"}
    trial.submission("03-15 09:00", "SUB-2", report="FOLLOW_UP")
    assert trial.duties()["CN-CDE/completion"][0] == "met", "due on 22 March, before the 25th"


@pytest.mark.parametrize(
    "said",
    [
        {"jurisdiction": "US-IND"},
        {"jurisdiction": None},
        {"case_id": "AE-2"},
        {"case_id": None},
    ],
)
def test_nor_can_it_meet_what_it_does_not_point_at(said: dict[str, Any]) -> None:
    trial = received()
    trial.case("03-11 09:00", "C-1", "AE-1")
    trial.submission("03-14 09:00", "SUB-1", **said)
    assert trial.duties()["CN-CDE/initial-15"][0] == "open"


def test_it_cannot_meet_what_was_not_known_when_it_came() -> None:
    """The 15-day report was sent on the 14th; what became fatal on the 12th came on the 16th."""
    trial = received()
    trial.submission("03-14 09:00", "SUB-1")
    trial.follow_up("03-16 09:00", received="03-12 09:00", **FATAL)
    assert trial.duties()["CN-CDE/initial-15"][0] == "met"
    assert trial.duties()["CN-CDE/initial-7"] == ("open", "26-03-19")


def test_a_case_is_named_by_its_record_or_its_id_too() -> None:
    for name in ("C-1", "CASE-77"):
        trial = received()
        trial.case("03-11 09:00", "C-1", "AE-1", case_id="CASE-77")
        trial.submission("03-14 09:00", "SUB-1", case_id=name)
        assert trial.duties()["CN-CDE/initial-15"][0] == "met"


@pytest.mark.parametrize(
    ("sent", "due"),
    [("03-11 09:00", "26-03-19"), ("03-17 09:00", "26-03-25"), ("03-19 09:00", "26-03-25")],
)
def test_the_completion_8_days_after_the_report_at_most_on_day_15(sent: str, due: str) -> None:
    trial = received(**LIFE)
    trial.submission(sent, "SUB-1", SEVEN)
    assert trial.duties()["CN-CDE/completion"] == ("open", due)
    trial.sign_off("03-20 09:00", "NOT_REPORTABLE", "AE-1/CN-CDE/completion")
    assert trial.duties()["CN-CDE/completion"] == ("signed off", due)


def test_us_no_completion_but_the_written_report() -> None:
    trial = received("US-IND", **LIFE)
    assert trial.duties() == {
        "US-IND/initial-7": ("open", "26-03-17"),
        "US-IND/initial-15": ("open", "26-03-25"),
    }
    covers = "AE-1/US-IND/initial-7"
    trial.submission("03-12 09:00", "SUB-1", covers, jurisdiction="US-IND")
    assert {duty: each for duty, (each, _) in trial.duties().items()} == {
        "US-IND/initial-7": "met",
        "US-IND/initial-15": "open",
    }


def reported(*jurisdictions: str, **said: Any) -> Trial:
    trial = received(*jurisdictions, **said)
    duties = [f"AE-1/{duty}" for duty in trial.duties()]
    trial.submission("03-12 09:00", "SUB-1", *duties)
    return trial


@pytest.mark.parametrize(
    ("said", "significant"),
    [
        ({"criteria": criteria(hospitalization="Y", disability="Y")}, True),
        ({"sponsor": "UNRELATED"}, True),
        ({"expected": "N"}, True),
        ({"term": "Erythema multiforme"}, True),
        ({"meddra": {"pt": 1}}, True),
        ({"onset": "2026-03-09"}, True),
        ({"infusion_ref": "I3"}, True),
        ({"narrative": "more"}, True),
        ({"grade": 3}, True),
        ({}, False),
        ({"investigator_aware_at": "2026-03-10"}, False),
    ],
)
def test_what_is_significant(said: dict[str, Any], significant: bool) -> None:
    trial = reported()
    trial.follow_up("03-20 09:00", **said)
    expected = {"CN-CDE/follow-up-2026-03-20": ("open", "26-04-04")} if significant else {}
    assert {d: s for d, s in trial.duties().items() if "follow-up" in d} == expected


def test_before_the_report_nothing_follows() -> None:
    trial = received()
    trial.follow_up("03-11 09:00", grade=3)
    trial.submission("03-12 09:00", "SUB-1", FIFTEEN)
    assert list(trial.duties()) == ["CN-CDE/initial-15"]


def test_received_some_time_on_the_day_of_the_report_it_may_not_have_been_in_it() -> None:
    trial = received()
    trial.follow_up("03-12 09:00", grade=3)
    trial.submission("03-12 18:00", "SUB-1", FIFTEEN, submitted_at="2026-03-12")
    assert "CN-CDE/follow-up-2026-03-12" in trial.duties()


@pytest.mark.parametrize(("code", "due"), [("CN-CDE", "26-03-27"), ("EU-CTR", "26-04-04")])
def test_life_threatening_became_fatal(code: str, due: str) -> None:
    trial = reported(code, **LIFE)
    trial.follow_up("03-20 09:00", **FATAL)
    assert trial.duties()[f"{code}/follow-up-2026-03-20"] == ("open", due)
    assert trial.field("case", "follow_up_fatal", "AE-1") == "yes"
    assert trial.field("case", "follow_up", "AE-1") == "open"


def test_of_two_changes_on_a_day_the_sooner_due_counts() -> None:
    trial = reported(**LIFE)
    trial.follow_up("03-20 09:00", grade=4)
    trial.follow_up("03-20 18:00", **FATAL)
    assert trial.duties()["CN-CDE/follow-up-2026-03-20"] == ("open", "26-03-27")


def test_an_upgrade_after_the_report_has_the_clock_of_the_upgrade() -> None:
    trial = reported()
    trial.follow_up("03-20 09:00", **FATAL)
    assert trial.duties() == {
        "CN-CDE/initial-15": ("met", "26-03-25"),
        "CN-CDE/initial-7": ("open", "26-03-27"),
    }


def test_a_follow_up_is_met_by_a_report_that_names_it() -> None:
    trial = reported()
    trial.follow_up("03-20 09:00", grade=3)
    trial.follow_up("03-22 09:00", narrative="more")
    trial.submission("03-25 09:00", "SUB-2", "AE-1/CN-CDE/follow-up-2026-03-20")
    found = {duty: each for duty, (each, _) in trial.duties().items() if "follow" in duty}
    assert found == {
        "CN-CDE/follow-up-2026-03-20": "met",
        "CN-CDE/follow-up-2026-03-22": "open",
    }
    assert trial.field("case", "follow_up", "AE-1") == "open"


def test_a_void_after_the_report_leaves_the_report_met() -> None:
    trial = reported()
    trial.void("03-20 09:00")
    assert trial.duties()["CN-CDE/initial-15"][0] == "met"


@pytest.mark.parametrize(
    ("until", "story"),
    [
        ("03-22 23:59:58", []),
        ("03-22 23:59:59", ["03-22 23:59 firing"]),
        ("03-25 23:59:59", ["03-22 23:59 firing"]),
        ("03-26 00:00:00", ["03-22 23:59 firing", "03-26 00:00 cleared"]),
    ],
)
def test_the_warning_begins_72_hours_before(until: str, story: list[str]) -> None:
    trial = received()
    trial.wait(until)
    assert trial.story("SAE-05", FIFTEEN) == story


def test_the_worst_state_over_all_authorities_is_the_cases() -> None:
    trial = received("CN-CDE", "EU-CTR")
    assert trial.field("case", "initial_15", "AE-1") == "open"
    trial.submission("03-12 09:00", "SUB-1", FIFTEEN)
    assert trial.field("case", "initial_15", "AE-1") == "open"
    trial.submission("03-13 09:00", "SUB-2", "AE-1/EU-CTR/initial-15", jurisdiction="EU-CTR")
    assert trial.field("case", "initial_15", "AE-1") == "met"
    assert trial.field("case", "initial_7", "AE-1") == "none"
