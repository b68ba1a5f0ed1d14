"""Deaths that are more than the death of a known disease (DOMAIN 4.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from signals.simulate.draw import days, hours, stamp
from signals.simulate.story import Story, adverse_event, criteria

DAY = 47
HOSPITAL = "hospitalization"


def _ends(s: Story, day: int = DAY) -> datetime:
    """Let follow-up end on a day; one in the afternoon."""
    s.script.stop, s.script.end = s.script.first + days(day), "SCRIPTED"
    return s.script.on(day, 13)


def _dead(day: str, learned: datetime, **more: Any) -> dict[str, Any]:
    return {
        "status": "DEAD",
        "at": day,
        "death_date": day,
        "received_by_sponsor_at": stamp(learned),
        **more,
    }


def untold(s: Story) -> None:
    """The survival status says dead, and no adverse event tells of it for three days."""
    learned = _ends(s)
    s.new("subject-status", "DS", _dead(s.day(DAY), learned), learned + hours(0.1))
    synthetic = "DEATH-NOS"
    why = "a death that no adverse event tells"
    s.tell("SAE-12", learned, why)
    s.tell_event("SAE-01", synthetic, learned, why)
    s.tell_case("SAE-03", synthetic, learned, f"{why}: assumed related and unexpected")
    s.tell_event("DQ-01 DQ-02", synthetic, learned + hours(24), f"{why}, a day later")
    s.tell_event("SAE-02", synthetic, learned, "the site's awareness is unknown", "background")
    told = learned + days(2)
    data = adverse_event("Sepsis", 5, s.day(DAY - 1), told, "death", HOSPITAL, outcome="FATAL")
    record_id = s.enter(data, told)
    s.tell_event("SAE-01", record_id, told, "the fatal event that tells the death")
    s.tell_case("SAE-09", synthetic, told, "the cause is told, not related", "background")
    s.tell_case("SAE-03", record_id, told, "joined to the synthetic case", "background")
    signed = {"obligation_id": s.obligation(synthetic, "initial-7"), "what": "NOT_REPORTABLE"}
    s.decide("sign_off", "PV_PHYSICIAN", "Sepsis", told + days(1), **signed, answer="Y")


def of_a_serious_event(s: Story) -> None:
    """A serious event becomes fatal; both parties judged it unrelated."""
    first = s.script.on(DAY - 5, 14)
    data = adverse_event("Urinary tract infection", 3, s.day(DAY - 6), first, HOSPITAL)
    record_id = s.enter(data, first)
    s.tell_event("SAE-01", record_id, first, "admitted")
    learned = _ends(s)
    cause = {"kind": "ADVERSE_EVENT", "record_id": record_id}
    dead = _dead(s.day(DAY), learned, death_cause=cause)
    s.new("subject-status", "DS", dead, learned + hours(0.1))
    fatal = {**data, "grade": 5, "outcome": "FATAL", "criteria": criteria("death", HOSPITAL)}
    s.revise(record_id, fatal, learned, "PROGRESSION", effective_from=s.day(DAY))
    s.tell("SAE-12", learned, "an infection became fatal")
    s.tell_case("SAE-08", record_id, learned, "from serious to fatal")


def undated(s: Story) -> None:
    """A grade 5 event, and for two days no date of death."""
    learned = _ends(s)
    data = adverse_event("Lung infection", 5, s.day(DAY - 4), learned, "death", outcome="FATAL")
    record_id = s.enter(data, learned)
    s.tell_event("SAE-01", record_id, learned, "fatal")
    s.tell("SAE-12", learned, "a fatal infection")
    s.tell_check(
        "grade-5-without-death-date", f"adverse-event/{record_id}", learned, "no date of death"
    )
    later = learned + days(2)
    s.new("subject-status", "DS", _dead(s.day(DAY), later), later)


def seen_alive_afterwards(s: Story) -> None:
    """The date of death was mistyped: a contact after it is on record."""
    learned = _ends(s)
    wrong = s.day(DAY - 20)
    data = adverse_event("Disease progression", 4, s.day(DAY - 9), learned - days(3), HOSPITAL)
    data["criteria"]["life_threatening"] = "Y"
    record_id = s.enter(data, learned - days(3))
    s.tell_event("SAE-01", record_id, learned - days(3), "admitted")
    alive = {"status": "ACTIVE", "at": s.day(DAY - 2), "last_known_alive": s.day(DAY - 2)}
    s.new("subject-status", "DS", alive, learned - days(2))
    cause = {"kind": "PRIMARY_DISEASE", "record_id": record_id}
    dead = _dead(wrong, learned, death_cause=cause)
    status_id = s.new("subject-status", "DS", dead, learned + hours(0.1))
    s.tell("SAE-12", learned, "death of the leukaemia")
    s.tell_check("death-then-alive", f"subject-status/{status_id}", learned, "alive afterwards")
    right = {**dead, "death_date": s.day(DAY), "at": s.day(DAY)}
    s.put("subject-status", status_id, right, learned + days(3), reason="CORRECTION")


def fatal_but_grade_four(s: Story) -> None:
    """The outcome is fatal and the grade was left at 4."""
    learned = _ends(s)
    opened = learned - days(2)
    met = ("life_threatening", HOSPITAL)
    data = adverse_event("Sepsis", 4, s.day(DAY - 3), opened, *met)
    record_id = s.enter(data, opened)
    s.tell_event("SAE-01", record_id, opened, "admitted")
    cause = {"kind": "ADVERSE_EVENT", "record_id": record_id}
    dead = _dead(s.day(DAY), learned, death_cause=cause)
    s.new("subject-status", "DS", dead, learned + hours(0.1))
    fatal = {**data, "outcome": "FATAL", "criteria": criteria("death", *met)}
    s.revise(record_id, fatal, learned, "FOLLOW_UP")
    s.tell("SAE-12", learned, "a fatal infection")
    s.tell_check("fatal-below-grade-5", f"adverse-event/{record_id}", learned, "fatal, grade 4")
    over = {"grade": 5, "error_origin": "SITE"}
    s.revise(record_id, {**fatal, **over}, learned + days(2), "CORRECTION")
