"""Reactions to infusions, coded and read from vital signs; doses that went wrong (DOMAIN 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from signals.simulate.draw import hours, stamp
from signals.simulate.scenarios.serious import RELATED
from signals.simulate.script import Dose
from signals.simulate.story import Reaction, Story, adverse_event
from signals.simulate.ward import temperature


def _dose(s: Story, number: int) -> Dose:
    return s.script.doses[number - 1]


def _sign(s: Story, rule: str, dose: Dose, after_end: float, why: str) -> None:
    s.tell(rule, dose.end + hours(after_end), why, infusion=dose.record_id)


def _feverish(s: Story, when: datetime) -> None:
    s.tell("LAB-02", when, "the fever may meet neutropenia", "background")


def fever_without_event(s: Story) -> None:
    """38.6 an hour after the second infusion, and no adverse event."""
    dose = _dose(s, 2)
    dose.signs["END+1H"] = {"temperature": temperature(38.6)}
    _sign(s, "IRR-02", dose, 1, "38.6 an hour after the infusion, more than 1.0 above before")
    _feverish(s, dose.end + hours(1))


def hypotension(s: Story) -> None:
    """Systolic 78 half an hour after the first infusion."""
    dose = _dose(s, 1)
    dose.signs["END+30MIN"] = {"systolic_mmHg": "78", "diastolic_mmHg": "46"}
    _sign(s, "IRR-03", dose, 0.5, "systolic 78 after the infusion")


def hypoxia(s: Story) -> None:
    """86 % on room air two hours after the third infusion."""
    dose = _dose(s, 3)
    dose.signs["END+2H"] = {"spo2_pct": "86"}
    _sign(s, "IRR-04", dose, 2, "saturation 86 % on room air after the infusion")


def cytokine_release_pattern(s: Story) -> None:
    """39.2, then systolic 82, and no infection found."""
    dose = _dose(s, 1)
    dose.signs["END+2H"] = {"temperature": temperature(39.2)}
    dose.signs["END+4H"] = {"systolic_mmHg": "82", "diastolic_mmHg": "48"}
    s.script.fever_days = set()
    _sign(s, "IRR-02", dose, 2, "39.2 two hours after the infusion")
    _sign(s, "IRR-03", dose, 4, "systolic 82 four hours after the infusion")
    _sign(s, "IRR-06", dose, 4, "fever and hypotension within 24 hours, no infection")
    _feverish(s, dose.end + hours(2))


def _coded(s: Story, number: int, term: str, grade: int, causality: dict[str, str]) -> str:
    dose = _dose(s, number)
    begun = dose.start + hours(1 / 3)
    received = dose.end + hours(3)
    linked: dict[str, Any] = {"infusion_ref": dose.record_id, "infusion_reaction": True}
    data = adverse_event(term, grade, stamp(begun), received, **causality, **linked)
    record_id = s.enter(data, received)
    why = f"{term} grade {grade} during the infusion"
    s.tell("IRR-01", received, why, infusion=dose.record_id)
    if grade > 1:
        s.reactions.append(Reaction(s.script.lot, s.script.donor, s.subject, received))
    return record_id


def coded_reaction(s: Story) -> None:
    """A related infusion reaction of grade 2: as registered also dose-limiting."""
    record_id = _coded(s, 2, "Infusion related reaction", 2, RELATED)
    received = _dose(s, 2).end + hours(3)
    s.tell_event("DLT-01", record_id, received, "related inside the window")


def unlikely_chills(s: Story) -> None:
    """Chills during the infusion that both parties put down to something else."""
    _coded(s, 2, "Chills", 1, {"investigator": "UNLIKELY", "sponsor": "UNLIKELY"})


def anaphylaxis(s: Story) -> None:
    """Life-threatening anaphylaxis at the last infusion, treated with epinephrine."""
    dose = _dose(s, 3)
    begun, received = dose.start + hours(0.4), dose.end + hours(2)
    dose.changes = {"status": "STOPPED_EARLY", "volume_mL": "55"}
    stopped = {"at": stamp(begun), "minutes": 5, "reason": "ADVERSE EVENT"}
    dose.changes["interruptions"] = [stopped]
    drug = {"name": "epinephrine", "atc": "C01CA24", "class": "EPINEPHRINE", "systemic": True}
    given = begun + hours(0.1)
    s.new("medication", "CM", {**drug, "start": stamp(given)}, given + hours(1))
    said: dict[str, Any] = {
        **RELATED,
        "expected": "N",
        "infusion_ref": dose.record_id,
        "infusion_reaction": True,
    }
    met = ("life_threatening", "hospitalization")
    data = adverse_event("Anaphylaxis", 4, stamp(begun), received, *met, **said)
    record_id = s.enter(data, received)
    why = "anaphylaxis during the last infusion"
    s.tell("IRR-05", given, why, infusion=dose.record_id)
    s.tell("IRR-01", received, why, infusion=dose.record_id)
    s.tell_event("DLT-01 DLT-02 SAE-01", record_id, received, why)
    s.tell_case("SAE-03", record_id, received, f"{why}, related and unexpected")
    about: dict[str, str | None] = {"preferred term": "Anaphylaxis"}
    s.truth.tell("AGG-02", about, received, "one designated event is enough")
    s.reactions.append(Reaction(s.script.lot, s.script.donor, s.subject, received))
    sent = received + hours(60)
    s.submit(record_id, ("initial-7",), sent)
    s.tell_case("SAE-07", record_id, sent, "the completion of the 7-day report is due")
    s.submit(record_id, ("completion",), sent + hours(72), "FOLLOW_UP")


def stopped_without_reason(s: Story) -> None:
    """An infusion stopped early, without reason and without event."""
    dose = _dose(s, 1)
    dose.changes = {"status": "STOPPED_EARLY", "volume_mL": "60"}
    _sign(s, "IRR-07", dose, 24, "stopped early, no reason and no adverse event a day later")


def delayed_rash(s: Story) -> None:
    """A related rash nine days after the last infusion."""
    received = s.script.on(16, 15)
    data = adverse_event("Rash maculo-papular", 1, s.day(16), received, **RELATED)
    record_id = s.enter(data, received)
    s.tell_event("IRR-08", record_id, received, "related rash 9 days after the last infusion")


def thrombosis(s: Story) -> None:
    """A thrombosis five days after the last infusion, outside the window."""
    received = s.script.on(12, 16)
    data = adverse_event("Thromboembolic event", 2, s.day(12), received)
    record_id = s.enter(data, received)
    s.tell_event("IRR-10", record_id, received, "embolic event 5 days after an infusion")


def overdose(s: Story) -> None:
    """A fifth more cells than planned."""
    dose = _dose(s, 2)
    dose.strength = 1.2
    s.tell_record("SAE-13", f"infusion/{dose.record_id}", dose.end, "120 % of the planned dose")


def dose_mistyped(s: Story) -> None:
    """The dose per kg was typed 8 % off what cells and weight say."""
    dose = _dose(s, 3)
    planned = {"DL1": "1.08e6", "DL2": "2.16e6", "DL3": "3.24e6"}[s.script.entry.level]
    dose.changes = {"dose_cells_per_kg_actual": planned}
    s.tell_check("dose-deviation", f"infusion/{dose.record_id}", dose.end, "dose 8 % off")
