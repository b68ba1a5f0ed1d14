"""What an infusion is, and what broke it off (DOMAIN 1.6, 5; EC-020, EC-023)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, at, f1


def test_first_and_last_are_those_given() -> None:
    trial = f1(infusions=2)
    trial.plan("03-05 12:00", "I3", "03-09")
    given = [(trial.field("infusion", "first", i), trial.field("infusion", "last", i)) for i in
             ("I1", "I2", "I3")]  # fmt: skip
    assert given == [("yes", "no"), ("no", "yes"), ("no", "no")]


@pytest.mark.parametrize(
    ("data", "ended", "assumed"),
    [
        ({}, "03-02 10:40", ""),
        ({"end": None}, "03-02 10:40", "planned length"),
        ({"end": None, "planned_minutes": None}, "03-02 14:00", "planned length"),
    ],
)
def test_the_end_is_provisional_until_it_is_recorded(
    data: dict[str, Any], ended: str, assumed: str
) -> None:
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1", **data)
    assert trial.field("infusion", "ended", "I1") == at(ended)
    assert trial.field("infusion", "since_end", "I1") == at(ended)
    assert assumed in trial.assumed("infusion", "since_end", "I1")
    assert bool(assumed) == bool(trial.assumed("infusion", "ended", "I1"))


@pytest.mark.parametrize(
    ("data", "broken_off", "reason"),
    [
        ({}, "no", "blank"),
        ({"status": "STOPPED_EARLY"}, "yes", "blank"),
        ({"interruptions": [{"minutes": 5}]}, "yes", "blank"),
        ({"interruptions": [{"reason": "Adverse_event"}, {}]}, "yes", "adverse event"),
        ({"interruptions": [{"reason": "LINE BLOCKED"}]}, "yes", "other"),
        ({"interruptions": [{"reason": "LINE BLOCKED"}, {"reason": " "}]}, "yes", "blank"),
    ],
)
def test_why_it_was_broken_off(data: dict[str, Any], broken_off: str, reason: str) -> None:
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1", **data)
    assert trial.field("infusion", "interrupted_or_stopped", "I1") == broken_off
    assert trial.field("infusion", "interruption_reason", "I1") == reason


def test_nothing_follows_an_infusion_that_was_not_given() -> None:
    trial = Trial()
    trial.enrolment()
    trial.plan("02-20 16:00", "I1", "03-02")
    trial.adverse_event("03-02 12:00", term="Chills", onset="2026-03-02T11:00")
    assert trial.field("infusion", "acute_reaction", "I1") == "no"
    assert trial.field("infusion", "systems_reacting_4h", "I1") == 0
    assert trial.field("infusion", "since_end", "I1") == (None, None)
    trial.wait("03-10 12:00")
    assert not {rule for rule in trial.standing() if rule.startswith("IRR")}


def test_a_ruling_on_the_infusion_is_in_force_until_it_is_ruled_otherwise() -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-02 12:00", term="Anaphylaxis", onset="2026-03-02T11:00", grade=3)
    trial.adjudicate("03-03 10:00", "anaphylaxis", "NO", "infusion/I1")
    assert trial.state("IRR-05", "I1") == "cleared"
    trial.adjudicate("03-04 10:00", "anaphylaxis", "YES", "infusion/I1")
    assert trial.state("IRR-05", "I1") == "firing"


@pytest.mark.parametrize(
    ("data", "given"),
    [
        ({"class": "EPINEPHRINE", "start": "2026-03-02T14:40"}, "yes"),
        ({"class": "EPINEPHRINE", "start": "2026-03-02T14:41"}, "no"),
        ({"class": "EPINEPHRINE", "start": "2026-03-02T09:59"}, "no"),
        ({"class": "EPINEPHRINE", "start": "2026-03-02"}, {"yes", "no"}),
        ({"class": "VASOPRESSOR", "start": "2026-03-02T11:00"}, "no"),
        ({"atc": "c01ca24", "start": "2026-03-02T11:00"}, "yes"),
        ({"atc": "C01CA03", "start": "2026-03-02T11:00"}, "no"),
        ({"start": "2026-03-02T11:00"}, {"yes", "no"}),
    ],
)
def test_epinephrine_up_to_four_hours_after_the_end(data: dict[str, Any], given: Any) -> None:
    trial = f1(infusions=1)
    trial.add("03-02 20:00", "medication", "CM-1", data)
    assert trial.field("infusion", "epinephrine_4h", "I1") == given
