"""Dose-limiting toxicity and the maximum tolerated dose as outcomes."""

from __future__ import annotations

from tests.facts.kit import Trial
from tests.outcomes.kit import reference, seen, share, table, treat


def three(toxic: int) -> Trial:
    """Three subjects at the lowest level, some with a related event in the window."""
    trial = reference()
    for place, subject in enumerate(("001-004", "001-005", "001-006")):
        with trial.of(subject):
            if place:
                treat(trial)
            if place < toxic:
                trial.adverse_event("03-10 20:00", grade=2, investigator="POSSIBLE")
            seen(trial, "2026-03-20")
    return trial


def test_each_level_has_its_share_under_both_profiles() -> None:
    found = table(three(1), "O1", "2026-03-31")
    assert share(found, "DL1, profile REGISTERED") == (1, 3)
    assert share(found, "DL1, profile G3") == (0, 3)
    assert share(found, "DL2, profile REGISTERED") == (0, 0)


def test_who_is_not_yet_observed_is_not_evaluable() -> None:
    assert share(table(reference(), "O1"), "DL1, profile REGISTERED") == (0, 0)


def test_three_subjects_declare_no_maximum() -> None:
    notes = table(three(1), "O3", "2026-03-31").notes
    assert notes[0].startswith("maximum tolerated dose: none")
    assert notes[1] == "highest dose level tested: DL1"
    # Beta(2, 3): 1 - (1 - (2/3)^4 - 4 (1/3) (2/3)^3) = 16/81 + 32/81
    assert "DL1: 1 of 3; probability that the rate is above 1/3: 0.5926" in notes
