"""Adverse events around an infusion: which belong to it, and how surely (DOMAIN 5.1, 5.2; D17)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, f1


def _told(onset: str | None, **said: Any) -> Trial:
    trial = f1(infusions=1)
    trial.adverse_event("03-04 20:00", term="Chills", onset=onset, **said)
    return trial


@pytest.mark.parametrize(
    ("onset", "acute"),
    [
        ("2026-03-02T09:59", "no"),
        ("2026-03-02T10:00", "yes"),
        ("2026-03-03T10:40", "yes"),
        ("2026-03-03T10:41", "no"),
        ("2026-03-01", "no"),
        ("2026-03-02", "yes"),
        ("2026-03-03", {"yes", "no"}),
        ("2026-03-04", "no"),
        ("2026-03", {"yes", "no"}),
        (None, {"yes", "no"}),
    ],
)
def test_the_24_hours(onset: str | None, acute: Any) -> None:
    assert _told(onset).field("infusion", "acute_reaction", "I1") == acute


def test_only_the_day_of_the_infusion_counts_as_after_it_and_says_so() -> None:
    assert "counts as after its start" in _told("2026-03-02").assumed(
        "infusion", "acute_reaction", "I1"
    )
    assert _told("2026-03-02T10:20").assumed("infusion", "acute_reaction", "I1") == ""
    before = _told("2026-03-02", aware="03-02 09:00")
    assert before.field("infusion", "acute_reaction", "I1") == "no"


def test_an_event_in_two_intervals_belongs_to_the_last_and_the_evidence_names_both() -> None:
    trial = f1(infusions=1)
    trial.infusion("03-03 09:00", "I2")
    trial.adverse_event("03-03 20:00", term="Chills", onset="2026-03-03T10:00")
    assert trial.field("infusion", "acute_reaction", "I1") == "no"
    assert trial.field("infusion", "adverse_event_24h", "I1") == "yes"
    assert trial.field("infusion", "acute_reaction", "I2") == "yes"
    found = trial.fact("infusion", "I2")
    assert found is not None
    names = {each.record_id for each in found.values["acute_reaction"].records}
    assert names == {"I1", "I2", "AE-1"}


def test_an_event_that_only_may_belong_to_the_next_infusion_may_belong_to_this() -> None:
    trial = f1(infusions=1)
    trial.infusion("03-03 09:00", "I2")
    trial.adverse_event("03-04 08:00", term="Chills", onset="2026-03-03")
    assert trial.field("infusion", "acute_reaction", "I1") == "no"  # the day of I2: surely its own
    trial.correct("03-04 09:00", onset="2026-03")
    assert trial.field("infusion", "acute_reaction", "I1") == {"yes", "no"}
    assert trial.field("infusion", "acute_reaction", "I2") == {"yes", "no"}


@pytest.mark.parametrize(
    ("said", "acute"),
    [
        ({"term": "Headache"}, "no"),
        ({"term": "Headache", "infusion_reaction": True}, "yes"),
        ({"term": "cHILLS"}, "yes"),
        ({"term": None, "ctcae": {"term": "Chills"}}, "yes"),
        ({"term": None, "meddra": {"pt_name": "Chills"}}, "yes"),
    ],
)
def test_the_set(said: dict[str, Any], acute: str) -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-02 12:00", onset="2026-03-02T11:00", **said)
    assert trial.field("infusion", "acute_reaction", "I1") == acute


def test_the_grade_is_the_highest_so_far() -> None:
    trial = _told("2026-03-02T11:00", grade=3)
    assert trial.field("infusion", "reaction_grade", "I1") == 3
    trial.progress("03-05 09:00", "2026-03-04", grade=1)
    assert trial.field("infusion", "reaction_grade", "I1") == 3
    trial.correct("03-06 09:00", grade=1)
    assert trial.field("infusion", "reaction_grade", "I1") == 1


def test_a_missing_grade_may_be_any() -> None:
    assert _told("2026-03-02T11:00", grade=None).field("infusion", "reaction_grade", "I1") == (1, 5)


def test_a_link_enters_a_reaction_whatever_its_onset_but_not_any_event() -> None:
    trial = f1(infusions=1)
    trial.adverse_event("03-10 12:00", "AE-1", term="Headache", infusion_ref="I1")
    assert trial.field("infusion", "reaction_entered", "I1") == "no"
    trial.adverse_event("03-10 13:00", "AE-2", term="Fever", infusion_ref="I1")
    assert trial.field("infusion", "reaction_entered", "I1") == "yes"
    assert trial.field("infusion", "acute_reaction", "I1") == "no"


@pytest.mark.parametrize(
    ("terms", "systems"),
    [
        (["Urticaria", "Pruritus"], 1),
        (["Urticaria", "Wheezing"], 2),
        (["Urticaria", "Wheezing", "Hypotension"], 3),
        (["Urticaria", "Wheezing", "Hypotension", "Vomiting"], 4),
        (["Headache"], 0),
    ],
)
def test_systems_that_reacted(terms: list[str], systems: int) -> None:
    trial = f1(infusions=1)
    for number, term in enumerate(terms):
        trial.adverse_event("03-02 15:00", f"AE-{number}", term=term, onset="2026-03-02T14:40")
    assert trial.field("infusion", "systems_reacting_4h", "I1") == systems
