"""Expectedness against the reference safety information (DOMAIN 4.2)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, criteria, f1

HOSPITAL: dict[str, Any] = {
    "serious": "Y",
    "criteria": criteria(hospitalization="Y"),
    "investigator": "POSSIBLE",
}
EXPECTED, ASSUMED, UNEXPECTED = "expected", "assumed unexpected", "unexpected"


def judged(entry: Any, **said: Any) -> Trial:
    trial = f1()
    trial.rsi("2026-01-05 09:00", "RSI-1", "2026-01-01", *([] if entry is None else [entry]))
    trial.adverse_event("03-10 09:00", **(HOSPITAL | said))
    return trial


def rash(**limits: Any) -> dict[str, Any]:
    return {"term": "Rash maculo-papular", **limits}


@pytest.mark.parametrize(
    ("entry", "said", "word"),
    [
        (rash(), "Y", EXPECTED),
        (rash(), None, ASSUMED),
        (rash(), "N", UNEXPECTED),
        (None, "Y", ASSUMED),
        (None, None, ASSUMED),
        (None, "N", UNEXPECTED),
        ({"term": "Fever"}, "Y", ASSUMED),
        ({"term": "RASH MACULO-PAPULAR"}, "Y", EXPECTED),
    ],
)
def test_both_the_sponsor_and_the_information_must_say_so(
    entry: Any, said: str | None, word: str
) -> None:
    trial = judged(entry, expected=said)
    assert trial.field("case", "expectedness", "AE-1") == word
    assert (trial.duties() == {}) == (word == EXPECTED)
    disagree = (said == "Y" and word != EXPECTED) or (said == "N" and entry is not None)
    assert ("expectedness-disagrees" in trial.checks("adverse-event/AE-1")) == disagree


@pytest.mark.parametrize(
    ("entry", "coded", "word"),
    [
        ({"meddra_llt": 10037868}, {"meddra": {"llt": 10037868}}, EXPECTED),
        ({"meddra_llt": 10037868}, {"ctcae": {"llt": 10037868}}, EXPECTED),
        ({"meddra_pt": 10037844}, {"meddra": {"pt": 10037844}}, EXPECTED),
        ({"meddra_pt": 10037844}, {"meddra": {"pt": 10037845}}, ASSUMED),
        ({"term": "Rash"}, {"meddra": {"pt_name": "rash"}}, EXPECTED),
        ({"term": "Rash"}, {"ctcae": {"term": "RASH"}}, EXPECTED),
        ({"term": "Rash"}, {"term_verbatim": "Rash"}, ASSUMED),
    ],
)
def test_by_lowest_level_term_preferred_term_or_ctcae_term(
    entry: Any, coded: dict[str, Any], word: str
) -> None:
    trial = judged(entry, expected="Y", term="Exanthema", **coded)
    assert trial.field("case", "expectedness", "AE-1") == word


LIFE = criteria(life_threatening="Y")
DEATH: dict[str, Any] = {"grade": 5, "criteria": criteria(death="Y"), "outcome": "FATAL"}


@pytest.mark.parametrize(
    ("limits", "said", "word"),
    [
        ({"max_grade": 2}, {"grade": 2}, EXPECTED),
        ({"max_grade": 2}, {"grade": 3}, ASSUMED),
        ({"max_grade": 2}, {"grade": None}, ASSUMED),
        ({"max_grade": 5}, {"grade": None}, EXPECTED),
        ({}, {"grade": 3, "criteria": LIFE}, ASSUMED),
        ({"life_threatening_expected": True}, {"grade": 3, "criteria": LIFE}, EXPECTED),
        ({}, DEATH, ASSUMED),
        ({"life_threatening_expected": True}, DEATH, ASSUMED),
        ({"fatal_expected": True}, DEATH, EXPECTED),
        ({"fatal_expected": False, "max_grade": 5}, DEATH, ASSUMED),
    ],
)
def test_more_severe_than_listed_is_unexpected(
    limits: dict[str, Any], said: dict[str, Any], word: str
) -> None:
    trial = judged(rash(**limits), expected="Y", **said)
    assert trial.field("case", "expectedness", "AE-1") == word


@pytest.mark.parametrize(
    ("onset", "word"),
    [
        ("2026-03-04", ASSUMED),
        ("2026-03-05", EXPECTED),
        ("2026-03-08", EXPECTED),
        ("2026-03-09", ASSUMED),
        # The latest possible onset decides: the receipt of 10 March.
        ("2026-03", ASSUMED),
    ],
)
def test_in_force_at_the_latest_possible_onset(onset: str, word: str) -> None:
    trial = f1()
    trial.rsi("2026-03-01 09:00", "RSI-2", "2026-03-05", rash(), valid_to="2026-03-08")
    trial.adverse_event("03-10 09:00", onset=onset, expected="Y", **HOSPITAL)
    assert trial.field("case", "expectedness", "AE-1") == word


def test_information_known_at_receipt_answers_quietly() -> None:
    trial = judged(rash())
    trial.follow_up("03-11 09:00", expected="Y")
    assert trial.duties() == {"CN-CDE/initial-15": ("answered", "26-03-25")}
    assert trial.state("SAE-04") == "cleared"


def test_information_that_arrives_late_ends_a_clock_only_by_a_signature() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **HOSPITAL)
    trial.rsi("03-12 09:00", "RSI-1", "2026-01-01", rash())
    trial.follow_up("03-13 09:00", expected="Y")
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-03-25")}
    trial.sign_off("03-14 09:00", "NOT_REPORTABLE", "AE-1/CN-CDE/initial-15")
    assert trial.duties() == {"CN-CDE/initial-15": ("signed off", "26-03-25")}


def test_nor_does_it_put_off_what_is_owed() -> None:
    """By the late information only the second version, of grade 3, is unexpected."""
    trial = f1()
    trial.adverse_event("03-10 09:00", expected="Y", **HOSPITAL)
    trial.follow_up("03-15 09:00", grade=3)
    trial.rsi("03-16 09:00", "RSI-1", "2026-01-01", rash(max_grade=2))
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-25")}


def test_a_changed_mind_is_no_first_answer() -> None:
    trial = judged(rash(), expected="N")
    trial.follow_up("03-11 09:00", expected="Y")
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-03-25")}
