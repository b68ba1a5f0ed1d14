"""The truth tables of DOMAIN 3.2 (effective) and 4.2 (expedited reporting)."""

from typing import Any

import pytest

from signals.events.kinds.adverse_event import ProductAssessment
from signals.facts.causality import Opinion, effective, for_expedited_reporting, opinion
from signals.facts.value import word
from tests.facts.kit import f1

RELATED, NOT, MISSING = "related", "not related", "missing"


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("UNRELATED", NOT),
        ("UNLIKELY", NOT),
        ("POSSIBLE", RELATED),
        ("LIKELY", RELATED),
        ("DEFINITE", RELATED),
        (None, MISSING),
    ],
)
def test_what_a_party_says(answer: Any, meant: str) -> None:
    said = [ProductAssessment.model_construct(product="UC-MSC", assessment=answer)]
    assert opinion(said, "UC-MSC") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ([], MISSING),
        ([("uc-msc", "UNRELATED")], NOT),
        ([(None, "POSSIBLE")], RELATED),
        ([("cytarabine", "DEFINITE")], MISSING),
        ([("cytarabine", "DEFINITE"), ("UC-MSC", "UNLIKELY")], NOT),
        # Of several answers on the product the most conservative; one open answer is no denial.
        ([("UC-MSC", "UNRELATED"), ("UC-MSC", "POSSIBLE")], RELATED),
        ([("UC-MSC", "UNRELATED"), ("UC-MSC", None)], MISSING),
    ],
)
def test_only_the_trial_product_counts(said: list[tuple[str | None, Any]], meant: str) -> None:
    answers = [ProductAssessment.model_construct(product=p, assessment=a) for p, a in said]
    assert opinion(answers, "UC-MSC") == meant


@pytest.mark.parametrize(
    ("investigator", "sponsor", "in_window", "expedited"),
    [
        (RELATED, RELATED, {RELATED}, RELATED),
        (RELATED, NOT, {RELATED}, RELATED),
        (RELATED, MISSING, {RELATED}, RELATED),
        (NOT, RELATED, {RELATED}, RELATED),
        (NOT, NOT, {NOT}, NOT),
        (NOT, MISSING, {NOT}, "assumed related"),
        (MISSING, RELATED, {RELATED}, RELATED),
        (MISSING, NOT, {RELATED, NOT}, "assumed related"),
        (MISSING, MISSING, {RELATED, NOT}, "assumed related"),
    ],
)
def test_both_parties(
    investigator: Opinion, sponsor: Opinion, in_window: set[str], expedited: str
) -> None:
    assert effective(investigator, sponsor) == word(*in_window)
    assert for_expedited_reporting(investigator, sponsor) == expedited


def _segment(since: str | None, answer: str | None) -> dict[str, object]:
    said = [] if answer is None else [{"product": "UC-MSC", "assessment": answer}]
    return {"from": since, "investigator": said}


@pytest.mark.parametrize(
    ("history", "found"),
    [
        # The window is 2 to 13 March.
        ([_segment("2026-03-06", "UNRELATED"), _segment("2026-03-14", "POSSIBLE")], NOT),
        ([_segment("2026-03-06", "UNRELATED"), _segment("2026-03-13", "POSSIBLE")], RELATED),
        ([_segment("2026-02-20", "POSSIBLE"), _segment("2026-03-01", "UNRELATED")], NOT),
        ([_segment("2026-02-20", "POSSIBLE"), _segment("2026-03-02", "UNRELATED")], RELATED),
        ([_segment("2026-03-06", None), _segment("2026-03-14", "UNRELATED")], {RELATED, NOT}),
        # What holds from an unknown time on may hold in the window.
        ([_segment("2026-03-06", "UNRELATED"), _segment(None, "POSSIBLE")], RELATED),
    ],
)
def test_of_a_history_the_segments_in_the_window_count(
    history: list[dict[str, object]], found: str | set[str]
) -> None:
    trial = f1()
    trial.adverse_event("03-20 09:00", onset="2026-02-20", causality_history=history)
    assert trial.ae("causality") == found
