"""Enrolment, therapy, infusions, transfusions, medication and the schedule of visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from signals.simulate.blood import Counts
from signals.simulate.draw import clock, days, hours, stamp
from signals.simulate.plan import LEVELS
from signals.simulate.script import ALLOGENEIC, CHEMOTHERAPY, Dose
from signals.simulate.story import PRODUCT, Story, iso
from signals.simulate.ward import Bed

VISITS = {"Month 1": 30, "Month 3": 91, "Month 6": 182, "Month 12": 365, "Month 18": 547}
_VISIT_MARGIN = 7
_AML = {"text": "Acute myeloid leukaemia", "icd10": "C92.0", "icdo_morphology": "9861/3"}
_ALL = {"text": "Acute lymphoblastic leukaemia", "icd10": "C91.0", "icdo_morphology": "9836/3"}


def enrolment(story: Story) -> None:
    """Consent, enrolment, dose level and diagnosis."""
    script, entry = story.script, story.script.entry
    chance = story.chance("person")
    data = {
        "consented_at": stamp(clock(entry.enrolled - days(2), 10)),
        "enrolled_at": iso(entry.enrolled),
        "phase": entry.phase,
        "dose_level": entry.level,
        "cohort_no": entry.spot.cohort_no,
        "slot": entry.spot.slot,
        "primary_diagnosis": _AML if chance.random() < 0.75 else _ALL,  # noqa: PLR2004 - share of AML
        "in_cr_at_entry": script.in_cr,
        "birth_year": 2026 - chance.randint(19, 72),
        "sex": chance.choice("FM"),
    }
    entered = clock(entry.enrolled, 15)
    story.put("enrolment", f"DM-{story.subject}", data, entered)
    status = {
        "status": "ACTIVE",
        "at": iso(entry.enrolled),
        "last_known_alive": iso(entry.enrolled),
    }
    story.new("subject-status", "DS", status, entered + hours(0.1))


def therapy(story: Story) -> None:
    """The index course, or conditioning and transplantation."""
    script = story.script
    begun, ended = script.first - days(7), script.first - days(1)
    if script.arm == CHEMOTHERAPY:
        course = {"course_id": "IND-1", "kind": script.arm, "regimen": "7+3", "start": iso(begun)}
        index = {**course, "end": iso(ended), "is_index": True}
        story.new("therapy", "TX", index, clock(begun, 18) + script.therapy_entered)
        return
    regimen = "BuCy" if script.arm == ALLOGENEIC else "BEAM"
    data: dict[str, Any] = {
        "course_id": "HSCT-1",
        "kind": "CONDITIONING",
        "regimen": regimen,
        "is_index": False,
    }
    data |= {"start": iso(begun), "end": iso(ended - days(1))}
    story.new("therapy", "TX", data, clock(begun, 18))
    graft: dict[str, Any] = {"course_id": "HSCT-1", "kind": script.arm, "is_index": True}
    graft |= {"start": iso(ended), "end": iso(ended)}
    graft |= {"completed_at": iso(ended), "cd34_per_kg": "3.1e6"}
    story.new("therapy", "TX", graft, clock(ended, 18) + script.therapy_entered)


def infusions(story: Story) -> None:
    """Every infusion: planned at enrolment, then as given."""
    script, chance = story.script, story.chance("infusions")
    weight = chance.randint(480, 860) / 10
    for dose in script.doses:
        planned = _planned(story, dose)
        record_id = dose.record_id
        story.put("infusion", record_id, planned, clock(script.entry.enrolled, 15.5))
        given = {**planned, **_given(story, dose, weight), **dose.changes}
        story.put("infusion", record_id, given, dose.entered, reason="FOLLOW_UP")


def _planned(story: Story, dose: Dose) -> dict[str, Any]:
    level = story.script.entry.level
    return {
        "infusion_no": dose.number,
        "planned_at": stamp(dose.planned),
        "planned_minutes": 40,
        "status": "PLANNED",
        "dose_cells_per_kg_planned": LEVELS[level],
        "interruptions": [],
        "dose_level_assigned": level,
    }


def _given(story: Story, dose: Dose, weight: float) -> dict[str, Any]:
    script = story.script
    level = script.entry.level
    per_kg = float(LEVELS[level]) * dose.strength
    return {
        "status": "COMPLETED",
        "start": stamp(dose.start),
        "end": stamp(dose.end),
        "product_id": PRODUCT,
        "dose_cells_per_kg_actual": _cells(per_kg),
        "weight_kg": f"{weight:.1f}",
        "total_viable_cells": _cells(per_kg * weight),
        "viability_pct": "93",
        "volume_mL": "100",
        "rate_mL_per_h": "150",
        "premedication": ["promethazine"],
        "lot": script.lot,
        "donor_id": script.donor,
        "passage": 4,
        "dmso_mL": "5",
        "route": "INTRAVENOUS",
        "access_site": "PICC",
        "dose_level_actual": level,
    }


def _cells(count: float) -> str:
    return f"{count:.3e}".replace("e+0", "e")


def transfusions(story: Story, counts: dict[date, Counts]) -> None:
    """What the counts of the morning call for, given in the early afternoon."""
    doses = {"PLATELET": ("1", "250", "PLT < 10"), "RBC": ("2", "400", "HGB < 70")}
    for day, morning in counts.items():
        for place, component in enumerate(morning.transfused):
            units, volume, reason = doses[component]
            start = clock(day, 12.5 + place * 2)
            data = {
                "component": component,
                "units": units,
                "volume_mL": volume,
                "start": stamp(start),
                "end": stamp(start + hours(1)),
                "reason": reason,
            }
            story.new("transfusion", "TF", data, start + hours(2))


def medication(story: Story) -> None:
    """Prophylaxis, growth factor, and antibiotics for fever."""
    script = story.script
    since = script.anchor + days(5)
    until = script.anchor + days(script.anc_recovery)
    for name, atc in (("posaconazole", "J02AC04"), ("levofloxacin", "J01MA12")):
        drug = {"name": name, "atc": atc, "class": "ANTI_INFECTIVE", "intent": "PROPHYLAXIS"}
        _drug(story, drug, since, until)
    growth = {"name": "filgrastim", "atc": "L03AA02", "class": "G_CSF"}
    _drug(story, growth, script.anchor + days(8), until)
    if script.fever_days:
        ill = min(script.fever_days)
        drug = {"name": "meropenem", "atc": "J01DH02", "class": "ANTI_INFECTIVE"}
        _drug(story, {**drug, "intent": "EMPIRICAL"}, ill, ill + days(9))


def _drug(story: Story, drug: dict[str, str], start: date, end: date) -> None:
    data: dict[str, Any] = {**drug, "start": iso(start), "systemic": True, "ongoing": True}
    record_id = story.new("medication", "CM", data, clock(start, 21))
    if story.script.alive(clock(end, 21)):
        ended = {**data, "end": iso(end), "ongoing": False}
        story.put("medication", record_id, ended, clock(end, 21), reason="FOLLOW_UP")


def visits_of(story: Story) -> dict[str, date]:
    """The follow-up visits that will be kept: neither after the end of follow-up nor at the cut."""
    script = story.script
    limit = min(script.plan.cut.date(), script.stop or script.plan.cut.date()) - days(2)
    planned = {name: script.last + days(after) for name, after in VISITS.items()}
    return {name: day for name, day in planned.items() if day + days(_VISIT_MARGIN) < limit}


def visits(story: Story, kept: dict[str, date]) -> None:
    """The schedule, and the visits: vital signs and word that the subject is alive."""
    bed = Bed(story)
    for name, day in kept.items():
        story.new("planned-visit", "PV", planned_visit(name, day), story.script.on(1, 16))
        bed.visit(day)
        seen = {"status": "ACTIVE", "at": iso(day), "last_known_alive": iso(day)}
        story.new("subject-status", "DS", seen, clock(day, 11))


def planned_visit(name: str, day: date) -> dict[str, Any]:
    """A visit within a week of a day."""
    return {
        "item": name,
        "expects": ["CBC", "VITAL_SIGNS", "CONTACT"],
        "from": iso(day - days(_VISIT_MARGIN)),
        "to": iso(day + days(_VISIT_MARGIN)),
        "status": "PLANNED",
    }
