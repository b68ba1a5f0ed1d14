"""Silent sites and feeds, and rules that failed (DQ-07)."""

import pytest

from tests.facts.kit import Trial, at

RULE = "DQ-07"


def heartbeat(trial: Trial, when: str, feed: str = "lims") -> None:
    data = {"feed": feed, "at": at(when).isoformat()}
    trial.add(when, "feed-heartbeat", f"FEED-{feed}", data, subject_id=None)


def silence(trial: Trial, when: str, **said: str) -> None:
    timed = ("since", "until")
    data = {name: at(word).isoformat() if name in timed else word for name, word in said.items()}
    trial.add(when, "feed-silence", "SILENCE-1", data, subject_id=None, site_id=None)


def seen(trial: Trial, *days: str) -> None:
    for day in days:
        trial.status(f"{day} 10:00", f"DS-{day}", last_known_alive=f"2026-{day}")


@pytest.mark.parametrize(("until", "state"), [("03-02 10:14", None), ("03-02 10:15", "firing")])
def test_a_feed_is_silent_after_a_quarter_of_an_hour(until: str, state: str | None) -> None:
    trial = Trial()
    heartbeat(trial, "03-02 10:00")
    trial.wait(until)
    assert trial.state(RULE, "feed", "lims") == state


def test_a_heartbeat_ends_the_silence_of_its_own_feed_only() -> None:
    trial = Trial()
    heartbeat(trial, "03-02 10:00")
    heartbeat(trial, "03-02 10:01", "edc")
    trial.wait("03-02 11:00")
    heartbeat(trial, "03-02 11:05")
    assert trial.state(RULE, "feed", "lims") == "cleared"
    assert trial.state(RULE, "feed", "edc") == "firing"


def test_the_service_says_that_a_feed_fell_silent_and_that_it_returned() -> None:
    trial = Trial()
    silence(trial, "03-02 10:20", feed="lims", since="03-02 10:05")
    assert trial.state(RULE, "feed", "lims") == "firing"
    silence(trial, "03-02 12:00", feed="lims", since="03-02 10:05", until="03-02 12:00")
    assert trial.state(RULE, "feed", "lims") == "cleared"


@pytest.mark.parametrize(("until", "state"), [("03-07 09:59", None), ("03-07 10:00", "firing")])
def test_a_site_with_daily_events_is_silent_after_72_hours(until: str, state: str | None) -> None:
    trial = Trial()
    trial.enrolment("03-01 10:00")
    seen(trial, "03-02", "03-03", "03-04")
    trial.wait(until)
    assert trial.state(RULE, "site", "WHC") == state


@pytest.mark.parametrize(("until", "state"), [("03-13 09:59", None), ("03-13 10:00", "firing")])
def test_three_times_a_median_gap_of_two_days(until: str, state: str | None) -> None:
    trial = Trial()
    trial.enrolment("03-01 10:00")
    seen(trial, "03-03", "03-05", "03-07")
    trial.wait(until)
    assert trial.state(RULE, "site", "WHC") == state


def test_heartbeats_of_a_site_do_not_count_and_any_event_does() -> None:
    trial = Trial()
    trial.enrolment("03-01 10:00")
    seen(trial, "03-02", "03-03", "03-04")
    heartbeat(trial, "03-06 10:00")
    trial.wait("03-07 11:00")
    assert trial.state(RULE, "site", "WHC") == "firing"
    with trial.of(None):
        trial.adverse_event("03-07 12:00", "AE-N")
    assert trial.state(RULE, "site", "WHC") == "cleared"


@pytest.mark.parametrize("status", ["COMPLETED", "WITHDRAWN", "LOST", "DEAD"])
def test_a_site_without_active_subjects_may_be_silent(status: str) -> None:
    trial = Trial()
    trial.enrolment("03-01 10:00")
    trial.status("03-02 10:00", "DS-9", status=status)
    trial.wait("04-20 10:00")
    assert trial.state(RULE, "site", "WHC") is None
    with trial.of("001-005"):
        trial.enrolment("04-20 11:00")
    trial.wait("07-10 10:00")  # gaps of 1 and of 49 days: three times their median is 75 days
    assert trial.state(RULE, "site", "WHC") == "firing"


@pytest.mark.parametrize("status", ["ACTIVE", "TREATMENT_DISCONTINUED", "SCREENED"])
def test_other_statuses_leave_a_subject_active(status: str) -> None:
    trial = Trial()
    trial.enrolment("03-01 10:00")
    trial.status("03-02 10:00", "DS-9", status=status)
    trial.wait("04-20 10:00")
    assert trial.state(RULE, "site", "WHC") == "firing"


def test_the_last_subject_leaving_ends_it() -> None:
    trial = Trial()
    trial.enrolment("03-01 10:00")
    trial.wait("03-20 10:00")
    assert trial.state(RULE, "site", "WHC") == "firing"
    trial.site = "TJH"
    trial.status("03-20 11:00", "DS-9", status="LOST")
    assert trial.state(RULE, "site", "WHC") == "cleared"


def test_a_rule_that_failed_and_one_that_evaluates_again() -> None:
    trial = Trial()
    error = {"rule": "DLT-01", "about": {"subject": "001-004"}, "message": "ZeroDivisionError"}
    trial.add("03-02 10:00", "rule-error", "DLT-01", error, subject_id=None, site_id=None)
    assert trial.state(RULE, "rule", "DLT-01") == "firing"
    assert trial.alert(RULE, "rule", "DLT-01").headline == "rule DLT-01: could not be evaluated"
    healed = {"rule": "DLT-01"}
    trial.add("03-02 11:00", "rule-error", "DLT-01", healed, subject_id=None, site_id=None)
    assert trial.state(RULE, "rule", "DLT-01") == "cleared"
