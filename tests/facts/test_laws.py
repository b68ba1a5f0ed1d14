"""Laws 1 and 2 on journals of what makes a case hard: joining, moving, dying, signing, re-screening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.facts.kit import BLANK, Trial, check_any_order, criteria

Step = Callable[[Trial, str], None]

_EVENTS = st.sampled_from(["AE-1", "AE-2"])
_SUBJECTS = st.sampled_from(["001", "002"])
_OPINIONS = st.sampled_from([None, "UNRELATED", "POSSIBLE"])
_SAID: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"serious": st.sampled_from(["Y", "N", None]), "grade": st.sampled_from([None, 2, 4, 5])},
    optional={
        "criteria": st.sampled_from([BLANK, criteria(hospitalization="Y")]),
        "investigator": _OPINIONS,
        "sponsor": _OPINIONS,
        "expected": st.sampled_from(["Y", "N"]),
        "onset": st.sampled_from([None, "2026-03", "2026-02-25", "2026-03-04"]),
        "error_origin": st.sampled_from(["SITE", "SPONSOR_OR_DELEGATE"]),
        "outcome": st.sampled_from(["FATAL", "UNKNOWN"]),
        "moved_from": st.fixed_dictionaries({"subject_id": _SUBJECTS, "record_id": _EVENTS}),
    },
)


def _adverse_event(
    name: str, why: str, nameless: bool, data: dict[str, Any], version: int | None
) -> Step:
    def step(trial: Trial, when: str) -> None:
        with trial.of(None if nameless else trial.subject):
            said = dict(data)
            dated = {"effective_from": "2026-03-05"} if why == "PROGRESSION" else {}
            if version is not None:
                said["version"] = version
            trial._version(when, name, why, {"term": "Rash"}, said, **dated)

    return step


def _void(kind: str, name: str) -> Step:
    return lambda trial, when: trial.void(when, name, kind=kind)


def _infusion(name: str, start: str, status: str) -> Step:
    return lambda trial, when: trial.infusion(start, name, arrives=when, status=status)


def _enrolment(previous: str | None) -> Step:
    return lambda trial, when: trial.enrolment(when, previous_subject_id=previous)


def _status(name: str, status: str, cause: str | None) -> Step:
    named = None if cause is None else {"kind": "ADVERSE_EVENT", "record_id": cause}
    return lambda trial, when: trial.status(when, name, status=status, death_cause=named)


def _case(name: str, events: list[str], worldwide: str | None) -> Step:
    return lambda trial, when: trial.case(when, name, *events, worldwide_id=worldwide)


def _rsi(name: str, term: str) -> Step:
    return lambda trial, when: trial.rsi(when, name, "2026-01-01", term)


def _submission(name: str, covers: list[str]) -> Step:
    return lambda trial, when: trial.submission(when, name, *covers)


def _sign(what: str, name: str, answer: str) -> Step:
    return lambda trial, when: trial.sign_off(when, what, name, answer)


def _rule(question: str, answer: str, name: str) -> Step:
    return lambda trial, when: trial.adjudicate(when, question, answer, name)


_CASES = st.sampled_from(["AE-1", "AE-2", "DEATH-NOS"])
_DUTIES = st.sampled_from(["initial-7", "initial-15", "completion"])
_OBLIGATIONS = st.builds("{}/CN-CDE/{}".format, _CASES, _DUTIES)
_NUMBERS = st.none() | st.integers(1, 4)
_STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        _adverse_event,
        _EVENTS,
        st.sampled_from(["NEW", "CORRECTION", "PROGRESSION", "FOLLOW_UP"]),
        st.sampled_from([False, False, False, True]),
        _SAID,
        _NUMBERS,
    ),
    st.builds(
        _infusion,
        st.sampled_from(["I1", "I2"]),
        st.sampled_from(["2026-03-01 10:00", "2026-03-03 10:00"]),
        st.sampled_from(["COMPLETED", "PLANNED", "NOT_DONE"]),
    ),
    st.builds(_enrolment, st.sampled_from([None, "001", "002"])),
    st.builds(
        _status,
        st.sampled_from(["DS-1", "DS-2"]),
        st.sampled_from(["DEAD", "ACTIVE"]),
        st.none() | _EVENTS,
    ),
    st.builds(
        _case,
        st.sampled_from(["C-1", "C-2"]),
        st.lists(_EVENTS, min_size=1, max_size=2, unique=True),
        st.sampled_from([None, "W-1"]),
    ),
    st.builds(_rsi, st.sampled_from(["RSI-1", "RSI-2"]), st.sampled_from(["Rash", "Fever"])),
    st.builds(_submission, st.sampled_from(["SUB-1", "SUB-2"]), st.lists(_OBLIGATIONS, max_size=2)),
    st.builds(_sign, st.just("NOT_REPORTABLE"), _OBLIGATIONS, st.sampled_from(["Y", "N"])),
    st.builds(_sign, st.just("SERIOUSNESS_DOWNGRADE"), _EVENTS, st.sampled_from(["Y", "N"])),
    st.builds(_rule, st.just("neoplasm"), st.sampled_from(["BENIGN", "RELAPSE"]), _EVENTS),
    st.builds(_rule, st.just("dlt"), st.sampled_from(["DLT", "NOT_DLT"]), _EVENTS),
    st.builds(_void, st.just("adverse-event"), _EVENTS),
    st.builds(_void, st.just("infusion"), st.just("I1")),
    st.builds(_void, st.just("subject-status"), st.just("DS-1")),
    st.builds(_void, st.just("case"), st.just("C-1")),
)


@given(st.lists(st.tuples(_SUBJECTS, _STEPS), min_size=2, max_size=10))
def test_step_by_step_at_once_and_in_any_order_unless_in_conflict(
    drawn: list[tuple[str, Step]],
) -> None:
    """Every step is compared with a fresh monitor as it is taken."""
    trial = Trial("CN-CDE", "US-IND")
    with trial.of("001"):
        trial.infusion("2026-03-01 10:00", "I1")
    for hour, (subject, step) in enumerate(drawn):
        with trial.of(subject):
            step(trial, f"2026-03-{2 + hour:02} 09:00")
    if not any(trial.monitor.chart._conflicts):
        check_any_order(trial, tries=2)
