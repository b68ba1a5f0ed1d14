"""The site's report to the sponsor, and what both parties hold (SAE-02, SAE-10, SAE-11, DQ-02)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, criteria, f1

_SERIOUS: dict[str, Any] = {"serious": "Y", "criteria": criteria(hospitalization="Y")}


def _of_case(trial: Trial, name: str) -> Any:
    return trial.field("case", name, "AE-1")


def test_hours_from_awareness_to_the_receipt_of_the_first_serious_version() -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-05 12:00", aware="03-05 10:00")
    assert trial.ae("received") == "no"  # nothing serious has been received
    trial.follow_up("03-06 10:00", **_SERIOUS)
    assert (trial.ae("received"), trial.ae("site_report_hours")) == ("yes", 24)
    trial.follow_up("03-09 10:00", grade=4)
    assert trial.ae("site_report_hours") == 24
    trial.correct("03-10 10:00", investigator_aware_serious_at="2026-03-06T04:00")
    assert trial.ae("site_report_hours") == 6


def test_a_serious_version_without_receipt_is_on_its_way_until_one_states_it() -> None:
    trial = f1(infusions=1)
    said = {"term": "Headache", "onset": "2026-03-05", **_SERIOUS}
    said |= {"investigator_aware_at": "2026-03-05T10:00+08:00"}
    trial.add("03-05 10:30", "adverse-event", "AE-1", said)
    assert (trial.ae("received"), trial.ae("site_report_hours")) == ("no", (None, None))
    trial.follow_up("03-06 12:00")
    assert (trial.ae("received"), trial.ae("site_report_hours")) == ("yes", 26)


def test_awareness_known_by_its_day_makes_a_span_of_hours() -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-06 10:00", investigator_aware_at="2026-03-05", **_SERIOUS)
    low, high = trial.ae("site_report_hours")
    assert (round(low), high) == (10, 34)


@pytest.mark.parametrize(
    ("narrative", "there"), [(None, "no"), ("", "no"), (" \n", "no"), ("He fell.", "yes")]
)
def test_a_narrative_has_words(narrative: str | None, there: str) -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-06 10:00", narrative=narrative)
    assert trial.ae("narrative") == there


@pytest.mark.parametrize(
    ("investigator", "sponsor", "sides"),
    [
        ("POSSIBLE", "UNLIKELY", "disagree"),
        ("UNRELATED", "DEFINITE", "disagree"),
        ("POSSIBLE", "LIKELY", "agree"),
        ("UNRELATED", "UNLIKELY", "agree"),
        ("POSSIBLE", None, "one missing"),
        (None, "UNRELATED", "one missing"),
        (None, None, "one missing"),
    ],
)
def test_the_sides_of_both_parties(
    investigator: str | None, sponsor: str | None, sides: str
) -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-06 10:00", investigator=investigator, sponsor=sponsor, **_SERIOUS)
    assert _of_case(trial, "causality_sides") == sides


def test_a_case_that_never_was_serious_is_one_while_the_parties_disagree() -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-06 10:00", investigator="POSSIBLE", sponsor="POSSIBLE")
    assert trial.fact("case", "AE-1") is None
    trial.follow_up("03-07 10:00", sponsor="UNRELATED")
    assert _of_case(trial, "causality_sides") == "disagree"
    assert (_of_case(trial, "serious"), trial.duties()) == ("no", {})
    trial.void("03-08 10:00")
    assert trial.fact("case", "AE-1") is None
    assert trial.state("SAE-11") == "withdrawn"


def test_a_void_event_holds_no_opinion_and_lacks_nothing() -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-06 10:00", term=None, investigator="POSSIBLE", sponsor="UNRELATED",
                        **_SERIOUS)  # fmt: skip
    assert _of_case(trial, "minimum_missing") == "event"
    trial.void("03-07 10:00")
    assert _of_case(trial, "minimum_criteria") == "complete"
    assert _of_case(trial, "causality_sides") == "one missing"
