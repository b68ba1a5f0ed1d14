"""A course that goes on from where it was is the one that all of its results give at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hypothesis import given
from hypothesis import strategies as st

from signals.chart.chart import Chart
from signals.events import Record
from signals.facts.kind import Fact, Key
from signals.facts.lab_analyte import LabAnalyteKind
from signals.facts.registry import MARKS
from signals.monitor.derivation import Derivation
from tests.facts.kit import pack
from tests.facts.records import record

_DAYS = range(1, 12)
_DATES = st.sampled_from(
    [None, "2026-03"]
    + [f"2026-03-{day:02}" for day in _DAYS]
    + [f"2026-03-{day:02}T{time}+08:00" for day in _DAYS for time in ("08:00", "20:00")]
)
_UNITS = {"K": "mmol/L", "ALT": "U/L", "NEUT": "10*9/L", "WBC": "10*9/L"}
_RESULTS = st.fixed_dictionaries(
    {
        "test": st.sampled_from(["K", "K", "K", "ALT", "NEUT", "WBC"]),
        "result_raw": st.sampled_from(["0.3", "2.6", "4", "6.4", "<3", "70", None]),
        "collected_at": _DATES,
        "status": st.sampled_from(["DONE", "DONE", "DONE", "NOT DONE"]),
        "sample_id": st.sampled_from([None, "S-1"]),
    }
)


def _step(version: int, kind: str, number: int, subject: str, data: dict[str, Any]) -> Record:
    """A record of its own arrival; a version of two without data is void."""
    found = record(kind, f"{kind}-{number}", subject, **data)
    told = repr((version, kind, number, subject, sorted(data.items(), key=str)))
    return replace(
        found,
        version=version,
        op="UPSERT" if data else "VOID",
        event_id=str(uuid5(NAMESPACE_URL, told)),
        sent=told.encode(),
    )


def _result(version: int, number: int, subject: str, data: dict[str, Any], is_void: bool) -> Record:
    said = {**data, "unit_raw": _UNITS[data["test"]], "range_low": "3", "range_high": "5"}
    return _step(version, "lab-result", number, subject, {} if is_void else said)


def _infusion(number: int, day: int, version: int) -> Record:
    begun = f"2026-03-{day:02}T10:00+08:00"
    return _step(version, "infusion", number, "001", {"start": begun, "status": "COMPLETED"})


def _linked(version: int, is_void: bool) -> Record:
    said = {} if is_void else {"previous_subject_id": "001"}
    return _step(version, "enrolment", 1, "002", said)


_NEW = st.builds(_result, st.just(1), st.integers(1, 40), st.just("001"), _RESULTS, st.just(False))
_STEPS = st.lists(
    _NEW
    | _NEW
    | st.builds(
        _result,
        st.integers(1, 3),
        st.integers(1, 6),
        st.sampled_from(["001", "002"]),
        _RESULTS,
        st.booleans(),
    )
    | st.builds(_infusion, st.integers(1, 2), st.sampled_from(_DAYS), st.integers(1, 2))
    | st.builds(_linked, st.integers(1, 3), st.booleans()),
    min_size=2,
    max_size=14,
)


def _derivation() -> Derivation:
    return Derivation(pack().study, [LabAnalyteKind()], Chart(MARKS))


def _facts(of: Derivation) -> dict[Key, Fact]:
    return dict(of.facts.of_kind(LabAnalyteKind.name))


@given(_STEPS)
def test_step_by_step_it_is_what_a_fresh_chart_tells(steps: list[Record]) -> None:
    _check(steps)


@given(st.lists(_NEW, min_size=3, max_size=10))
def test_so_it_is_where_results_come_in_order(steps: list[Record]) -> None:
    dated = [each for each in steps if each.data.collected_at is not None]
    _check(sorted(dated, key=lambda each: each.data.collected_at.earliest))


def _check(steps: list[Record]) -> None:
    one = _derivation()
    for position, each in enumerate(steps, 1):
        one.add(each, position)
        other = _derivation()
        for place, before in enumerate(steps[:position], 1):
            other.chart.add(before, place)
        other.derive_all()
        assert _facts(one) == _facts(other)
