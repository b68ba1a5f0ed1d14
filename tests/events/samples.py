"""One valid event of every kind, written for these tests.

The trial is STEM-1: subject 07 of site NORTH, first infusion on 4 May 2026.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
RECORDED_AT = "2026-06-30T12:00:00+08:00"


def event(kind: str, data: dict[str, Any] | None, **envelope: Any) -> dict[str, Any]:
    """A valid envelope around the data; keywords replace keys."""
    sent = {
        "schema": f"{kind}/1",
        "study_id": "STEM-1",
        "site_id": "NORTH",
        "subject_id": "07",
        "record_id": f"{kind}-1",
        "version": 1,
        "op": "UPSERT",
        "change_reason": "NEW",
        "recorded_at": RECORDED_AT,
        "source": "edc",
        "actor": "nurse-2",
        "data": data,
        **envelope,
    }
    name = f"{sent['study_id']}/{sent['record_id']}/{sent['version']}"
    return {"event_id": str(uuid5(NAMESPACE_URL, name)), **sent}


_NOT_ABOUT_A_SUBJECT = {"site_id": None, "subject_id": None}

SAMPLES: dict[str, dict[str, Any]] = {
    "adverse-event": event(
        "adverse-event",
        {
            "term_verbatim": "发热",
            "term": "Fever",
            "meddra": {"version": "20.1", "llt": 10016558, "pt_name": "Pyrexia"},
            "ctcae": {"version": "5.0", "term": "Fever", "llt": 10016558},
            "onset": "2026-05-04T15:30",
            "end": "2026-05",
            "ongoing": False,
            "grade": 2,
            "grade_history": [
                {"grade": 1, "from": "2026-05-04"},
                {"grade": 2, "from": "2026-05-05"},
            ],
            "serious": "N",
            "criteria": {"death": "N", "hospitalization": "N"},
            "causality": {
                "investigator": [{"product": "UC-MSC", "assessment": "LIKELY"}],
                "sponsor": [],
            },
            "causality_history": [
                {
                    "from": "2026-05-04",
                    "investigator": [{"product": "UC-MSC", "assessment": "PROBABLE"}],
                }
            ],
            "expected": "Y",
            "rsi_version": "2.0",
            "action_taken": "DOSE NOT CHANGED",
            "outcome": "RECOVERED/RESOLVED",
            "infusion_ref": "infusion-1",
            "infusion_reaction": True,
            "investigator_aware_at": "2026-05-04T16:00:00+08:00",
            "received_by_sponsor_at": "2026-05-06",
            "significant": "N",
            "narrative": "Fever after the first infusion.",
            "reporter": {"role": "PHYSICIAN", "country": "CN"},
            "suspect_product": "UC-MSC",
            "preexisting": False,
        },
        change_reason="PROGRESSION",
        effective_from="2026-05-05",
        version=2,
    ),
    "case": event(
        "case",
        {"case_id": "case-1", "adverse_events": ["adverse-event-1"], "other_ids": ["X-9"]},
    ),
    "pregnancy": event("pregnancy", {"who": "PARTNER", "lmp": "2026-04", "due_date": "2027-01"}),
    "lab-result": event(
        "lab-result",
        {
            "test": "PLAT",
            "loinc": "777-3",
            "result_raw": "<5",
            "unit_raw": "10^9/L",
            "range_low": "125",
            "range_high": "350",
            "range_unit": "10^9/L",
            "collected_at": "2026-05-08T06:10:00+08:00",
            "specimen": "BLOOD",
            "sample_id": "S-12",
            "fasting": "Y",
            "status": "DONE",
            "haemolysed": False,
            "lab_id": "NORTH-LAB",
        },
        source="lims",
    ),
    "microbiology": event(
        "microbiology",
        {
            "specimen": "BLOOD",
            "collected_at": "2026-05-09",
            "organism": "Staphylococcus epidermidis",
            "result": "POSITIVE",
            "contaminant": True,
        },
    ),
    "infusion": event(
        "infusion",
        {
            "infusion_no": 1,
            "planned_at": "2026-05-04T10:00:00+08:00",
            "planned_minutes": 40,
            "start": "2026-05-04T10:05:00+08:00",
            "end": "2026-05-04T10:50:00+08:00",
            "status": "COMPLETED",
            "dose_cells_per_kg_planned": "1.0e6",
            "dose_cells_per_kg_actual": "1.0e6",
            "weight_kg": "58.5",
            "interruptions": [{"at": "2026-05-04T10:20", "minutes": 5, "reason": "chills"}],
            "premedication": ["promethazine"],
            "lot": "L-3",
            "donor_id": "D-2",
            "passage": 4,
            "dose_level_assigned": "DL2",
            "dose_level_actual": "DL2",
        },
    ),
    "planned-visit": event(
        "planned-visit",
        {"item": "Week 8", "expects": ["CBC", "CONTACT"], "from": "2026-07-01", "to": "2026-07-05"},
    ),
    "therapy": event(
        "therapy",
        {
            "course_id": "IND-1",
            "kind": "CHEMOTHERAPY",
            "start": "2026-04-20",
            "end": "2026-12-31",
            "is_index": True,
        },
    ),
    "vital-signs": event(
        "vital-signs",
        {
            "at": "2026-05-04T11:50:00+08:00",
            "timepoint": "END+60MIN",
            "infusion_ref": "infusion-1",
            "temperature": {"value": "38.4", "unit": "Cel", "route": "AXILLARY"},
            "systolic_mmHg": "112",
            "diastolic_mmHg": 70,
            "pulse_per_min": "96",
            "spo2_pct": "97",
            "oxygen": {"support": "NASAL_CANNULA", "L_per_min": "2"},
        },
    ),
    "transfusion": event(
        "transfusion", {"component": "RBC", "units": "2", "start": "2026-05-07T09:00"}
    ),
    "medication": event(
        "medication",
        {
            "name": "filgrastim",
            "class": "G_CSF",
            "start": "2026-05-10",
            "end": "2027-01",
            "systemic": True,
        },
    ),
    "disease-status": event(
        "disease-status",
        {
            "assessed_at": "2026-06-01",
            "criteria": "ELN2022",
            "status": "CRi",
            "marrow_blasts_pct": "3",
            "mrd": "NOT_DONE",
            "new_primary": {"icd10": "C43.9", "basis": "HISTOLOGY", "diagnosed_at": "2026-06"},
        },
    ),
    "enrolment": event(
        "enrolment",
        {
            "consented_at": "2026-04-10T09:00:00+08:00",
            "enrolled_at": "2026-04-15",
            "phase": "IB",
            "dose_level": "DL2",
            "cohort_no": 1,
            "slot": 3,
            "primary_diagnosis": {"text": "Acute lymphoblastic leukaemia", "icd10": "C91.0"},
            "birth_year": 1968,
            "sex": "M",
        },
    ),
    "subject-status": event(
        "subject-status",
        {
            "status": "DEAD",
            "at": "2026-06-20",
            "death_date": "2026-06",
            "death_cause": {"kind": "PRIMARY_DISEASE", "text": "Leukaemia"},
            "autopsy": "N",
            "received_by_sponsor_at": "2026-06-22T08:00:00+08:00",
        },
    ),
    "report-submission": event(
        "report-submission",
        {
            "case_id": "case-1",
            "jurisdiction": "CN-CDE",
            "report": "INITIAL",
            "covers": ["07/adverse-event-1/CN-CDE/initial-15"],
            "submitted_at": "2026-05-12T10:00:00+08:00",
        },
    ),
    "decision": event(
        "decision",
        {
            "kind": "ADJUDICATION",
            "decided_at": "2026-06-02T10:00:00+08:00",
            "by": "dr-lin",
            "role": "MEDICAL_MONITOR",
            "reason": "Known contaminant",
            "on": [{"kind": "microbiology", "record_id": "microbiology-1", "version": 1}],
            "adjudication": {
                "record_id": "microbiology/microbiology-1",
                "question": "contaminant",
                "answer": "YES",
            },
        },
    ),
    "reference-safety-information": event(
        "reference-safety-information",
        {
            "ib_version": "2.0",
            "valid_from": "2026-01-01",
            "valid_to": "9999-12-31",
            "expected": [{"term": "Pyrexia", "max_grade": 2, "fatal_expected": False}],
        },
        **_NOT_ABOUT_A_SUBJECT,
    ),
    "feed-heartbeat": event(
        "feed-heartbeat",
        {"feed": "lims", "at": "2026-06-30T11:59:00+08:00"},
        **_NOT_ABOUT_A_SUBJECT,
    ),
    "clock": event("clock", {"now": "2026-06-30T12:00:00+08:00"}, **_NOT_ABOUT_A_SUBJECT),
    "pack-activation": event(
        "pack-activation",
        {
            "pack_hash": "sha256:ab12",
            "files": {"pack.yaml": "name: stem"},
            "approvals": [{"by": "dr-lin", "role": "MEDICAL_MONITOR"}],
        },
        **_NOT_ABOUT_A_SUBJECT,
    ),
    "feed-silence": event(
        "feed-silence",
        {"feed": "lims", "since": "2026-06-29T12:00:00+08:00"},
        **_NOT_ABOUT_A_SUBJECT,
    ),
    "rule-error": event(
        "rule-error",
        {"rule": "LAB-01", "about": {"subject": "07"}, "message": "field not found"},
        **_NOT_ABOUT_A_SUBJECT,
    ),
}
