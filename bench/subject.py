"""The events of one invented subject over two years.

About 1,400: results of blood draws and vital signs for the most part; the planned and given
infusions of the first weeks; visits, therapy, transfusions, medicines and assessments; and a few
adverse events with follow-ups, progressions and corrections, of which some are serious, get their
causality later, and are reported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple, Self
from uuid import UUID

DAYS = 730
_DOSES = {"DL1": "1.0e6", "DL2": "2.0e6", "DL3": "3.0e6"}
_SITES = ("WHC", "WUH", "TJH")
_TESTS = (  # code, unit, lower and upper limit of normal
    ("HGB", "g/L", 115, 150),
    ("PLAT", "10*9/L", 125, 350),
    ("WBC", "10*9/L", 4, 10),
    ("NEUT", "10*9/L", 2, 7),
    ("LYM", "10*9/L", 1, 3),
    ("ALT", "U/L", 7, 40),
    ("AST", "U/L", 13, 35),
    ("ALP", "U/L", 50, 135),
    ("BILI", "umol/L", 5, 21),
    ("CREAT", "umol/L", 41, 81),
    ("K", "mmol/L", 4, 5),
    ("SODIUM", "mmol/L", 137, 147),
    ("ALB", "g/L", 40, 55),
)
_TERMS = (
    ("Rash maculo-papular", "Skin and subcutaneous tissue disorders"),
    ("Fever", "General disorders and administration site conditions"),
    ("Nausea", "Gastrointestinal disorders"),
    ("Diarrhea", "Gastrointestinal disorders"),
    ("Lung infection", "Infections and infestations"),
    ("Hypertension", "Vascular disorders"),
    ("Headache", "Nervous system disorders"),
)
_CRITERIA = (
    "death",
    "life_threatening",
    "hospitalization",
    "disability",
    "congenital",
    "other_medically_important",
)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Event(NamedTuple):
    """An event of the mix: its kind, when it arrives, and its bytes as the journal keeps them."""

    kind: str
    arrival: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of the frequent kinds a subject has."""

    draws: int = 70
    vital_signs: int = 350
    adverse_events: int = 12
    visits: int = 24
    transfusions: int = 20
    medicines: int = 18
    assessments: int = 8

    def times(self, factor: float) -> Self:
        """More or less of all, at least one of each."""
        found = (max(1, round(factor * getattr(self, each.name))) for each in fields(self))
        return type(self)(*found)


def event(
    random: Random,
    kind: str,
    record_id: str,
    entered: datetime,
    data: dict[str, Any],
    **envelope: Any,
) -> Event:
    """One event, entered at the source at an instant and accepted within the half hour."""
    arrival = entered + timedelta(seconds=random.randrange(10, 1800))
    written = {
        "event_id": str(UUID(int=random.getrandbits(128), version=4)),
        "schema": f"{kind}/1",
        "study_id": "UC-MSC",
        "site_id": None,
        "subject_id": None,
        "record_id": record_id,
        "version": 1,
        "op": "UPSERT",
        "change_reason": "NEW",
        "recorded_at": entered.isoformat(),
        "ingested_at": arrival.isoformat(),
        "source": "edc",
        "actor": "site-001",
        **envelope,
        "data": data,
    }
    return Event(kind, arrival, json.dumps(written, separators=(",", ":")).encode())


class Subject:
    """Makes the events of one subject, enrolled at an instant."""

    def __init__(self, subject: str, enrolled: datetime, random: Random) -> None:
        self._subject = subject
        self.enrolled = enrolled
        self._first_infusion = enrolled + 14 * _DAY
        self._random = random
        self._site = random.choice(_SITES)
        self._level = random.choice(list(_DOSES))

    def events(self, amounts: Amounts) -> list[Event]:
        """All of them, kind by kind."""
        return [
            *self._entry(),
            *(each for no in range(1, 5) for each in self._infusion(no)),
            *(each for no in range(amounts.draws) for each in self._blood_draw(no)),
            *(self._vital_signs(no) for no in range(amounts.vital_signs)),
            *(self._visit(no) for no in range(amounts.visits)),
            *(self._transfusion(no) for no in range(amounts.transfusions)),
            *(self._medicine(no) for no in range(amounts.medicines)),
            *(each for no in range(amounts.assessments) for each in self._assessment(no)),
            *(each for no in range(amounts.adverse_events) for each in self._adverse_event(no)),
        ]

    # ------------------------------------------------------------------ one event each

    def lab_result(self, record_id: str, test: int, drawn: datetime) -> Event:
        """A result of one test, mostly within its limits."""
        code, unit, low, high = _TESTS[test]
        result = self._random.uniform(0.7 * low, 1.2 * high)
        data = {
            "test": code,
            "loinc": None,
            "result_raw": f"{result:.1f}",
            "unit_raw": unit,
            "range_low": str(low),
            "range_high": str(high),
            "range_unit": unit,
            "collected_at": drawn.isoformat(),
            "specimen": "BLOOD",
            "sample_id": record_id.rpartition("-")[0],
            "fasting": None,
            "status": "DONE",
            "haemolysed": False,
            "lab_id": f"{self._site}-LAB",
        }
        return self._event("lab-result", record_id, drawn + 2 * _HOUR, data, source="lims")

    def vital_signs(self, record_id: str, read: datetime) -> Event:
        """Vital signs of a stable subject."""
        between = self._random.randint
        data = {
            "at": read.isoformat(),
            "timepoint": None,
            "infusion_ref": None,
            "temperature": {"value": f"36.{between(2, 9)}", "unit": "Cel", "route": "AXILLARY"},
            "systolic_mmHg": str(between(105, 135)),
            "diastolic_mmHg": str(between(62, 85)),
            "pulse_per_min": str(between(60, 95)),
            "respiration_per_min": str(between(12, 18)),
            "spo2_pct": str(between(95, 99)),
            "oxygen": {"support": "ROOM_AIR", "L_per_min": None},
        }
        return self._event("vital-signs", record_id, read + _HOUR, data)

    def adverse_event(self, record_id: str, onset: datetime, data: dict[str, Any]) -> Event:
        """The first version of an adverse event; ``data`` says what is other than usual."""
        return self._event("adverse-event", record_id, onset + _DAY, self._told(onset, data))

    # ------------------------------------------------------------------ the schedule

    def _entry(self) -> Iterator[Event]:
        enrolled, day = self.enrolled, self.enrolled.date().isoformat()
        data: dict[str, Any] = {
            "consented_at": (enrolled - 2 * _DAY).isoformat(),
            "enrolled_at": day,
            "phase": "IB",
            "dose_level": self._level,
            "cohort_no": 1,
            "slot": 1,
            "primary_diagnosis": {"text": "Acute myeloid leukaemia", "icd10": "C92.0"},
            "in_cr_at_entry": False,
            "birth_year": self._random.randint(1945, 2004),
            "sex": self._random.choice("FM"),
        }
        yield self._event("enrolment", f"DM-{self._subject}", enrolled, data)
        course = {
            "course_id": "IND-1",
            "kind": "CHEMOTHERAPY",
            "start": day,
            "end": (enrolled + 7 * _DAY).date().isoformat(),
            "is_index": True,
            "regimen": "7+3",
        }
        yield self._event("therapy", "TX-1", enrolled + 8 * _HOUR, course)

    def _infusion(self, number: int) -> Iterator[Event]:
        start, dose = self._first_infusion + 3 * (number - 1) * _DAY, _DOSES[self._level]
        planned: dict[str, Any] = {
            "infusion_no": number,
            "planned_at": start.isoformat(),
            "planned_minutes": 40,
            "status": "PLANNED",
            "dose_cells_per_kg_planned": dose,
            "interruptions": [],
            "premedication": [],
            "dose_level_assigned": self._level,
        }
        yield self._event("infusion", f"INF-{number}", self.enrolled + _HOUR, planned)
        end = start + timedelta(minutes=40)
        given = planned | {
            "status": "COMPLETED",
            "start": start.isoformat(),
            "end": end.isoformat(),
            "product_id": "UC-MSC",
            "dose_cells_per_kg_actual": dose,
            "viability_pct": "93",
            "volume_mL": "100",
            "rate_mL_per_h": "150",
            "lot": f"L{number:03}",
            "donor_id": "D07",
            "passage": 4,
            "route": "INTRAVENOUS",
            "access_site": "PICC",
            "dose_level_actual": self._level,
        }
        yield self._event(
            "infusion", f"INF-{number}", end, given, version=2, change_reason="FOLLOW_UP"
        )

    def _blood_draw(self, number: int) -> Iterator[Event]:
        drawn = self._some_time()
        for test in range(len(_TESTS)):
            yield self.lab_result(f"LB-{number}-{test}", test, drawn)

    def _vital_signs(self, number: int) -> Event:
        return self.vital_signs(f"VS-{number}", self._some_time())

    def _visit(self, number: int) -> Event:
        first = self.enrolled + (28 * number) * _DAY
        data = {
            "item": f"Week {4 * number}",
            "expects": ["CBC", "VITAL_SIGNS", "DISEASE_STATUS"],
            "from": first.date().isoformat(),
            "to": (first + 4 * _DAY).date().isoformat(),
            "status": "PLANNED",
        }
        return self._event("planned-visit", f"PV-{number}", self.enrolled + 2 * _HOUR, data)

    def _transfusion(self, number: int) -> Event:
        start = self._some_time()
        data = {
            "component": self._random.choice(("RBC", "PLATELET")),
            "units": "1",
            "volume_mL": "250",
            "start": start.isoformat(),
            "end": (start + _HOUR).isoformat(),
            "reason": "PLT < 10",
        }
        return self._event("transfusion", f"TF-{number}", start + 3 * _HOUR, data)

    def _medicine(self, number: int) -> Event:
        start = self._some_time()
        data = {
            "name": "meropenem",
            "atc": "J01DH02",
            "class": "ANTI_INFECTIVE",
            "start": start.date().isoformat(),
            "end": None,
            "ongoing": True,
            "systemic": True,
            "intent": "EMPIRICAL",
        }
        return self._event("medication", f"CM-{number}", start + 3 * _HOUR, data)

    def _assessment(self, number: int) -> Iterator[Event]:
        seen = self._some_time()
        day = seen.date().isoformat()
        response = {
            "assessed_at": day,
            "criteria": "ELN2022",
            "status": self._random.choice(("CR", "CRi", "MLFS", "PR")),
            "marrow_blasts_pct": "2.5",
            "circulating_blasts": False,
            "extramedullary": False,
            "mrd": "NOT_DONE",
        }
        yield self._event("disease-status", f"RS-{number}", seen + _DAY, response)
        status = {"status": "ACTIVE", "at": day, "last_known_alive": day}
        yield self._event("subject-status", f"DS-{number}", seen + _DAY, status)

    # ------------------------------------------------------------------ adverse events

    def _adverse_event(self, number: int) -> Iterator[Event]:
        """Of six, one is serious and reported; others get worse, are followed up or corrected."""
        record_id, onset = f"AE-{number}", self._some_time()
        if number % 6 == 0:
            yield from self._serious(record_id, onset)
            return
        first = {"grade": self._random.choice((1, 1, 2, 2, 3))}
        term = dict(zip(("term", "soc"), self._random.choice(_TERMS), strict=True))
        yield self.adverse_event(record_id, onset, first | term)
        later = onset + 4 * _DAY
        if number % 6 == 1:
            worse = self._told(onset, term | {"grade": 3})
            worse["received_by_sponsor_at"] = (later - _HOUR).isoformat()
            since = {"effective_from": (later - _DAY).date().isoformat()}
            yield self._version(record_id, later, worse, "PROGRESSION", **since)
        elif number % 6 == 2:  # noqa: PLR2004 - one of six
            better = {"outcome": "RECOVERED/RESOLVED", "ongoing": False}
            ended = {"end": later.date().isoformat()}
            follow_up = self._told(onset, first | term | better | ended)
            follow_up["received_by_sponsor_at"] = (later + _HOUR).isoformat()
            yield self._version(record_id, later + _DAY, follow_up, "FOLLOW_UP")
        elif number % 6 == 3:  # noqa: PLR2004 - one of six
            corrected = self._told(onset, term | {"grade": 1, "error_origin": "SITE"})
            yield self._version(record_id, later, corrected, "CORRECTION")

    def _serious(self, record_id: str, onset: datetime) -> Iterator[Event]:
        """In hospital; the causality comes two days later, the report a week later."""
        grave = {"grade": 3, "serious": "Y", "hospitalization": "Y", "causality": {}}
        yield self.adverse_event(record_id, onset, grave)
        later = onset + 3 * _DAY
        opinion = [{"product": "UC-MSC", "assessment": "POSSIBLE"}]
        told = self._told(onset, grave | {"causality": {"investigator": opinion}})
        told["received_by_sponsor_at"] = later.isoformat()
        yield self._version(record_id, later + _HOUR, told, "FOLLOW_UP")
        sent = onset + 8 * _DAY
        report = {
            "case_id": record_id,
            "jurisdiction": "CN-CDE",
            "report": "INITIAL",
            "covers": [f"{self._subject}/{record_id}/CN-CDE/initial-15"],
            "case_version": 1,
            "submitted_at": sent.isoformat(),
            "authority_ack": (sent + _HOUR).isoformat(),
        }
        submission = f"SUB-{record_id}"
        yield self._event("report-submission", submission, sent + 2 * _HOUR, report)
        decided = onset + 4 * _DAY
        yield self._event("decision", f"DEC-{record_id}", decided, self._seen(record_id, decided))

    def _seen(self, record_id: str, decided: datetime) -> dict[str, Any]:
        return {
            "kind": "ALERT",
            "decided_at": decided.isoformat(),
            "by": "medical-monitor-1",
            "role": "MEDICAL_MONITOR",
            "reason": "Reviewed",
            "alert": {
                "alert_id": f"UC-MSC|SAE-04|{self._subject}|{record_id}",
                "revision": 1,
                "action": "CONFIRM",
            },
        }

    def _told(self, onset: datetime, other: dict[str, Any]) -> dict[str, Any]:
        """What a version of an adverse event tells; ``other`` is what is not as usual."""
        other = dict(other)
        term, soc = other.pop("term", _TERMS[4][0]), other.pop("soc", _TERMS[4][1])
        hospital = other.pop("hospitalization", "N")
        related = [{"product": "UC-MSC", "assessment": "UNLIKELY"}]
        return {
            "term_verbatim": "as told",
            "term": term,
            "meddra": {"version": "20.1", "pt_name": term, "soc_name": soc},
            "ctcae": {"version": "5.0", "term": term},
            "onset": onset.date().isoformat(),
            "end": None,
            "ongoing": True,
            "grade_history": [],
            "serious": "N",
            "criteria": dict.fromkeys(_CRITERIA, "N") | {"hospitalization": hospital},
            "causality": {"investigator": related, "sponsor": [], "other_suspects": []},
            "expected": None,
            "action_taken": "DOSE NOT CHANGED",
            "outcome": "NOT RECOVERED/NOT RESOLVED",
            "infusion_reaction": False,
            "investigator_aware_at": (onset + 4 * _HOUR).isoformat(),
            "received_by_sponsor_at": (onset + 12 * _HOUR).isoformat(),
            "reporter": {"role": "PHYSICIAN", "country": "CN"},
            "suspect_product": "UC-MSC",
            "preexisting": False,
        } | other

    # ------------------------------------------------------------------ within

    def _some_time(self) -> datetime:
        """Some hour of the two years, denser near the infusions."""
        days = DAYS * self._random.random() ** 3
        return self.enrolled + timedelta(hours=6, minutes=int(days * 24 * 60))

    def _version(
        self, record_id: str, entered: datetime, data: dict[str, Any], reason: str, **envelope: Any
    ) -> Event:
        """The second version of an adverse event."""
        changed = {"version": 2, "change_reason": reason, **envelope}
        return self._event("adverse-event", record_id, entered, data, **changed)

    def _event(
        self, kind: str, record_id: str, entered: datetime, data: dict[str, Any], **envelope: Any
    ) -> Event:
        about = {"site_id": self._site, "subject_id": self._subject, **envelope}
        return event(self._random, kind, record_id, entered, data, **about)
