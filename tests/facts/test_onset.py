"""The latest possible onset (DOMAIN 1.3)."""

from typing import Any

import pytest

from tests.facts.kit import at, f1


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ({"onset": "2026-03-06T18:00:00"}, "03-06 18:00", "03-06 18:00"),
        ({"onset": "2026-03-06"}, "03-06 00:00", "03-06 23:59:59"),
        ({"onset": "2026-03-10"}, "03-10 00:00", "03-10 09:00"),
        ({"onset": "2026-03"}, "03-01 00:00", "03-10 09:00"),
        ({"onset": "2026-03", "aware": "03-08 10:00"}, "03-01 00:00", "03-08 10:00"),
        ({"onset": "2026-03", "end": "2026-03-07"}, "03-01 00:00", "03-07 23:59:59"),
        ({"onset": "2026-03", "received": "03-05 10:00"}, "03-01 00:00", "03-05 10:00"),
        ({"onset": None}, None, "03-10 09:00"),
        ({"onset": None, "aware": "03-08 10:00"}, None, "03-08 10:00"),
    ],
)
def test_the_first_of_date_end_awareness_and_receipt(
    said: dict[str, Any], low: str | None, high: str
) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **said)
    found = trial.ae("onset")
    days = found if isinstance(found, tuple) else (found, found)
    assert days == (at(low).date() if low else None, at(high).date())
    if found != days:
        assert trial.fact("adverse event", "AE-1").clinical_at == at(high)  # type: ignore[union-attr]


def test_the_earliest_version_that_is_not_void_bounds_it() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", onset=None)
    trial.follow_up("03-12 09:00", grade=3)
    assert trial.ae("onset") == (None, at("03-06").date())


def test_an_onset_after_it_is_bounded_by_its_own_version() -> None:
    trial = f1()
    trial.adverse_event("03-06 09:00", onset="2026-03-05")
    trial.correct("03-12 09:00", onset="2026-03-10")
    assert trial.ae("onset") == at("03-10").date()
    assert trial.checks("adverse-event/AE-1") == set()


def test_out_of_order_versions_apply_by_their_number() -> None:
    trial = f1()
    trial.adverse_event("03-12 09:00", onset="2026-03-10", version=2)
    trial.adverse_event("03-13 09:00", onset="2026-03-05", version=1, received="03-06 09:00")
    assert trial.ae("onset") == at("03-10").date()
