"""Edge cases, area lab: grades of single results, with their neighbours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from signals.events.measured import measured
from signals.events.units import celsius
from signals.study.ctcae import Graded, Interval, Quantity, Sample, grade, shipped_table
from tests.edge.kit import treated
from tests.facts.kit import Trial


def lab(
    trial: Trial, when: str, record_id: str, test: str, *result: str | None, **said: Any
) -> None:
    """A result (number, unit) of six o'clock of the day on which it arrives, unless said."""
    taken = said.pop("collected_at", f"2026-{when[:5]}T06:00")
    data = {
        "test": test,
        "result_raw": result[0],
        "unit_raw": result[1],
        "collected_at": taken,
        **said,
    }
    trial.add(when, "lab-result", record_id, data)


def analyte(trial: Trial, name: str, test: str, direction: str) -> Any:
    return trial.field("lab analyte", name, test, direction)


def test_ec_086_creatinine_in_mg_dl_with_limits_in_umol_l() -> None:
    trial = treated()
    lab(
        trial, "02-10 08:00", "LB-1", "CREAT", "1.4", "mg/dL", range_high="104", range_unit="umol/L"
    )
    assert analyte(trial, "grade", "CREAT", "high") == 1
    assert "taken as normal" in trial.assumed(
        "lab analyte", "grades_over_baseline", "CREAT", "high"
    )


@pytest.mark.parametrize(
    ("result", "unit", "grade"),
    [
        ("80", "g/L", 2),
        ("8.0", "g/dL", 2),
        ("79", "g/L", 3),
        ("4.9", "mmol/L", 2),
        ("4.8", "mmol/L", 3),
        ("7.9", "g/dL", 3),
    ],
)
def test_ec_088_haemoglobin_in_three_units(result: str, unit: str, grade: int) -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "HGB", result, unit)
    assert analyte(trial, "grade", "HGB", "low") == grade


def test_ec_089_neutrophils_from_the_percentage_of_the_sample() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "WBC", "1.10", "10*9/L", sample_id="S-1")
    lab(trial, "02-10 08:01", "LB-2", "NEUTLE", "42", "%", sample_id="S-1")
    assert analyte(trial, "grade", "NEUT", "low") == 4
    assert analyte(trial, "ctcae_version", "NEUT", "low") == "5.0"


def test_ec_089_the_same_count_is_grade_3_of_version_6() -> None:
    count = Quantity(Interval.of(measured("0.462")), "10*9/L")
    (found,) = grade(shipped_table("6.0"), Sample("NEUT", count))
    assert isinstance(found, Graded)
    assert found.grades == (3,)


def test_ec_089_the_percentage_of_another_sample_says_nothing() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "WBC", "6.0", "10*9/L", sample_id="S-1")
    lab(trial, "02-10 08:01", "LB-2", "NEUTLE", "5", "%", sample_id="S-2")
    assert trial.fact("lab analyte", "NEUT", "low") is None


def test_ec_091_neutrophils_are_at_most_the_white_cells() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "WBC", "0.30", "10*9/L")
    assert analyte(trial, "grade", "NEUT", "low") == 4
    lab(trial, "02-11 08:00", "LB-2", "WBC", "0.50", "10*9/L")
    assert analyte(trial, "grade", "NEUT", "low") == (3, 4)


def test_ec_091_a_bound_above_the_limits_shows_no_recovery() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "NEUT", "0.3", "10*9/L")
    lab(trial, "02-11 08:00", "LB-2", "WBC", "6.0", "10*9/L")
    assert analyte(trial, "grade", "NEUT", "low") == 4


def test_ec_092_platelets_below_a_bound() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "PLAT", "<5", "10*9/L", range_low="100")
    assert analyte(trial, "grade", "PLAT", "low") == 4
    assert analyte(trial, "result", "PLAT", "low") == "<5 10*9/L"


def test_ec_094_neutrophils_without_a_lower_limit_of_normal() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "NEUT", "1.6", "10*9/L")
    assert analyte(trial, "grade", "NEUT", "low") == (0, 1)
    assert analyte(trial, "grade_needs", "NEUT", "low") == "LLN"
    assert trial.state("DQ-05", "lab-result/LB-1") == "firing"
    lab(trial, "02-11 08:00", "LB-2", "NEUT", "1.4", "10*9/L")
    assert analyte(trial, "grade", "NEUT", "low") == 2


def test_ec_095_grade_2_within_the_limits_of_the_site() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "NEUT", "1.45", "10*9/L", range_low="1.40", range_high="7")
    assert analyte(trial, "grade", "NEUT", "low") == 2
    assert analyte(trial, "within_reference_range", "NEUT", "low") == "yes"
    assert trial.state("LAB-01", "NEUT", "low") is None


def test_ec_097_potassium_without_word_on_symptoms() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "K", "3.2", "mmol/L", range_low="3.5", range_high="5")
    assert analyte(trial, "grade", "K", "low") == (1, 2)
    assert analyte(trial, "grade_needs", "K", "low") == "symptomatic"


def test_ec_098_alt_of_an_abnormal_baseline() -> None:
    trial = treated()
    lab(trial, "02-04 08:00", "LB-1", "ALT", "90", "U/L", range_high="40")
    lab(trial, "02-10 08:00", "LB-2", "ALT", "130", "U/L", range_high="40")
    assert analyte(trial, "grade", "ALT", "high") == 0
    lab(trial, "02-11 08:00", "LB-3", "ALT", "135", "U/L", range_high="40")
    assert analyte(trial, "grade", "ALT", "high") == 1


def test_ec_100_calcium_corrected_for_albumin() -> None:
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "ALB", "25", "g/L", sample_id="S-1")
    lab(
        trial,
        "02-10 08:01",
        "LB-2",
        "CA",
        "2.05",
        "mmol/L",
        range_low="2.10",
        range_high="2.6",
        sample_id="S-1",
    )
    assert str(analyte(trial, "concentration", "CA", "low")) == "2.35"
    assert analyte(trial, "grade", "CA", "low") == 0


def test_ec_100_without_albumin_it_is_not_known() -> None:
    trial = treated()
    lab(trial, "02-10 08:01", "LB-2", "CA", "2.05", "mmol/L", range_low="2.10", range_high="2.6")
    # 2.05 - 0.02 x 20 to 2.05 + 0.02 x 30
    low, high = analyte(trial, "concentration", "CA", "low")
    assert (str(low), str(high)) == ("1.65", "2.65")
    assert analyte(trial, "grade", "CA", "low") == (0, 3)


@pytest.mark.parametrize(
    ("fahrenheit", "degrees", "state"), [("101.0", "38.3", None), ("101.1", "38.4", "firing")]
)
def test_ec_101_fahrenheit_is_converted_and_rounded_half_up(
    fahrenheit: str, degrees: str, state: str | None
) -> None:
    assert celsius(Decimal(fahrenheit), "[degF]") == Decimal(degrees)
    trial = treated()
    lab(trial, "02-10 08:00", "LB-1", "NEUT", "0.4", "10*9/L", range_low="2")
    reading = {"value": fahrenheit, "unit": "[degF]", "route": "ORAL"}
    trial.add(
        "02-10 09:00", "vital-signs", "VS-1", {"at": "2026-02-10T09:00", "temperature": reading}
    )
    assert trial.state("LAB-02", "001-004") == state


def test_ec_103_a_result_of_the_day_of_the_infusion() -> None:
    trial = treated()
    lab(
        trial,
        "02-05 14:00",
        "LB-1",
        "K",
        "6.5",
        "mmol/L",
        range_high="5",
        collected_at="2026-02-05",
    )
    assert analyte(trial, "baseline_grade", "K", "high") == 3
    assert "taken as before" in trial.assumed("lab analyte", "baseline_grade", "K", "high")
    assert trial.state("LAB-01", "K", "high") is None
    lab(
        trial,
        "02-05 15:00",
        "LB-2",
        "K",
        "6.5",
        "mmol/L",
        range_high="5",
        collected_at="2026-02-05T09:59",
    )
    assert trial.assumed("lab analyte", "baseline_grade", "K", "high") == ""


def test_ec_103_with_a_time_after_the_start_it_is_no_baseline() -> None:
    trial = treated()
    lab(
        trial,
        "02-05 14:00",
        "LB-1",
        "K",
        "6.5",
        "mmol/L",
        range_high="5",
        collected_at="2026-02-05T10:00",
    )
    assert analyte(trial, "baseline_grade", "K", "high") == 0
    assert trial.state("LAB-01", "K", "high") == "firing"
