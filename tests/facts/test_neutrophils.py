"""The neutrophil count, measured or worked out from the sample (DOMAIN 1.7)."""

from __future__ import annotations

from typing import Any

import pytest

from signals.events import Record
from signals.facts.neutrophils import neutrophils
from tests.facts.kit import plain
from tests.facts.records import ALWAYS, chart_of, record

UNITS = {"NEUTLE": "%", "NEUTSGLE": "%", "NEUTBLE": "%"}


def result(number: int, test: str, value: str | None, **said: Any) -> Record:
    data = {
        "test": test,
        "result_raw": value,
        "unit_raw": UNITS.get(test, "10*9/L"),
        "collected_at": "2026-03-10T06:00",
        "sample_id": "S-1",
        **said,
    }
    return record("lab-result", f"LB-{number}", **data)


def counts(*results: Record) -> list[Any]:
    view = chart_of(*results).view
    return [plain(each.value) for each in neutrophils(view, "001", *ALWAYS)]


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ({"NEUT": "0.46"}, ["0.46"]),
        ({"NEUT": "0.46", "WBC": "1.10", "NEUTLE": "90"}, ["0.46"]),
        ({"WBC": "1.10", "NEUTLE": "42"}, ["0.462"]),
        ({"WBC": "2.0", "NEUTSGLE": "40", "NEUTBLE": "5"}, ["0.9"]),
        ({"WBC": "2.0", "NEUTLE": "40", "NEUTBLE": "5"}, [("0.8", "0.9")]),
        ({"WBC": "2.0", "NEUTSGLE": "40"}, [("0.8", "2.0")]),
        ({"NEUTSG": "0.8", "NEUTB": "0.1"}, ["0.9"]),
        ({"WBC": "0.30"}, [(None, "0.3")]),
        ({"NEUT": "<0.1"}, [(None, "0.1")]),
        ({"NEUTLE": "42"}, []),
        ({"PLAT": "42"}, []),
    ],
)
def test_the_count_of_a_sample(sample: dict[str, str], expected: list[Any]) -> None:
    found = counts(*(result(n, test, value) for n, (test, value) in enumerate(sample.items())))
    assert [_text(each) for each in found] == [_text(each) for each in expected]


def _text(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_text(each) for each in value)
    return None if value is None else float(value)


def test_a_percentage_of_another_sample_does_not_count() -> None:
    of_another = result(2, "NEUTLE", "42", sample_id="S-2")
    assert [_text(each) for each in counts(result(1, "WBC", "1.10"), of_another)] == [(None, 1.1)]


def test_without_a_sample_nothing_is_put_together() -> None:
    alone = [
        result(n, t, v, sample_id=None) for n, t, v in ((1, "WBC", "1.1"), (2, "NEUTLE", "42"))
    ]
    assert [_text(each) for each in counts(*alone)] == [(None, 1.1)]


@pytest.mark.parametrize(
    "said",
    [{"status": "NOT DONE"}, {"unit_raw": "g/L"}, {"unit_raw": None}, {"result_raw": "lots"}],
)
def test_what_was_not_done_or_cannot_be_converted_is_no_count(said: dict[str, Any]) -> None:
    assert counts(result(1, "NEUT", said.pop("result_raw", "0.4"), **said)) == []


def test_ten_thousands_a_microlitre_are_converted() -> None:
    assert [_text(each) for each in counts(result(1, "NEUT", "0.05", unit_raw="10*4/uL"))] == [0.5]
