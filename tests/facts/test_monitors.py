"""The monitors over all subjects against the figures of DOMAIN 3.7."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.facts.kit import Trial, at

FIRST = "01-02 10:00"
OVER = "04-12"
"""A hundred days after an infusion on 2 January."""
HALFWAY = "02-21"


def treated(trial: Trial, subject: str, contact: str | None) -> None:
    """One infusion on 2 January, observed until a day."""
    with trial.of(subject):
        trial.enrolment("01-01 10:00", consented_at="2025-12-30", enrolled_at="2026-01-01")
        trial.infusion(FIRST, "I1")
        if contact is not None:
            read = {"at": at(f"{contact} 10:00").isoformat(), "pulse_per_min": "80"}
            trial.add(f"{contact} 11:00", "vital-signs", "VS-1", read)


@pytest.mark.parametrize(
    ("late", "chance", "state"), [(HALFWAY, "0.9214", "firing"), (OVER, "0.8646", None)]
)
def test_a_subject_under_follow_up_counts_for_its_share(
    late: str, chance: str, state: str | None
) -> None:
    """12 treated, one related death, 4 followed to the end, 7 for half the window or all of it."""
    trial = Trial(stepwise=False)
    for number in range(11):
        treated(trial, f"001-{number:03}", OVER if number < 4 else late)
    treated(trial, "001-900", None)
    with trial.of("001-900"):
        died: dict[str, Any] = {"grade": 5, "outcome": "FATAL", "serious": "Y", "end": "2026-04-01"}
        trial.adverse_event("04-12 18:00", onset="2026-04-01", investigator="POSSIBLE", **died)
    found = trial.fact("mortality monitor", "TRM")
    assert found is not None
    assert found.values["probability"].low.quantize(Decimal("0.0001")) == Decimal(chance)  # type: ignore[attr-defined]
    assert (trial.field("mortality monitor", "treated", "TRM")) == 12
    assert trial.state("AGG-04", "TRM") == state


def test_a_result_dated_before_the_last_contact_changes_nothing() -> None:
    trial = Trial(stepwise=False)
    treated(trial, "001-001", HALFWAY)
    before = trial.fact("follow-up", "001-001")
    with trial.of("001-001"):
        lab = {"test": "WBC", "collected_at": at("02-20 10:00").isoformat()}
        trial.add("02-22 10:00", "lab-result", "LB-1", lab)
        assert trial.fact("follow-up", "001-001") == before
        later = {"test": "WBC", "collected_at": at("02-22 09:00").isoformat()}
        trial.add("02-22 11:00", "lab-result", "LB-2", later)
    assert trial.field("follow-up", "last_contact", "001-001") == at("02-22").date()
    with trial.of("001-001"):
        trial.void("02-23 10:00", "LB-2", kind="lab-result")
    assert trial.fact("follow-up", "001-001") == before


def test_a_percentile_of_the_exposure_is_asked_of_a_site_with_five_treated() -> None:
    """Elsewhere 3 of 5 subjects had one within 40 days: here 5 x 14 days explain up to 3."""
    trial = Trial(stepwise=False)
    serious: dict[str, Any] = {
        "serious": "Y",
        "grade": 3,
        "investigator": "UNRELATED",
        "sponsor": "UNRELATED",
    }
    for site, prefix in (("WHC", "001"), ("WUH", "002")):
        for number in range(5):
            with trial.of(f"{prefix}-{number}", site=site):
                trial.enrolment("01-01 10:00", consented_at="2025-12-30", enrolled_at="2026-01-01")
                trial.infusion(FIRST, "I1")
    terms = iter("ABCDEFGH")
    for number in range(3):
        with trial.of(f"002-{number}", site="WUH"):
            trial.adverse_event(f"01-0{4 + number} 18:00", term=next(terms), **serious)
    for number in range(3):
        with trial.of(f"001-{number}", site="WHC"):
            trial.adverse_event(f"02-{8 + number:02} 18:00", term=next(terms), **serious)
    # 10 February: elsewhere 5 x 40 days, here 5 x 14; the mean is 3 x 70 / 200 = 1.05.
    # Poisson(1.05): up to 3 is 0.978, up to 4 is 0.995: the 99th percentile is 4.
    assert trial.field("site", "threshold", "WHC") == 4
    assert trial.state("AGG-01", "WHC") is None
