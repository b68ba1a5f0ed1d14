"""Dose-limiting toxicity: decided and undecided, early and late (DOMAIN 3).

With infusions on days 0, 3 and 7 the window runs from day 0 to day 11, both included.
"""

from __future__ import annotations

from datetime import datetime

from signals.simulate.draw import days, hours, stamp
from signals.simulate.script import dose
from signals.simulate.story import Story, adverse_event, opinion

_SRC, _MONITOR = "SAFETY_REVIEW_COMMITTEE", "MEDICAL_MONITOR"


def registered(s: Story) -> datetime:
    """A related grade 2 event inside the window; the instant it was received."""
    received = s.script.on(5, 17)
    data = adverse_event("Headache", 2, s.day(5), received, investigator="POSSIBLE")
    data["causality"]["sponsor"] = opinion("POSSIBLE")
    record_id = s.enter(data, received)
    s.tell_event("DLT-01", record_id, received, "related, grade 2, day 5 of the window")
    return received


def registered_and_confirmed(s: Story) -> None:
    """The same, and the medical monitor confirms the alert."""
    received = registered(s)
    record_id = f"AE-{s.tape.numbered(s.script.place, 'AE')}"
    alert = {"alert_id": f"UC-MSC|DLT-01|{s.subject}|{record_id}", "revision": 1}
    s.decide("alert", _MONITOR, "Reviewed", received + hours(20), **alert, action="CONFIRM")


def grade_three(s: Story) -> None:
    """A related grade 3 event inside the window: both profiles."""
    received = s.script.on(9, 16)
    opinions = {"investigator": "LIKELY", "sponsor": "POSSIBLE"}
    data = adverse_event("Myalgia", 3, s.day(9), received, **opinions)
    record_id = s.enter(data, received)
    s.tell_event("DLT-01 DLT-02", record_id, received, "related, grade 3, day 9 of the window")


def worsened_in_window(s: Story) -> None:
    """It began before the first infusion as grade 1 and became grade 3 inside the window."""
    first = s.script.on(-3, 15)
    data = adverse_event("Bloating", 1, s.day(-3), first)
    record_id = s.enter(data, first)
    received = s.script.on(5, 18)
    related = {"investigator": opinion("POSSIBLE"), "sponsor": opinion("POSSIBLE")}
    history = [{"grade": 1, "from": s.day(-3)}, {"grade": 3, "from": s.day(5)}]
    worse = {**data, "grade": 3, "grade_history": history, "causality": related}
    s.revise(record_id, worse, received, "PROGRESSION", effective_from=s.day(5))
    s.tell_event("DLT-01 DLT-02", record_id, received, "worsened to grade 3 inside the window")


def last_and_next_day(s: Story) -> None:
    """Related on the last day of the window, and another on the next: only the first counts."""
    end = (s.script.window_end - s.script.first).days
    received = s.script.on(end, 22)
    related = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
    inside = s.enter(adverse_event("Dizziness", 1, s.day(end), received, **related), received)
    s.tell_event("DLT-01", inside, received, "related, on the last day of the window")
    after = s.script.on(end + 1, 22)
    s.enter(adverse_event("Hiccups", 1, s.day(end + 1), after, **related), after)


def onset_known_to_the_month(s: Story) -> None:
    """Only month or year of the onset are known: undecided until the site finds the day."""
    received = s.script.on(9, 14)
    # The month of the first infusion; on the first of a month that would be inside for certain.
    month = s.day(0)[:7] if s.script.first.day > 1 else s.day(0)[:4]
    related = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
    data = adverse_event("Tremor", 1, month, received, **related)
    record_id = s.enter(data, received)
    s.tell_event("DLT-03", record_id, received, "onset known only in part, the window is touched")
    found = s.script.on(20, 11)
    exact = {**data, "onset": s.day(6), "error_origin": "SITE"}
    s.revise(record_id, exact, found, "CORRECTION")
    s.tell_event("DLT-01", record_id, found, "the corrected onset lies inside the window, late")


def causality_open(s: Story) -> None:
    """Nobody at the site judged causality for two and a half days."""
    received = s.script.on(5, 11)
    data = adverse_event("Paresthesia", 1, s.day(5), received, investigator=None)
    record_id = s.enter(data, received)
    s.tell_event("DLT-03", record_id, received, "inside the window, causality missing")
    s.tell_event("DQ-01", record_id, received + hours(48), "causality missing for 48 hours")
    judged = {"investigator": opinion("UNRELATED"), "sponsor": opinion("UNRELATED")}
    s.revise(record_id, {**data, "causality": judged}, received + hours(60), "FOLLOW_UP")


def infusion_entered_late(s: Story) -> None:
    """The third infusion is entered three days late and moves the window over an event."""
    last = s.script.doses[-1]
    last.entered = s.script.on(10, 16)
    received = s.script.on(9, 15)
    related = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
    record_id = s.enter(adverse_event("Hot flashes", 1, s.day(9), received, **related), received)
    s.tell_event("DLT-03", record_id, received, "inside only the window of the planned infusion")
    s.tell_event("DLT-01", record_id, last.entered, "the infusion entered late moves the window")


def schedule_slipped(s: Story) -> None:
    """Infusions on days 0, 7 and 14: the cap falls before the last, and an event behind the cap."""
    first = s.script.first
    planned = [each.planned.date() for each in s.script.doses]
    places = zip((1, 2, 3), (0, 7, 14), planned, strict=True)
    s.script.doses = [dose(number, first + days(day), was) for number, day, was in places]
    given = s.script.doses[-1].entered
    s.tell_check("schedule-past-cap", "infusion/INF-3", given, "given behind the cap")
    received = s.script.on(16, 15)
    related = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
    record_id = s.enter(adverse_event("Dry skin", 1, s.day(16), received, **related), received)
    s.tell_event(
        "DLT-03", record_id, received, "behind the cap, within 4 days of the last infusion"
    )
    ruled = {"record_id": record_id, "question": "dlt", "answer": "NOT_DLT"}
    s.decide("adjudication", _SRC, "Dry skin of the season", s.script.on(23, 16), **ruled)


def corrected_away(s: Story) -> None:
    """Counted, until the site corrects its causality: the withdrawal waits for a signature."""
    received = s.script.on(6, 16)
    related = {"investigator": "POSSIBLE", "sponsor": "UNRELATED"}
    data = adverse_event("Hyperhidrosis", 1, s.day(6), received, **related)
    record_id = s.enter(data, received)
    s.tell_event("DLT-01", record_id, received, "related inside the window, later corrected")
    s.tell_case("SAE-11", record_id, received, "not serious", "background")
    neither = {"investigator": opinion("UNRELATED"), "sponsor": opinion("UNRELATED")}
    over = {"causality": neither, "error_origin": "SITE"}
    s.revise(record_id, {**data, **over}, received + days(4), "CORRECTION")


def voided(s: Story) -> None:
    """Counted, until it is voided as entered in error."""
    received = s.script.on(4, 16)
    related = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
    data = adverse_event("Dyspepsia", 1, s.day(4), received, **related)
    record_id = s.enter(data, received)
    s.tell_event("DLT-01", record_id, received, "related inside the window, later voided")
    s.put("adverse-event", record_id, {}, received + days(5), reason="ENTERED_IN_ERROR")


def judged_related_later(s: Story, decisions: list[str]) -> None:
    """Unrelated at first; after the cohort decisions the investigator thinks otherwise."""
    received = s.script.on(5, 12)
    data = adverse_event("Palpitations", 1, s.day(5), received)
    record_id = s.enter(data, received)
    changed = s.script.plan.judged_again
    related = {"investigator": opinion("POSSIBLE"), "sponsor": opinion("POSSIBLE")}
    s.revise(record_id, {**data, "causality": related}, changed, "FOLLOW_UP")
    s.tell_event("DLT-01", record_id, changed, "judged related three weeks later")
    for decision in decisions:
        why = "the subject's status changed after the cohort decision"
        s.tell("DLT-04", changed, why, decision=decision, profile="REGISTERED")


def late_entry(s: Story) -> None:
    """A related event inside the window that is entered four weeks later."""
    received = s.script.on(35, 10)
    related = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
    aware = {"investigator_aware_at": stamp(s.script.on(30, 10))}
    data = adverse_event("Dysgeusia", 1, s.day(6), received, **related, **aware)
    record_id = s.enter(data, received)
    s.tell_event("DLT-01", record_id, received, "inside the window, entered four weeks later")
