"""Journals for the laws: records of all kinds, in every state in which sources send them.

A journal is made of histories.  A history is one record with its versions (or a few records that
belong together), made from one number, so that a failing journal shrinks to the histories that
matter.  Everything is drawn from small pools: the same ids, days and hours meet again and again,
and boundaries are hit on purpose.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from signals.events import Record, read_event
from signals.events.kinds import SERVICE_KINDS

ZONE = ZoneInfo("Asia/Shanghai")
STUDY = "UC-MSC"
START = datetime(2026, 3, 1, 8, tzinfo=ZONE)

Data = dict[str, Any]
Event = tuple[datetime, Data]

_SUBJECTS = ("001-001", "001-002")
_EVENTS = ("AE-1", "AE-2", "AE-3")
_DAYS = ("2026-03-02", "2026-03-04", "2026-03-06", "2026-03-07", "2026-03-13", "2026-03-14")
_TERMS = (
    "Rash maculo-papular",
    "Neutrophil count decreased",
    "Treatment related secondary malignancy",
    "Fever",
)
_YES_NO = ("Y", "N", None, "perhaps")
_ASSESSMENTS = ("UNRELATED", "UNLIKELY", "POSSIBLE", "DEFINITE")
_CRITERIA = ("death", "life_threatening", "hospitalization", "other_medically_important")
_DUTIES = ("initial-7", "initial-15", "completion", "follow-up-2026-03-14")


def journal(seeds: Sequence[int]) -> list[Record]:
    """The records of these histories in the order of their arrival; each version once."""
    events: list[Event] = []
    for seed in dict.fromkeys(seeds):
        events += history(seed)
    records = [_accepted(when, sent) for when, sent in sorted(events, key=lambda each: each[0])]
    first: dict[object, Record] = {}
    for record in records:
        first.setdefault((record.key, record.version), record)
    return list(first.values())


def history(seed: int) -> list[Event]:
    """The events of one history, in no particular order."""
    random = Random(seed)  # noqa: S311 - not a secret
    make = random.choices(*zip(*_HISTORIES, strict=True))[0]
    return list(make(random))


def _accepted(when: datetime, sent: Data) -> Record:
    own = sent["schema"].partition("/")[0] in SERVICE_KINDS
    read = read_event(sent, zone=ZONE, trusted=own)
    assert isinstance(read, Record), read
    return read.arrived(when, backfill="B-1" if sent["source"] == "backfill" else None)


# ------------------------------------------------------------------ one record


def _when(random: Random) -> datetime:
    """Some hour of five weeks; now and then a minute before or after midnight."""
    day = START + timedelta(days=random.randrange(36))
    minutes = random.choice((0, 0, 60, 240, 16 * 60 - 10, 16 * 60 + 5))
    return day + timedelta(minutes=minutes)


def _event(
    random: Random,
    kind: str,
    subject: str | None,
    record_id: str,
    data: Data,
    *,
    version: int = 1,
    op: str = "UPSERT",
    why: str | None = "NEW",
    when: datetime | None = None,
    **envelope: Any,
) -> Event:
    when = when or _when(random)
    sent = {
        "event_id": str(uuid5(NAMESPACE_URL, f"{kind}/{subject}/{record_id}/{version}/{when}")),
        "schema": f"{kind}/1",
        "study_id": STUDY,
        "site_id": None if subject is None else "WHC",
        "subject_id": subject,
        "record_id": record_id,
        "version": version,
        "op": op,
        "change_reason": why,
        "recorded_at": when.isoformat(),
        "source": random.choice(("edc", "edc", "edc", "backfill")),
        "actor": "site-1",
        "data": data,
        **envelope,
    }
    return when, sent


def _versions(
    random: Random, kind: str, subject: str | None, record_id: str, make: Callable[[Random], Data]
) -> list[Event]:
    """A record with up to three versions, arriving in any order, perhaps voided at the end."""
    count = random.choice((1, 1, 1, 2, 2, 3))
    events = []
    for version in range(1, count + 1):
        why = "NEW" if version == 1 else random.choice(("CORRECTION", "PROGRESSION", "FOLLOW_UP"))
        envelope: Data = {}
        if why == "PROGRESSION" and random.random() < 0.8:
            envelope["effective_from"] = random.choice(_DAYS)
        void = version > 1 and random.random() < 0.2
        events.append(
            _event(
                random,
                kind,
                subject,
                record_id,
                {} if void else make(random),
                version=version,
                op="VOID" if void else "UPSERT",
                why="ENTERED_IN_ERROR" if void else why,
                **envelope,
            )
        )
    return events


# ------------------------------------------------------------------ adverse events


def _date(random: Random) -> str | None:
    """A day, known in full, in part, or not readable."""
    day = random.choice(_DAYS)
    return random.choice((day, day, f"{day}T11:00", f"{day}T23:55", day[:7], "2026-02-30", None))


def _party(random: Random) -> list[Data]:
    if random.random() < 0.3:
        return []
    return [{"product": "UC-MSC", "assessment": random.choice(_ASSESSMENTS)}]


def _adverse_event(random: Random) -> Data:
    data: Data = {
        "term": random.choice(_TERMS),
        "onset": _date(random),
        "grade": random.choice((1, 2, 3, 3, 4, 5, None, 9)),
        "serious": random.choice(_YES_NO),
        "criteria": {name: random.choice(("Y", "N", "N", None)) for name in _CRITERIA},
        "causality": {"investigator": _party(random), "sponsor": _party(random)},
        "expected": random.choice(("Y", "N", None)),
        "outcome": random.choice(("RECOVERED/RESOLVED", "FATAL", None, None)),
        "received_by_sponsor_at": random.choice((None, f"{random.choice(_DAYS)}T20:00")),
        "error_origin": random.choice(("SITE", "SPONSOR_OR_DELEGATE", None)),
        "significant": random.choice(("Y", "N", None)),
    }
    if random.random() < 0.2:
        data["causalty"] = "POSSIBLE"
    if random.random() < 0.3:
        data["meddra"] = {"pt_name": data["term"], "soc_name": "Skin"}
    if random.random() < 0.2:
        data["grade_history"] = [
            {"grade": 1, "from": random.choice(_DAYS)},
            {"grade": random.choice((2, 3, 4)), "from": random.choice(_DAYS)},
        ]
    return data


def _adverse_events(random: Random) -> list[Event]:
    subject, record_id = random.choice(_SUBJECTS), random.choice(_EVENTS)
    return _versions(random, "adverse-event", subject, record_id, _adverse_event)


def _found_subject(random: Random) -> list[Event]:
    """An adverse event that came without a subject, and the version that brings the code."""
    record_id, data = f"AE-N{random.randrange(2)}", _adverse_event(random)
    subject = random.choice(_SUBJECTS)
    nameless = _event(random, "adverse-event", None, record_id, data, site_id="WHC")
    if random.random() < 0.3:
        return [nameless]
    named = _event(random, "adverse-event", subject, record_id, data, version=2, why="FOLLOW_UP")
    return [nameless, named]


def _moved(random: Random) -> list[Event]:
    """An adverse event entered under the wrong subject: void there, new at the right one."""
    wrong, right = random.sample(_SUBJECTS, 2)
    record_id, data = random.choice(_EVENTS), _adverse_event(random)
    origin = {"subject_id": wrong, "record_id": record_id}
    return [
        _event(random, "adverse-event", wrong, record_id, data),
        _event(
            random,
            "adverse-event",
            wrong,
            record_id,
            {},
            version=2,
            op="VOID",
            why="ENTERED_IN_ERROR",
        ),
        _event(random, "adverse-event", right, "AE-M", {**data, "moved_from": origin}),
    ]


def _case(random: Random) -> list[Event]:
    def joins(random: Random) -> Data:
        members = random.sample(_EVENTS, random.choice((1, 2)))
        return {"case_id": "C", "adverse_events": members}

    return _versions(random, "case", random.choice(_SUBJECTS), "CASE-1", joins)


# ------------------------------------------------------------------ treatment and subjects


def _infusions(random: Random) -> list[Event]:
    number = random.choice((1, 2, 3))

    def infusion(random: Random) -> Data:
        day = random.choice(_DAYS)
        return {
            "infusion_no": number,
            "planned_at": f"{day}T10:00",
            "planned_minutes": random.choice((40, None)),
            "start": random.choice((f"{day}T10:00", day, None)),
            "end": random.choice((f"{day}T10:40", None)),
            "status": random.choice(("PLANNED", "COMPLETED", "COMPLETED", "STOPPED_EARLY", None)),
            "dose_cells_per_kg_planned": "1.0e6",
            "dose_cells_per_kg_actual": random.choice(("1.0e6", "1.3e6", "lots", None)),
            "volume_mL": random.choice(("50", "0", None)),
            "lot": random.choice(("L-1", "L-2")),
            "dose_level_assigned": "DL1",
        }

    return _versions(random, "infusion", random.choice(_SUBJECTS), f"INF-{number}", infusion)


def _enrolment(random: Random) -> list[Event]:
    subject, other = random.sample(_SUBJECTS, 2)

    def enrolment(random: Random) -> Data:
        previous = random.choice((other, None, None, None))
        return {
            "enrolled_at": "2026-03-01",
            "dose_level": "DL1",
            "cohort_no": 1,
            "previous_subject_id": previous,
            "primary_diagnosis": {"text": "AML", "icd10": "C92.0"},
        }

    return _versions(random, "enrolment", subject, f"DM-{subject}", enrolment)


def _status(random: Random) -> list[Event]:
    def status(random: Random) -> Data:
        day = random.choice(_DAYS)
        cause = {"kind": "ADVERSE_EVENT", "record_id": random.choice(_EVENTS)}
        return {
            "status": random.choice(("ACTIVE", "DEAD", "DEAD", "WITHDRAWN")),
            "at": day,
            "death_date": random.choice((day, None, "2026-02-30")),
            "death_cause": random.choice((cause, None)),
            "last_known_alive": random.choice((*_DAYS, None)),
            "received_by_sponsor_at": random.choice((f"{day}T20:00", None)),
        }

    return _versions(random, "subject-status", random.choice(_SUBJECTS), "DS-1", status)


def _others(random: Random) -> list[Event]:
    """The kinds that no fact reads yet must not disturb those that are read."""
    kind, data = random.choice(
        (
            ("lab-result", {"test": "NEUT", "result_raw": "<0.1", "unit_raw": "10*9/L"}),
            ("vital-signs", {"temperature": {"value": "38.4", "unit": "Cel"}}),
            ("microbiology", {}),
            ("planned-visit", {"item": "Week 4", "from": "2026-03-20", "to": "2026-03-24"}),
            ("therapy", {"kind": "CHEMOTHERAPY", "start": "2026-02-23", "is_index": True}),
            ("transfusion", {"component": "PLATELET"}),
            ("medication", {"name": "Epinephrine", "class": "EPINEPHRINE"}),
            ("disease-status", {"status": "CR", "new_primary": {"icd10": "C50.1"}}),
            ("pregnancy", {"who": "SUBJECT"}),
        )
    )
    record_id = f"{kind[:2].upper()}-{random.randrange(3)}"
    return _versions(random, kind, random.choice(_SUBJECTS), record_id, lambda _: data)


_UNITS = {
    "K": ("mmol/L",), "CA": ("mmol/L", "mg/dL"), "ALB": ("g/L",), "CREAT": ("umol/L", "mg/dL"),
    "NEUT": ("10*9/L",), "WBC": ("10*9/L",), "NEUTLE": ("%",), "PLAT": ("10*9/L",),
}  # fmt: skip


def _laboratory(random: Random) -> list[Event]:
    """Results of one sample and another, of any day, alone or to be read with others of theirs."""

    def result(random: Random) -> Data:
        test = random.choice((*_UNITS, "WBC", "NEUTLE", "CA", "ALB"))
        return {
            "test": test,
            "result_raw": random.choice(("0.4", "1.6", "3", "6.5", "25", "90", "<0.1", None)),
            "unit_raw": random.choice((*_UNITS[test] * 3, None)),
            "range_low": random.choice(("2", None)),
            "range_high": random.choice(("5", None)),
            "collected_at": random.choice((_date(random), f"{random.choice(_DAYS)}T06:00")),
            "sample_id": random.choice(("S-1", "S-2", None)),
            "specimen": random.choice(("BLOOD", "BLOOD", None, "URINE")),
            "status": random.choice(("DONE", "DONE", None, "NOT DONE")),
            "haemolysed": random.choice((True, False, None)),
        }

    record_id = f"LB-{random.randrange(6)}"
    return _versions(random, "lab-result", random.choice(_SUBJECTS), record_id, result)


# ------------------------------------------------------------------ the desk


def _submission(random: Random) -> list[Event]:
    def submission(random: Random) -> Data:
        when = f"{random.choice(_DAYS)}T18:00"
        return {
            "case_id": "C",
            "jurisdiction": "CN-CDE",
            "report": random.choice(("INITIAL", "FOLLOW_UP")),
            "covers": random.choice((None, [_obligation(random)])),
            "submitted_at": when,
            "authority_ack": random.choice((when, None)),
        }

    record_id = f"SUB-{random.randrange(2)}"
    return _versions(random, "report-submission", random.choice(_SUBJECTS), record_id, submission)


def _obligation(random: Random) -> str:
    subject, case = random.choice(_SUBJECTS), random.choice((*_EVENTS, "DEATH-NOS"))
    return f"{subject}/{case}/CN-CDE/{random.choice(_DUTIES)}"


def _decision(random: Random) -> list[Event]:
    subject = random.choice(_SUBJECTS)
    about = random.choice(_EVENTS)
    kind = random.choice(("ALERT", "ALERT", "ADJUDICATION", "SIGN_OFF"))

    def decision(random: Random) -> Data:
        rule = random.choice(("DLT-01", "DLT-02", "DLT-03", "SAE-01", "SAE-03", "SAE-08"))
        objects: dict[str, Data] = {
            "ALERT": {
                "alert_id": f"{STUDY}|{rule}|{subject}|{about}",
                "revision": random.choice((1, 2, 3, 4)),
                "action": random.choice(
                    ("CONFIRM", "SIGN_WITHDRAWAL", "REFUSE_WITHDRAWAL", "CLOSE", "REOPEN")
                ),
            },
            "ADJUDICATION": {
                "record_id": about,
                "question": "dlt",
                "answer": random.choice(("DLT", "NOT_DLT")),
            },
            "SIGN_OFF": random.choice(
                (
                    {
                        "obligation_id": _obligation(random),
                        "what": "NOT_REPORTABLE",
                        "answer": random.choice(("Y", "N")),
                    },
                    {
                        "record_id": about,
                        "what": "SERIOUSNESS_DOWNGRADE",
                        "answer": random.choice(("Y", "N")),
                    },
                )
            ),
        }
        return {
            "kind": kind,
            "decided_at": _when(random).isoformat(),
            "by": random.choice(("dr-li", "dr-wu")),
            "role": "MEDICAL_MONITOR",
            kind.lower(): objects[kind],
        }

    return _versions(random, "decision", subject, f"DEC-{random.randrange(6)}", decision)


def _reference_safety_information(random: Random) -> list[Event]:
    def listed(random: Random) -> Data:
        term = {"term": random.choice(_TERMS), "max_grade": random.choice((2, 4))}
        return {
            "ib_version": "1.0",
            "valid_from": random.choice(("2026-01-01", "2026-03-05")),
            "expected": [{**term, "fatal_expected": False, "life_threatening_expected": False}],
        }

    return _versions(random, "reference-safety-information", None, "RSI-1", listed)


# ------------------------------------------------------------------ dose finding


def _cohort_decision(random: Random) -> list[Event]:
    def decision(random: Random) -> Data:
        return {
            "kind": "COHORT",
            "decided_at": random.choice((_when(random).isoformat(), None)),
            "by": "src",
            "role": "SAFETY_REVIEW_COMMITTEE",
            "cohort": {
                "dose_level": random.choice(("DL1", "DL1", "DL2", None)),
                "cohort_no": random.choice((1, 1, 2, None)),
                "outcome": random.choice(("STOP", "EXPAND")),
                "n": random.choice((0, 1, 2, None)),
                "x": random.choice((0, 1, 2)),
            },
        }

    return _versions(random, "decision", None, f"DEC-C{random.randrange(2)}", decision)


def _treated(random: Random) -> list[Event]:
    """An enrolment in a phase and a dose, perhaps of another level, stopped or cancelled."""
    subject = random.choice(_SUBJECTS)

    def enrolment(random: Random) -> Data:
        return {
            "enrolled_at": "2026-03-01",
            "dose_level": random.choice(("DL1", "DL2")),
            "cohort_no": random.choice((1, 2, None)),
            "phase": random.choice(("IB", "IB", "II", None)),
            "replaces_subject": random.choice((*_SUBJECTS, None, None)),
        }

    def infusion(random: Random) -> Data:
        day = random.choice(_DAYS[:3])
        return {
            "start": f"{day}T10:00",
            "end": f"{day}T10:40",
            "status": random.choice(("COMPLETED", "STOPPED_EARLY", "CANCELLED", "COMPLETED")),
            "dose_level_actual": random.choice(("DL1", "DL2", None)),
            "lot": random.choice(("L-1", "L-2")),
            "donor_id": random.choice(("D-1", "D-2", None)),
            "interruptions": [{"reason": random.choice(("ADVERSE EVENT", "pump", None))}],
        }

    return [
        *_versions(random, "enrolment", subject, f"DM-{subject}", enrolment),
        *_versions(random, "infusion", subject, f"INF-{random.choice((1, 2))}", infusion),
    ]


def _seen(random: Random) -> list[Event]:
    """Observations and cultures on dates that matter."""

    def seen(random: Random) -> Data:
        when = random.choice((f"{random.choice(_DAYS)}T11:00", random.choice(_DAYS), "2026-03"))
        if kind == "vital-signs":
            return {"at": when, "pulse_per_min": "80"}
        result = random.choice(("POSITIVE", "NEGATIVE", None))
        found = {
            "result": result,
            "organism": "E. coli",
            "contaminant": random.choice((True, None)),
        }
        return {"collected_at": when, "specimen": random.choice(("BLOOD", "URINE")), **found}

    kind = random.choice(("vital-signs", "vital-signs", "microbiology"))
    subject = random.choice(_SUBJECTS)
    return _versions(random, kind, subject, f"{kind[:1].upper()}S-{random.randrange(3)}", seen)


# ------------------------------------------------------------------ the ward


def _hour(random: Random) -> str | None:
    """An hour of one of the days, a day, a month or nothing."""
    day = random.choice(_DAYS)
    return random.choice((f"{day}T09:30", f"{day}T11:30", f"{day}T20:00", day, day[:7], None))


def _vital_signs(random: Random) -> list[Event]:
    def signs(random: Random) -> Data:
        return {
            "at": _hour(random),
            "temperature": {"value": random.choice(("36.9", "38.0", "39.2")), "unit": "Cel"},
            "systolic_mmHg": random.choice(("120", "89", "90", None)),
            "spo2_pct": random.choice(("97", "89", "90", None)),
            "oxygen": random.choice(
                ({"support": "ROOM_AIR"}, {"support": "MASK", "L_per_min": "6"}, None)
            ),
        }

    record_id = f"VS-{random.randrange(4)}"
    return _versions(random, "vital-signs", random.choice(_SUBJECTS), record_id, signs)


def _breathless(random: Random) -> list[Event]:
    def event(random: Random) -> Data:
        return {
            **_adverse_event(random),
            "term": random.choice(("Dyspnea", "Hypoxia", "Sepsis", "Epistaxis", None)),
            "onset": _hour(random),
        }

    subject, record_id = random.choice(_SUBJECTS), random.choice(_EVENTS)
    return _versions(random, "adverse-event", subject, record_id, event)


def _culture(random: Random) -> list[Event]:
    def culture(random: Random) -> Data:
        return {
            "specimen": random.choice(("BLOOD", "BLOOD", "URINE", None)),
            "collected_at": _hour(random),
            "result": random.choice(("POSITIVE", "POSITIVE", "NEGATIVE", None)),
            "contaminant": random.choice((True, False, None)),
            "product_sample": random.choice((True, False, None, None)),
        }

    record_id = f"MB-{random.randrange(2)}"
    return _versions(random, "microbiology", random.choice(_SUBJECTS), record_id, culture)


def _disease_status(random: Random) -> list[Event]:
    def status(random: Random) -> Data:
        words = ("CR", "CRi", "PR", "PD", "RELAPSE", "NR/REFRACTORY", "perhaps", None)
        return {"assessed_at": _hour(random), "status": random.choice(words)}

    record_id = f"RS-{random.randrange(3)}"
    return _versions(random, "disease-status", random.choice(_SUBJECTS), record_id, status)


def _planned_visit(random: Random) -> list[Event]:
    def visit(random: Random) -> Data:
        return {
            "item": "Week 1",
            "expects": random.choice(
                (["CBC"], ["VITAL_SIGNS"], ["DISEASE_STATUS", "CONTACT"], [], None)
            ),
            "from": random.choice((*_DAYS, None)),
            "to": random.choice((*_DAYS, f"{random.choice(_DAYS)}T12:00", None)),
            "infusion_ref": random.choice(("INF-1", None)),
            "status": random.choice(("PLANNED", "PLANNED", "NOT_DONE", None)),
        }

    record_id = f"PV-{random.randrange(2)}"
    return _versions(random, "planned-visit", random.choice(_SUBJECTS), record_id, visit)


def _ward_decision(random: Random) -> list[Event]:
    """What is ruled on cultures and on patterns after an infusion."""

    def ruling(random: Random) -> Data:
        question, record_id = random.choice(
            (
                ("contaminant", f"microbiology/MB-{random.randrange(2)}"),
                ("contaminant", f"adverse-event/{random.choice(_EVENTS)}"),
                ("cytokine_release", f"infusion/INF-{random.choice((1, 2, 3))}"),
            )
        )
        answer = {"record_id": record_id, "question": question}
        return {
            "kind": "ADJUDICATION",
            "decided_at": _when(random).isoformat(),
            "by": "dr-li",
            "role": "MEDICAL_MONITOR",
            "adjudication": {**answer, "answer": random.choice(("YES", "NO"))},
        }

    record_id = f"DEC-W{random.randrange(3)}"
    return _versions(random, "decision", random.choice(_SUBJECTS), record_id, ruling)


# ------------------------------------------------------------------ blood and fever


def _blood(random: Random) -> list[Event]:
    """A course of therapy and a few weeks of one count, with platelets or red cells between."""
    subject = random.choice(_SUBJECTS)
    test, values, unit = random.choice(
        (
            ("NEUT", ("0.1", "<0.1", "0.4", "0.5", "0.6", "1.2", "lots"), "10*9/L"),
            ("WBC", ("0.3", "0.9", "2.0", "5.0"), "10*9/L"),
            ("NEUTLE", ("10", "40", "60"), "%"),
            ("PLAT", ("8", "19", "30", "50", "60", "80"), "10*9/L"),
            ("HGB", ("55", "70", "79", "80", "95"), random.choice(("g/L", "g/L", "U/L"))),
        )
    )

    def result(random: Random) -> Data:
        day = random.choice(_DAYS)
        return {
            "test": test,
            "result_raw": random.choice(values),
            "unit_raw": unit,
            "collected_at": random.choice((day, f"{day}T06:00", f"{day}T06:00", day[:7], None)),
            "sample_id": random.choice((f"S-{day}", None)),
            "status": random.choice(("DONE", "DONE", "DONE", "NOT DONE")),
        }

    def transfusion(random: Random) -> Data:
        return {
            "component": random.choice(("PLATELET", "RBC", "WHOLE_BLOOD", None)),
            "start": random.choice((*_DAYS, None)),
        }

    events = []
    for number in range(random.choice((1, 3, 5))):
        record_id = f"LB-{test}-{number}"
        events += _versions(random, "lab-result", subject, record_id, result)
    if random.random() < 0.5:
        events += _versions(random, "transfusion", subject, "TF-1", transfusion)
    return events


def _therapy(random: Random) -> list[Event]:
    def therapy(random: Random) -> Data:
        day = random.choice(_DAYS)
        return {
            "course_id": random.choice(("C-1", "C-2", None)),
            "kind": random.choice(("CHEMOTHERAPY", "CONDITIONING", "HSCT_ALLO", "DLI")),
            "start": random.choice((day, day, day[:7], None)),
            "end": random.choice((*_DAYS, None)),
            "completed_at": random.choice((day, None)),
            "is_index": random.choice((True, True, False, None)),
        }

    record_id = f"TX-{random.randrange(2)}"
    return _versions(random, "therapy", random.choice(_SUBJECTS), record_id, therapy)


def _fever(random: Random) -> list[Event]:
    """Temperatures of a night, warm and not, and now and then a count."""
    subject, night = random.choice(_SUBJECTS), random.choice(_DAYS)

    def reading(random: Random) -> Data:
        hour = random.choice(("18:00", "19:00", "19:01", "21:30"))
        value = random.choice(("36.8", "37.8", "38.0", "38.4", "38.9"))
        route = random.choice(("ORAL", "AXILLARY", "RECTAL", None))
        return {
            "at": random.choice((f"{night}T{hour}", f"{night}T{hour}", night, None)),
            "temperature": {"value": value, "unit": "Cel", "route": route},
        }

    events = []
    for number in range(random.choice((1, 2, 4))):
        events += _versions(random, "vital-signs", subject, f"VS-{number}", reading)
    if random.random() < 0.3:
        data: Data = {"term": "Febrile neutropenia", "onset": night, "serious": "N"}
        data["end"] = random.choice((None, *_DAYS))
        events += _versions(random, "adverse-event", subject, "AE-9", lambda _: data)
    return events


def _liver(random: Random) -> list[Event]:
    subject = random.choice(_SUBJECTS)

    def result(test: str, values: tuple[str, ...], unit: str) -> Callable[[Random], Data]:
        return lambda random: {
            "test": test,
            "result_raw": random.choice(values),
            "unit_raw": unit,
            "range_high": random.choice(("40", "40", None)),
            "collected_at": random.choice((*_DAYS, f"{random.choice(_DAYS)}T06:00", None)),
        }

    panel = (
        ("LV-1", result("ALT", ("30", "70", "120", "400"), "U/L")),
        ("LV-2", result("AST", ("30", "119", "200"), "U/L")),
        ("LV-3", result("BILI", ("20", "80", "90"), "umol/L")),
        ("LV-4", result("ALP", ("40", "80", "200"), "U/L")),
    )
    events = []
    for record_id, make in random.sample(panel, 3):
        events += _versions(random, "lab-result", subject, record_id, make)
    if random.random() < 0.4:
        events += _versions(random, "decision", subject, "DEC-L", _another_cause)
    return events


def _another_cause(random: Random) -> Data:
    return {
        "kind": "ADJUDICATION",
        "decided_at": _when(random).isoformat(),
        "by": "mm-1",
        "role": "MEDICAL_MONITOR",
        "adjudication": {
            "record_id": random.choice(("LV-1", "LV-2")),
            "question": "alternative_cause",
            "answer": random.choice(("YES", "NO")),
        },
    }


def _source(random: Random) -> list[Event]:
    """Heartbeats, silences told by the service, and rules that failed."""
    kind = random.choice(("feed-heartbeat", "feed-silence", "rule-error"))

    def said(random: Random) -> Data:
        if kind == "feed-heartbeat":
            return {"feed": random.choice(("lims", "edc", None))}
        if kind == "rule-error":
            return {"rule": "DLT-01", "message": random.choice(("broken", None))}
        return {
            random.choice(("feed", "site")): random.choice(("lims", "WHC")),
            "since": random.choice((f"{random.choice(_DAYS)}T10:00", None)),
            "until": random.choice((f"{random.choice(_DAYS)}T10:00", None)),
        }

    return _versions(random, kind, None, f"{kind}-{random.randrange(2)}", said)


_HISTORIES: list[tuple[Callable[[Random], list[Event]], int]] = [
    (_adverse_events, 10),
    (_found_subject, 2),
    (_moved, 2),
    (_case, 3),
    (_infusions, 6),
    (_enrolment, 2),
    (_status, 3),
    (_others, 2),
    (_submission, 3),
    (_decision, 6),
    (_reference_safety_information, 2),
    (_cohort_decision, 2),
    (_treated, 3),
    (_seen, 3),
    (_vital_signs, 4),
    (_breathless, 3),
    (_culture, 2),
    (_disease_status, 2),
    (_planned_visit, 2),
    (_ward_decision, 2),
    (_source, 2),
    (_therapy, 2),
    (_blood, 3),
    (_fever, 2),
    (_liver, 2),
    (_laboratory, 4),
]
