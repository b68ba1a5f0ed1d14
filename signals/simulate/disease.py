"""The disease: remission, relapse, loss to follow-up and death.

Assumptions: complete remission in 72 % after induction and in another 10 % with incomplete
recovery; relapse about 2.2 % a month in remission; half of relapsed and four in ten of refractory
subjects die within a few months; 4 % are lost.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from signals.simulate.draw import clock, days, hours, stamp, stream
from signals.simulate.script import Script
from signals.simulate.story import Story, adverse_event, criteria, iso

_LANDMARK = 60
_RESPONDED, _INCOMPLETE = 0.72, 0.82
_RELAPSE_DAYS = 1350.0
_LOST = 0.04


def fate(script: Script) -> None:
    """Draw relapse, loss and death; a sheltered subject meets none of them, nor one whose end is scripted."""
    chance = stream(script.seed, script.entry.subject, "fate")
    if script.sheltered or script.stop:
        return
    response = _response(script)
    relapse = script.first + days(100 + chance.expovariate(1 / _RELAPSE_DAYS))
    cut = script.plan.cut.date()
    if response != "NR/REFRACTORY" and relapse < cut - days(10):
        script.relapse = relapse
        _die(script, chance, 0.5, relapse + days(chance.randint(40, 200)))
    elif response == "NR/REFRACTORY":
        _die(script, chance, 0.4, script.first + days(chance.randint(80, 260)))
    else:
        _die(script, chance, 0.03, script.first + days(chance.randint(90, 400)))
    if script.stop is None and chance.random() < _LOST:
        script.stop, script.end = script.first + days(chance.randint(120, 500)), "LOST"


def _die(script: Script, chance: Random, share: float, day: date) -> None:
    if chance.random() < share and day < script.plan.cut.date() - days(5):
        script.stop, script.end = day, "DEAD"


def _response(script: Script) -> str:
    if script.in_cr or script.sheltered:
        return "CR"
    drawn = stream(script.seed, script.entry.subject, "response").random()
    if drawn < _RESPONDED:
        return "CR"
    return "CRi" if drawn < _INCOMPLETE else "NR/REFRACTORY"


def disease(story: Story) -> None:
    """The assessments, and what they raise."""
    script, response = story.script, _response(story.script)
    for offset in (24, 91, 182, 365, 547):
        day = script.first + days(offset)
        if script.relapse and day >= script.relapse:
            break
        _assess(story, response, day)
    if response == "NR/REFRACTORY":
        landmark = clock(script.entry.enrolled + days(_LANDMARK + 1), 0)
        if script.alive(landmark):
            story.tell("EFF-01", landmark, "no remission by the landmark", "background")
    if script.relapse:
        when = _assess(story, "RELAPSE", script.relapse)
        story.tell("EFF-01", when, "relapse of the leukaemia", "background")


def _assess(story: Story, status: str, day: date) -> Any:
    when = clock(day, 16)
    if story.script.alive(when):
        ill = status in ("RELAPSE", "NR/REFRACTORY")
        data = {
            "assessed_at": iso(day),
            "criteria": "ELN2022",
            "status": status,
            "marrow_blasts_pct": "24" if ill else "2.0",
            "circulating_blasts": ill,
            "extramedullary": False,
            "mrd": "NOT_DONE" if ill else "NEGATIVE",
        }
        story.new("disease-status", "RS", data, when)
    return when


def end_of_follow_up(story: Story) -> None:
    """How a subject left: lost, or dead of the disease."""
    script = story.script
    if script.stop is None:
        return
    if script.end == "DEAD":
        _death_of_disease(story, script.stop)
        return
    seen = iso(script.stop - days(20))
    data = {"status": "LOST", "at": iso(script.stop), "last_known_alive": seen}
    story.new("subject-status", "DS", data, clock(script.stop, 17))


def _death_of_disease(story: Story, day: date) -> None:
    """Known as life-threatening some days before, then fatal; unrelated in both parties' eyes."""
    told = clock(day - days(4), 15)
    met = ("life_threatening", "hospitalization")
    data = adverse_event("Disease progression", 4, iso(day - days(5)), told, *met)
    record_id = story.enter(data, told)
    why = "death of the leukaemia"
    story.tell_event("SAE-01", record_id, told, why, "background")
    learned = clock(day, 13)
    status = {
        "status": "DEAD",
        "at": iso(day),
        "death_date": iso(day),
        "death_cause": {"kind": "PRIMARY_DISEASE", "record_id": record_id},
        "received_by_sponsor_at": stamp(learned),
    }
    story.new("subject-status", "DS", status, learned + hours(0.1))
    fatal = {**data, "grade": 5, "outcome": "FATAL", "criteria": criteria("death", *met)}
    story.revise(record_id, fatal, learned, "PROGRESSION", effective_from=iso(day))
    story.tell("SAE-12", learned, why, "background")
