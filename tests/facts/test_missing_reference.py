"""What a derived value needs and the records lack (DOMAIN 1.6, 1.7; DQ-05; EC-120, EC-121)."""

from typing import Any

import pytest

from tests.facts.kit import Trial


def _enrolled() -> Trial:
    trial = Trial()
    trial.enrolment()
    return trial


def _lab(trial: Trial, record_id: str = "LB-1", **data: Any) -> None:
    stated = {
        "test": "HGB",
        "result_raw": "82",
        "unit_raw": "g/L",
        "range_low": "115",
        "range_high": "150",
        "collected_at": "2026-03-01T08:00",
    }
    trial.add("03-01 12:00", "lab-result", record_id, stated | data)


def _lacks(trial: Trial, record: str = "lab-result/LB-1") -> Any:
    found = trial.fact("missing reference", record)
    return None if found is None else trial.field("missing reference", "lacks", record)


@pytest.mark.parametrize(
    ("data", "lacks"),
    [
        ({}, None),
        ({"unit_raw": None}, "unit"),
        ({"unit_raw": "U/L"}, "unit"),
        ({"unit_raw": "spoons"}, "unit"),
        ({"range_low": None, "range_high": None}, "range"),
        ({"range_low": None}, None),
        ({"result_raw": None}, None),
        ({"status": "NOT DONE", "range_low": None, "range_high": None}, None),
        ({"test": "UNHEARD", "unit_raw": None}, None),
    ],
)
def test_a_result_lacks(data: dict[str, Any], lacks: str | None) -> None:
    trial = _enrolled()
    _lab(trial, **data)
    assert _lacks(trial) == lacks


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ({}, None),
        ({"sample_id": "S-2"}, "partner value"),
        ({"unit_raw": None}, "partner value"),
        ({"status": "NOT DONE", "result_raw": None}, "partner value"),
        ({"test": "PLAT"}, "partner value"),
    ],
)
def test_a_percentage_of_neutrophils_needs_the_white_cells_of_its_sample(
    cells: dict[str, Any], lacks: str | None
) -> None:
    trial = _enrolled()
    percent = {"test": "NEUTLE", "result_raw": "40", "unit_raw": "%", "sample_id": "S-1"}
    _lab(trial, **percent, range_low=None, range_high=None)
    assert _lacks(trial) == "partner value"
    stated = {"test": "WBC", "result_raw": "2.0", "unit_raw": "10*9/L", "sample_id": "S-1"}
    _lab(trial, "LB-2", **stated | cells)
    assert _lacks(trial) == lacks


def test_a_percentage_without_a_date_finds_white_cells_taken_after_it_came() -> None:
    trial = _enrolled()
    percent = {"test": "NEUTLE", "result_raw": "40", "unit_raw": "%", "sample_id": "S-1"}
    _lab(trial, **percent, collected_at=None)
    assert _lacks(trial) == "partner value"
    cells = {"test": "WBC", "result_raw": "2.0", "unit_raw": "10*9/L", "sample_id": "S-1"}
    _lab(trial, "LB-2", **cells, collected_at="2026-03-20T06:00")
    assert _lacks(trial) is None


def test_a_percentage_finds_the_white_cells_under_another_number_of_the_person() -> None:
    trial = _enrolled()
    _lab(trial, test="NEUTLE", result_raw="40", unit_raw="%", sample_id="S-1")
    with trial.of("001-005"):
        _lab(trial, "LB-2", test="WBC", result_raw="2.0", unit_raw="10*9/L", sample_id="S-1")
    assert _lacks(trial) == "partner value"
    with trial.of("001-005"):
        trial.enrolment("03-02 13:00", previous_subject_id="001-004")
    assert _lacks(trial) is None


def test_the_white_cells_may_be_taken_back() -> None:
    trial = _enrolled()
    _lab(trial, test="NEUTLE", result_raw="40", unit_raw="%", sample_id="S-1")
    _lab(trial, "LB-2", test="WBC", result_raw="2.0", unit_raw="10*9/L", sample_id="S-1")
    trial.void("03-02 12:00", "LB-2", "lab-result")
    assert _lacks(trial) == "partner value"


@pytest.mark.parametrize(
    ("therapy", "lacks"),
    [
        ({"kind": "CHEMOTHERAPY", "start": "2026-02-23"}, "anchor"),
        ({"kind": "CHEMOTHERAPY", "start": "2026-02-23", "is_index": True}, None),
        ({"kind": "CHEMOTHERAPY", "is_index": True}, "anchor"),
        ({"kind": "HSCT_AUTO", "start": "2026-02-23", "is_index": True}, "anchor"),
        ({"kind": "HSCT_AUTO", "completed_at": "2026-02-24", "is_index": True}, None),
    ],
)
def test_the_anchor(therapy: dict[str, Any], lacks: str | None) -> None:
    trial = _enrolled()
    trial.add("02-24 12:00", "therapy", "TH-1", therapy)
    assert _lacks(trial, "anchor") is None, "before the first infusion nothing is asked"
    trial.infusion("03-02 10:00", "I1")
    assert _lacks(trial, "anchor") == lacks
