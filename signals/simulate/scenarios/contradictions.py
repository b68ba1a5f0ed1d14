"""Contradictory and unreadable records: each of the checks of DQ-04 on adverse events.

All are judged unrelated by both parties and lie behind the window, so nothing else follows unless
it is stated.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from signals.simulate.draw import days, hours, stamp
from signals.simulate.scenarios.serious import RELATED
from signals.simulate.story import Story, adverse_event, criteria


def _contradiction(s: Story, record_id: str, check: str, when: datetime, why: str) -> None:
    s.tell_check(check, f"adverse-event/{record_id}", when, why)


def _odd(
    s: Story, term: str, day: int, check: str, why: str, *met: str, grade: int = 2, **more: Any
) -> tuple[str, dict[str, Any], datetime]:
    """One adverse event with something wrong in it."""
    received = s.script.on(day, 14)
    data = adverse_event(term, grade, s.day(day), received, *met) | more
    record_id = s.enter(data, received)
    _contradiction(s, record_id, check, received, why)
    return record_id, data, received


def seriousness_missing(s: Story) -> None:
    """Nobody said whether it is serious; after 20 hours it is not."""
    why = "seriousness missing: assumed serious"
    blank: dict[str, Any] = {"serious": None, "criteria": None, "narrative": "Under review."}
    record_id, data, received = _odd(s, "Malaise", 22, "seriousness-missing", why, **blank)
    s.tell_event("SAE-01", record_id, received, why)
    over = {"serious": "N", "criteria": criteria(), "error_origin": "SITE"}
    s.revise(record_id, {**data, **over}, received + hours(20), "CORRECTION")


def no_criterion(s: Story) -> None:
    """Serious, and no criterion says why."""
    blank: dict[str, Any] = {"serious": "Y", "criteria": criteria(), "narrative": "Under review."}
    check, why = "serious-without-criterion", "serious without a criterion"
    record_id, _, received = _odd(s, "Weight loss", 24, check, why, **blank)
    s.tell_event("SAE-01", record_id, received, why)


def criterion_of_a_non_serious_one(s: Story) -> None:
    """Not serious, yet in hospital for it."""
    blank: dict[str, Any] = {
        "serious": "N",
        "criteria": criteria("hospitalization"),
        "narrative": "Kept overnight.",
    }
    check, why = "non-serious-with-criterion", "not serious, yet a criterion is met"
    record_id, _, received = _odd(s, "Anxiety", 26, check, why, **blank)
    s.tell_event("SAE-01", record_id, received, why)


def grade_four_not_life_threatening(s: Story) -> None:
    """Clinical grade 4, recorded as not life-threatening."""
    check, why = "grade-4-not-life-threatening", "grade 4, recorded as not life-threatening"
    met = ("hospitalization",)
    record_id, _, received = _odd(s, "Urinary tract infection", 28, check, why, *met, grade=4)
    s.tell_event("SAE-01", record_id, received, why)


def end_before_start(s: Story) -> None:
    """It ended before it began; corrected three days later."""
    over: dict[str, Any] = {"end": s.day(20), "ongoing": False}
    check, why = "end-before-start", "the end lies before the start"
    record_id, data, received = _odd(s, "Bruising", 25, check, why, **over)
    right = {**data, "end": s.day(27), "error_origin": "SITE"}
    s.revise(record_id, right, received + days(3), "CORRECTION")


def onset_after_report(s: Story) -> None:
    """The onset lies two days after the report."""
    check, why = "onset-after-report", "the onset lies after the report"
    _odd(s, "Edema limbs", 23, check, why, onset=s.day(25))


def impossible_date(s: Story) -> None:
    """An onset on 30 February."""
    year = s.day(21)[:4]
    check, why = "invalid-date", "30 February is no date"
    _odd(s, "Flu like symptoms", 21, check, why, onset=f"{year}-02-30")


def unreadable_grade(s: Story) -> None:
    """A grade in Roman numerals."""
    received = s.script.on(29, 14)
    data = adverse_event("Bloating", None, s.day(29), received) | {"grade": "II"}
    record_id = s.enter(data, received)
    _contradiction(s, record_id, "unreadable-field", received, "the grade cannot be read")


def misspelt_key(s: Story) -> None:
    """A misspelt key hides the causality until the site corrects it."""
    received = s.script.on(27, 10)
    data = adverse_event("Dyspepsia", 1, s.day(27), received)
    wrong = {("causalty" if name == "causality" else name): value for name, value in data.items()}
    record_id = s.enter(wrong, received)
    _contradiction(s, record_id, "unknown-key", received, "a key is misspelt")
    s.tell_event("DQ-01", record_id, received + hours(48), "causality hidden by a misspelt key")
    right = {**data, "error_origin": "SITE"}
    s.revise(record_id, right, received + hours(66), "CORRECTION")


def correction_without_origin(s: Story) -> None:
    """A correction does not say whose error it corrects."""
    received = s.script.on(30, 12)
    data = adverse_event("Hiccups", 1, s.day(30), received)
    record_id = s.enter(data, received)
    changed = received + days(2)
    s.revise(record_id, {**data, "grade": 2}, changed, "CORRECTION")
    why = "a correction without the origin of the error"
    _contradiction(s, record_id, "correction-without-origin", changed, why)


def related_before_infusion(s: Story) -> None:
    """Related in both parties' eyes, though it began before the first infusion."""
    received = s.script.on(2, 12)
    data = adverse_event("Hot flashes", 1, s.day(-4), received, **RELATED)
    record_id = s.enter(data, received)
    why = "related, though it began before the first infusion"
    _contradiction(s, record_id, "related-before-infusion", received, why)


def expectedness_disagrees(s: Story) -> None:
    """The sponsor calls it expected, the reference safety information does not list it."""
    said = {**RELATED, "expected": "Y", "rsi_version": "1.0"}
    received = s.script.on(24, 15)
    data = adverse_event("Gastritis", 3, s.day(24), received, "hospitalization", **said)
    record_id = s.enter(data, received)
    why = "called expected, not listed"
    s.tell_event("SAE-01", record_id, received, "admitted")
    s.tell_case("SAE-04", record_id, received, f"{why}: assumed unexpected")
    _contradiction(s, record_id, "expectedness-disagrees", received, why)
    s.submit(record_id, ("initial-15",), received + days(7))


def progression_without_date(s: Story) -> None:
    """It grew worse, and nobody said when."""
    received = s.script.on(31, 12)
    data = adverse_event("Myalgia", 1, s.day(31), received)
    record_id = s.enter(data, received)
    changed = received + days(3)
    s.revise(record_id, {**data, "grade": 2}, changed, "PROGRESSION")
    _contradiction(s, record_id, "progression-undated", changed, "a progression without its date")


def report_without_duty(s: Story) -> None:
    """A report does not say which obligation it meets: taken for the one due first."""
    received = s.script.on(26, 9)
    said = {**RELATED, "expected": "N"}
    data = adverse_event("Pleural effusion", 3, s.day(26), received, "hospitalization", **said)
    record_id = s.enter(data, received)
    s.tell_event("SAE-01", record_id, received, "admitted")
    s.tell_case("SAE-04", record_id, received, "serious, related and unexpected")
    sent = received + days(5)
    s.submit(record_id, (), sent)
    report = f"SUB-{s.tape.numbered(s.script.place, 'SUB')}"
    s.tell_check("submission-covers-missing", f"report-submission/{report}", sent, "covers nothing")


def two_contents_of_one_message(s: Story) -> None:
    """The same message id comes again with another grade: the first counts."""
    received = s.script.on(20, 13)
    record_id = s.enter(adverse_event("Tremor", 1, s.day(20), received), received)
    later = received + hours(5)
    sent = s.tape.sent[-1][2]
    other = {**sent, "recorded_at": stamp(later), "data": {**sent["data"], "grade": 2}}
    s.tape.send(other, later)
    _contradiction(s, record_id, "conflicting-content", later, "two contents under one id")
