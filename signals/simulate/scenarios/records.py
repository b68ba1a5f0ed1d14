"""Missing, late, moved and doubled records; laboratory values; tumours and bleeding."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from signals.simulate.draw import clock, days, hours
from signals.simulate.story import Reaction, Story, adverse_event, iso, opinion
from signals.simulate.truth import Truth

_TO_ADJUDICATE = 24
_COUNTS = ("WBC", "NEUT", "LYM", "PLAT", "HGB")


def causality_late(s: Story) -> None:
    """The investigator's opinion comes after 60 hours, behind the window."""
    received = s.script.on(19, 10)
    data = adverse_event("Dizziness", 1, s.day(19), received, investigator=None)
    record_id = s.enter(data, received)
    s.tell_event("DQ-01", record_id, received + hours(48), "causality missing for 48 hours")
    judged = {"investigator": opinion("UNRELATED"), "sponsor": opinion("UNRELATED")}
    s.revise(record_id, {**data, "causality": judged}, received + hours(60), "FOLLOW_UP")


def wrong_subject(s: Story) -> None:
    """A serious event is entered under another subject, and moved a day later."""
    received = s.script.on(25, 16)
    data = adverse_event("Upper gastrointestinal hemorrhage", 2, s.day(25), received)
    data |= {"serious": "Y", "narrative": "Kept two nights."}
    data["criteria"] = {**data["criteria"], "hospitalization": "Y"}
    data["investigator_aware_serious_at"] = data["investigator_aware_at"]
    wrong = s.tape.number(s.other, "AE")
    s.tape.put("adverse-event", s.other, wrong, data, received + hours(0.2))
    about = {"subject": s.other.subject, "adverse event": wrong}
    s.truth.tell("SAE-01", about, received, "serious, entered under the wrong subject")
    moved = received + days(1)
    void = "ENTERED_IN_ERROR"
    s.tape.put("adverse-event", s.other, wrong, {}, moved, reason=void)
    origin = {"subject_id": s.other.subject, "record_id": wrong}
    record_id = s.new("adverse-event", "AE", data, moved + hours(0.1), moved_from=origin)
    s.tell_event("SAE-01", record_id, moved, "serious, moved to the right subject")


def entered_twice(s: Story) -> None:
    """One event, entered by the site and by the safety desk."""
    received = s.script.on(23, 15)
    first = s.enter(adverse_event("Headache", 2, s.day(23), received), received)
    later = received + hours(4)
    again = adverse_event("Headache", 2, s.day(23), later)
    second = s.enter(again, later, source="safety-desk")
    one, other = sorted((f"adverse-event/{first}", f"adverse-event/{second}"))
    why = "the same term on the same day from two sources"
    s.tell("DQ-06", later, why, record=one, other_record=other)


def newer_version_first(s: Story) -> None:
    """The second version of an event arrives a day before the first: nothing follows."""
    received = s.script.on(30, 10)
    data = adverse_event("Dry skin", 1, s.day(30), received)
    record_id = s.tape.number(s.script.place, "AE")
    s.put("adverse-event", record_id, data, received + days(2))
    ended = {**data, "end": s.day(31), "ongoing": False, "outcome": "RECOVERED/RESOLVED"}
    s.put("adverse-event", record_id, ended, received + days(1.5), reason="FOLLOW_UP")


def anchor_entered_late(s: Story) -> None:
    """The index therapy is entered two days after the first infusion."""
    s.script.therapy_entered = days(9)
    since = s.script.doses[0].start
    s.tell("DQ-05", since, "no index therapy on record at the first infusion", record="anchor")
    for test in _COUNTS:
        why = "without an anchor the blood counts are judged as they are"
        s.tell("LAB-01", since, why, "background", analyte=test, direction="low")


def assessment_missed(s: Story) -> None:
    """A planned assessment of the disease is not done, and said so five days later."""
    first, last = s.script.first + days(17), s.script.first + days(19)
    plan = {"item": "Week 3 marrow", "expects": ["DISEASE_STATUS"], "status": "PLANNED"}
    plan |= {"from": iso(first), "to": iso(last)}
    record_id = s.new("planned-visit", "PV", plan, s.script.on(1, 17))
    late = clock(last + days(2), 0)
    s.tell("DQ-03", late, "the planned assessment is a day overdue", planned_visit=record_id)
    missed = {**plan, "status": "NOT_DONE", "reason": "Machine out of order"}
    s.put("planned-visit", record_id, missed, s.script.on(24, 9), reason="FOLLOW_UP")


def hy_s_law(s: Story) -> None:
    """Transaminase 6 times and bilirubin 2.6 times the upper limit, alkaline phosphatase normal."""
    day = s.script.first + days(20)
    s.script.chemistry |= {(day, "ALT"): 300.0, (day, "BILI"): 55.0}
    s.tell("LAB-07", clock(day, 9.5), "transaminase 6 x, bilirubin 2.6 x the upper limit")
    why = "transaminase above 5 x the upper limit"
    s.tell("LAB-01", clock(day, 9.5), why, analyte="ALT", direction="high")


def high_potassium(s: Story) -> None:
    """Potassium 6.4 mmol/L."""
    day = s.script.first + days(18)
    s.script.chemistry[day, "K"] = 6.4
    for rule in ("LAB-08", "LAB-01"):
        s.tell(rule, clock(day, 9.5), "potassium 6.4 mmol/L", analyte="K", direction="high")


def fever_with_unknown_neutrophils(s: Story) -> None:
    """Fever four days after the last blood count, which was neutropenic."""
    script = s.script
    script.fever_days, script.anc_recovery = set(), 27
    script.no_cbc = {script.first + days(day) for day in range(15, 19)}
    script.home_fever = script.on(18, 15)
    s.tell("LAB-03", script.home_fever, "fever, and no neutrophil count for four days")
    s.tell("LAB-02", script.home_fever, "confirmed by the next count", "background")


def bloodstream_infection(s: Story) -> None:
    """A positive blood culture three days after the last infusion, and sepsis."""
    taken, grown = s.script.on(10, 8), s.script.on(11, 15)
    culture: dict[str, Any] = {
        "specimen": "BLOOD",
        "collected_at": taken.isoformat(),
        "result": "POSITIVE",
    }
    culture |= {"organism": "Escherichia coli", "product_sample": False}
    record_id = s.new("microbiology", "MB", culture, grown)
    why = "positive blood culture within 7 days of an infusion"
    s.tell("INF-01", grown, why, record=f"microbiology/{record_id}")
    lot: dict[str, str | None] = {"source": "lot", "id": s.script.lot}
    s.truth.tell("IRR-09", lot, grown, why)
    donor: dict[str, str | None] = {"source": "donor", "id": s.script.donor}
    s.truth.tell("IRR-09", donor, grown, "if few others had this donor", "background")
    data = adverse_event("Sepsis", 3, s.day(10), grown, "hospitalization")
    event = s.enter(data, grown)
    s.tell("INF-01", grown, "sepsis within 7 days of an infusion", record=f"adverse-event/{event}")
    s.tell_event("SAE-01", event, grown, "sepsis prolonged the stay")


def major_bleeding(s: Story) -> None:
    """Gastrointestinal bleeding of grade 3 inside the safety period."""
    received = s.script.on(15, 16)
    term = "Upper gastrointestinal hemorrhage"
    data = adverse_event(term, 3, s.day(15), received, "hospitalization")
    record_id = s.enter(data, received)
    s.tell_event("BLD-01 SAE-01", record_id, received, "grade 3 bleeding")


def second_tumour(s: Story, *, complete: bool = True) -> None:
    """A carcinoma of the lung, adjudicated as a new primary after twenty days."""
    followed = (s.script.plan.cut.date() - s.script.first).days
    day = min(330, followed - _TO_ADJUDICATE)
    s.script.sheltered = True
    received = s.script.on(day, 15)
    tumour = {
        "icd10": "C34.1",
        "icdo_topography": "C34.1",
        "icdo_morphology": "8140/3" if complete else None,
        "diagnosed_at": s.day(day - 2),
        "reported_at": s.day(day),
        "basis": "HISTOLOGY",
    }
    assessed = {"assessed_at": s.day(day), "new_primary": tumour}
    report = f"disease-status/{s.new('disease-status', 'RS', assessed, received)}"
    unlikely = {"investigator": "UNLIKELY", "sponsor": "UNLIKELY"}
    term, met = "Treatment related secondary malignancy", "other_medically_important"
    data = adverse_event(term, 3, s.day(day - 2), received, met, **unlikely)
    event = s.enter(data, received)
    s.tell_event("SAE-01", event, received, "a second tumour is medically important")
    why = "a carcinoma of the lung after the infusions"
    for record in (report, f"adverse-event/{event}"):
        s.tell("NEO-01", received, why, record=record)
    if not complete:
        s.tell("NEO-02", received, "the histology code is missing", record=report)
    s.tell("NEO-02", received, "no ICD-O codes", "background", record=f"adverse-event/{event}")
    for record in (report, f"adverse-event/{event}"):
        ruled = {"record_id": record, "question": "neoplasm", "answer": "CONFIRMED_NEW_PRIMARY"}
        when = s.script.on(day + 18, 16)
        s.decide("adjudication", "MEDICAL_MONITOR", "New primary", when, **ruled)


def second_tumour_without_histology(s: Story) -> None:
    """The same, with the histology code missing."""
    second_tumour(s, complete=False)


def clusters(reactions: list[Reaction], truth: Truth) -> None:
    """Two subjects with a reaction to one lot, or to lots of one donor."""
    ordered = sorted(reactions, key=lambda each: each.when)
    for first, then in combinations(ordered, 2):
        if first.subject == then.subject:
            continue
        if first.lot == then.lot:
            about: dict[str, str | None] = {"source": "lot", "id": then.lot}
            truth.tell("IRR-09", about, then.when, "two subjects reacted to one lot")
        if first.donor == then.donor:
            about = {"source": "donor", "id": then.donor}
            why = "two subjects reacted to cells of one donor"
            truth.tell("IRR-09", about, then.when, why, "background")
