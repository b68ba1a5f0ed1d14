"""Edge cases, areas window, timezone and date, with their neighbours."""

from datetime import datetime
from typing import Any

import pytest

from signals.facts.periods import years_later
from tests.edge.kit import SERIOUS, SUSPECTED, dlt
from tests.facts.kit import ZONE, Trial, at, f1


def test_ec_001_the_last_minutes_of_the_window_are_inside() -> None:
    trial = f1()
    trial.adverse_event("03-14 09:00", onset="2026-03-13T23:50:00+08:00", **SUSPECTED)
    assert dlt(trial) == ["DLT-01 firing"]


def test_ec_002_minutes_after_the_window_are_outside() -> None:
    trial = f1()
    trial.adverse_event("03-14 09:00", onset="2026-03-14T00:05:00+08:00", **SUSPECTED)
    assert dlt(trial) == []
    assert trial.ae("treatment_emergent") == "yes"


@pytest.mark.parametrize(
    ("onset", "found"),
    [
        ("2026-03-13T16:30:00Z", []),
        ("2026-03-13T15:59:00Z", ["DLT-01 firing"]),
        # Midnight in the zone of the study belongs to the next day.
        ("2026-03-13T16:00:00Z", []),
        ("2026-03-13T16:30:00", ["DLT-01 firing"]),
    ],
)
def test_ec_003_an_onset_is_converted_before_it_is_placed(onset: str, found: list[str]) -> None:
    trial = f1()
    trial.adverse_event("03-15 09:00", onset=onset, investigator="LIKELY")
    assert dlt(trial) == found


@pytest.mark.parametrize("month", range(1, 13))
def test_ec_005_no_day_of_the_year_has_another_offset(month: int) -> None:
    assert at(f"{month:02}-15 12:00").strftime("%z") == "+0800"
    summer = datetime(1988, 7, 1, 12, tzinfo=ZONE)
    assert summer.strftime("%z") == "+0900", "the summer time of its years is kept"


def test_ec_006_a_date_alone_on_the_day_of_the_infusion_counts_as_after() -> None:
    trial = f1()
    trial.adverse_event("03-02 18:00", onset="2026-03-02", **SUSPECTED)
    assert dlt(trial) == ["DLT-01 firing"]
    assert trial.ae("temporality") == "ambiguous"
    assert trial.ae("treatment_emergent") == "yes"
    (assumed,) = trial.alert("DLT-01").assumed
    assert (assumed.field, assumed.value) == ("treatment_emergent", "yes")
    assert "hour of onset is not known" in assumed.why
    trial.correct("03-03 09:00", onset="2026-03-02T10:00:00")
    assert trial.alert("DLT-01").assumed == [], "the site has answered"


@pytest.mark.parametrize(
    ("said", "temporality"),
    [
        ({"onset": "2026-03-02T09:59:00"}, "before"),
        ({"onset": "2026-03-02T10:00:00"}, "after"),
        # The interval of 1.3 leaves no minute after the infusion.
        ({"onset": "2026-03-02", "aware": "03-02 09:30"}, "before"),
        ({"onset": "2026-03-02", "end": "2026-03-02T09:00:00"}, "before"),
        ({"onset": "2026-03-01"}, "before"),
        ({"onset": "2026-03-03"}, "after"),
    ],
)
def test_ec_006_unless_its_interval_lies_before_the_infusion(
    said: dict[str, Any], temporality: str
) -> None:
    trial = f1()
    trial.adverse_event("03-03 18:00", **SUSPECTED, **said)
    assert trial.ae("temporality") == temporality
    assert dlt(trial) == ([] if temporality == "before" else ["DLT-01 firing"])


def test_ec_008_a_month_that_touches_the_window_is_undetermined() -> None:
    trial = f1()
    trial.adverse_event("04-10 09:00", onset="2026-03", **SUSPECTED)
    assert dlt(trial) == ["DLT-03 firing"]
    trial.correct("04-11 09:00", onset="2026-03-12")
    assert dlt(trial) == ["DLT-01 firing"]


def test_ec_009_a_month_apart_from_the_window_is_outside() -> None:
    trial = f1()
    trial.adverse_event("05-10 09:00", onset="2026-04", **SUSPECTED)
    assert dlt(trial) == []


def test_ec_011_an_unknown_onset_lies_before_its_receipt() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 20:00", onset=None, **SUSPECTED)
    assert trial.ae("onset") == (None, at("03-06").date())
    trial.infusion("03-09 10:00", "I3")
    assert dlt(trial) == ["DLT-03 firing"]


def test_ec_011_received_before_the_window_it_cannot_be_inside() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 20:00", onset=None, received="03-01 20:00", **SUSPECTED)
    assert dlt(trial) == []


@pytest.mark.parametrize("onset", ["2026-02-30", "2026-13", "2026---04"])
@pytest.mark.parametrize("opinion", ["POSSIBLE", None, "UNRELATED"])
def test_ec_013_an_impossible_date_is_unknown_and_stops_no_clock(
    onset: str, opinion: str | None
) -> None:
    trial = f1()
    trial.adverse_event("03-12 09:00", onset=onset, investigator=opinion, **SERIOUS)
    assert trial.ae("onset") == (None, at("03-12").date())
    assert "invalid-date" in trial.checks("adverse-event/AE-1")
    assert trial.state("DQ-04", "adverse-event/AE-1", "invalid-date") == "firing"
    assert trial.state("SAE-01") == "firing"
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-27")}
    assert dlt(trial) == ([] if opinion == "UNRELATED" else ["DLT-03 firing"])


def test_ec_013_the_correction_clears_the_question() -> None:
    trial = f1()
    trial.adverse_event("03-12 09:00", onset="2026-02-30", **SUSPECTED)
    trial.correct("03-13 09:00", onset="2026-03-08")
    assert trial.checks("adverse-event/AE-1") == set()
    assert trial.state("DQ-04", "adverse-event/AE-1", "invalid-date") in ("cleared", "withdrawn")
    assert dlt(trial) == ["DLT-01 firing"]


def test_ec_014_an_onset_after_its_entry_is_unknown() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", onset="2026-03-13", **SERIOUS)
    assert trial.ae("onset") == (None, at("03-10").date())
    assert trial.state("DQ-04", "adverse-event/AE-1", "onset-after-report") == "firing"
    assert trial.state("SAE-01") == "firing"
    assert dlt(trial) == ["DLT-03 firing"], "no window counts it as certain"


def test_ec_016_two_years_from_29_february_end_on_the_28th() -> None:
    assert years_later(at("2028-02-29 12:00").date(), 2).isoformat() == "2030-02-28"


@pytest.mark.parametrize(("onset", "inside"), [("2030-02-28", "yes"), ("2030-03-01", "no")])
def test_ec_016_a_serious_event_counts_to_that_day(onset: str, inside: str) -> None:
    trial = Trial()
    trial.enrolment("2028-02-25 15:00", consented_at="2028-02-20", enrolled_at="2028-02-25")
    trial.infusion("2028-02-29 10:00", "I1")
    trial.adverse_event("2030-03-05 09:00", onset=onset, **SERIOUS)
    assert trial.ae("in_sae_period") == inside
    assert (trial.state("SAE-01") == "firing") == (inside == "yes")
    # After the period the duty to report stays, unless the event is not related.
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "30-03-20")}
