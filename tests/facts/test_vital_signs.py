"""Vital signs around an infusion from 10:00 to 10:40 (DOMAIN 2.1, 5.3; EC-126, EC-128)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, f1


def _read(trial: Trial, when: str | None, **signs: Any) -> None:
    """A reading at a time of 2 March, told in the evening."""
    data = {} if when is None else {"at": when if len(when) > 5 else f"2026-03-02T{when}"}
    record_id = f"VS-{len(trial.journal)}"
    trial.add("03-03 20:00", "vital-signs", record_id, data | signs)


def _warm(value: str, route: str | None = "ORAL") -> dict[str, Any]:
    return {"temperature": {"value": value, "unit": "Cel", "route": route}}


def _of(trial: Trial, name: str) -> Any:
    return trial.field("infusion", name, "I1")


def _number(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(None if each is None else float(each) for each in value)
    return float(value)


@pytest.mark.parametrize(
    ("readings", "highest", "rise"),
    [
        ([("09:30", "37.0"), ("12:00", "38.0")], 38.0, 1.0),
        ([("09:30", "37.1"), ("12:00", "38.0")], 38.0, 0.9),
        ([("09:30", "37.6"), ("12:00", "38.2")], 38.2, 0.6),
        ([("09:30", "37.0"), ("14:40", "38.0"), ("14:41", "40.0")], 38.0, 1.0),
        ([("08:00", "36.0"), ("09:30", "37.0"), ("12:00", "38.0")], 38.0, 1.0),
        ([("06:00", "37.0"), ("12:00", "38.0")], 38.0, 1.0),
        ([("05:59", "37.0"), ("12:00", "38.0")], 38.0, (None, None)),
        ([("12:00", "38.0")], 38.0, (None, None)),
        ([("09:30", "37.0")], (None, None), (None, None)),
    ],
)
def test_temperature_and_its_rise(readings: list[tuple[str, str]], highest: Any, rise: Any) -> None:
    trial = f1(infusions=1)
    for when, value in readings:
        _read(trial, when, **_warm(value))
    assert _number(_of(trial, "temperature_4h")) == highest
    assert _number(_of(trial, "temperature_rise_4h")) == rise
    read = "yes" if highest != (None, None) else "no"
    assert _of(trial, "temperature_read_4h") == read


@pytest.mark.parametrize(
    ("during", "highest", "rise"),
    [
        ([("38.6", "TYMPANIC")], 38.6, (None, None)),
        ([("38.6", "TYMPANIC"), ("38.4", "AXILLARY")], (38.4, 38.6), (1.4, None)),
        ([("37.6", "TYMPANIC"), ("38.4", "AXILLARY")], 38.4, (1.4, None)),
        ([("38.6", None)], 38.6, (None, None)),
    ],
)
def test_a_rise_is_known_by_the_route_of_the_baseline_only(
    during: list[tuple[str, str | None]], highest: Any, rise: Any
) -> None:
    trial = f1(infusions=1)
    _read(trial, "09:30", **_warm("37.0", "AXILLARY"))
    for value, route in during:
        _read(trial, "12:00", **_warm(value, route))
    assert _number(_of(trial, "temperature_4h")) == highest
    assert _number(_of(trial, "temperature_rise_4h")) == rise


@pytest.mark.parametrize(("when", "noted"), [("09:00", False), ("08:59", True), ("06:00", True)])
def test_a_baseline_older_than_an_hour_is_said(when: str, noted: bool) -> None:
    trial = f1(infusions=1)
    _read(trial, when, **_warm("37.0"))
    _read(trial, "12:00", **_warm("38.0"))
    note = trial.assumed("infusion", "temperature_rise_4h", "I1")
    assert ("more than 60 minutes" in note) == noted


@pytest.mark.parametrize(
    ("timepoint", "earlier", "lowest", "fall"),
    [
        (None, True, 95, 30),  # of the infusion, against the one before
        ("PRE", True, 110, -15),  # the baseline, and only that
        ("START", True, 95, 30),
        (None, False, 95, 0),  # there is no other baseline
        ("START", False, 95, (None, None)),
    ],
)
def test_a_reading_at_the_very_start(
    timepoint: str | None, earlier: bool, lowest: int, fall: Any
) -> None:
    trial = f1(infusions=1)
    if earlier:
        _read(trial, "09:30", systolic_mmHg="125")
    _read(trial, "10:00", systolic_mmHg="95", timepoint=timepoint)
    _read(trial, "11:00", systolic_mmHg="110")
    assert _of(trial, "systolic_4h") == lowest
    assert _of(trial, "systolic_fall_4h") == fall


def test_a_reading_without_its_hour_may_be_of_the_infusion() -> None:
    trial = f1(infusions=1)
    _read(trial, "09:30", systolic_mmHg="130")
    _read(trial, "2026-03-02", systolic_mmHg="70")
    assert _of(trial, "systolic_read_4h") == {"yes", "no"}
    assert _of(trial, "systolic_4h") == (70, None)
    _read(trial, "11:00", systolic_mmHg="100")
    assert _of(trial, "systolic_4h") == (70, 100)
    assert _of(trial, "systolic_fall_4h") == (30, 60)


def test_from_the_next_infusion_on_a_reading_is_of_that_one() -> None:
    trial = f1(infusions=1)
    trial.infusion("03-02 13:00", "I2")
    _read(trial, "12:59", systolic_mmHg="120")
    _read(trial, "13:00", systolic_mmHg="85", timepoint="START")
    assert _of(trial, "systolic_4h") == 120
    assert trial.field("infusion", "systolic_4h", "I2") == 85
    assert trial.field("infusion", "systolic_fall_4h", "I2") == 35


_ROOM, _LITRE, _TWO, _MASK = (
    {"support": "ROOM_AIR"},
    {"support": "NASAL_CANNULA", "L_per_min": "1"},
    {"support": "NASAL_CANNULA", "L_per_min": "2"},
    {"support": "MASK", "L_per_min": "1"},
)


@pytest.mark.parametrize(
    ("usual", "now", "counts"),
    [
        (_ROOM, _ROOM, "yes"),
        (_ROOM, _MASK, "yes"),
        (_ROOM, None, "yes"),
        (None, None, "yes"),
        (_TWO, _ROOM, "no"),
        (_TWO, _LITRE, "no"),
        (_TWO, _TWO, "yes"),
        (_TWO, _MASK, "yes"),
        (_TWO, None, {"yes", "no"}),
    ],
)
def test_saturation_counts_on_the_usual_oxygen_or_more(usual: Any, now: Any, counts: Any) -> None:
    trial = f1(infusions=1)
    _read(trial, "09:30", spo2_pct="95", oxygen=usual)
    _read(trial, "11:00", spo2_pct="87", oxygen=now)
    assert _of(trial, "spo2_usual_oxygen_read_24h") == counts
    assert _of(trial, "spo2_read_24h") == "yes"
    assert _of(trial, "spo2_fall_24h") == 8
    noted = "room air is assumed" in trial.assumed("infusion", "spo2_usual_oxygen_24h", "I1")
    assert noted == (usual is None)


def test_without_a_baseline_the_saturation_fell_from_100_at_most() -> None:
    trial = f1(infusions=1)
    _read(trial, "11:00", spo2_pct="96")
    assert _of(trial, "spo2_fall_24h") == (None, 4)


def test_saturation_is_followed_for_24_hours() -> None:
    trial = f1(infusions=1)
    _read(trial, "2026-03-03T10:41", spo2_pct="80")
    assert _of(trial, "spo2_read_24h") == "no"
    _read(trial, "2026-03-03T10:40", spo2_pct="90")
    assert _of(trial, "spo2_usual_oxygen_24h") == 90
