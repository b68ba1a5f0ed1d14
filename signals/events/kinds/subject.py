"""Enrolment (SDTM DM), status (DS), disease status (RS) and planned visits (TV, SV)."""

from typing import Annotated, Literal

from signals.events.values import (
    Count,
    Flag,
    FlagOrWord,
    Number,
    Part,
    PastDate,
    PlanDate,
    Same,
    SubjectData,
    Text,
    Year,
    doc,
)

NeoplasmAnswer = Literal[
    "CONFIRMED_NEW_PRIMARY", "RELAPSE", "PRE_EXISTING", "BENIGN", "UNDETERMINED"
]
ResponseStatus = Annotated[
    Literal["CR", "CRh", "CRi", "MLFS", "PR", "SD", "NR/REFRACTORY", "PD", "RELAPSE"],
    Same({"NR": "NR/REFRACTORY", "REFRACTORY": "NR/REFRACTORY"}),
]
Mrd = Annotated[
    Literal["POSITIVE", "NEGATIVE", "INDETERMINATE", "NOT_DONE"], Same({"NOT DONE": "NOT_DONE"})
]


class Diagnosis(Part):
    """The disease under treatment."""

    text: Text | None = doc("Diagnosis in words.", "MHTERM")
    icd10: Text | None = doc("ICD-10 code.")
    icdo_morphology: Text | None = doc("ICD-O morphology code.")


class Enrolment(SubjectData):
    """A subject's consent, enrolment and dose level (SDTM DM, DS)."""

    consented_at: PastDate | None = doc("Informed consent.", "RFICDTC")
    enrolled_at: PastDate | None = doc("Enrolment.", "DSSTDTC")
    phase: Literal["IB", "II"] | None = doc("Phase of the trial.")
    dose_level: Text | None = doc("Dose level assigned.", "ARMCD")
    cohort_no: Count | None = doc("Cohort at the dose level, from 1.")
    slot: Count | None = doc("Place in the cohort, from 1.")
    primary_diagnosis: Diagnosis | None = doc("Disease under treatment.", "MH")
    in_cr_at_entry: Flag | None = doc("Whether in complete remission at enrolment.")
    replaces_subject: Text | None = doc("The subject whose place this one takes.")
    previous_subject_id: Text | None = doc("The same person's earlier number (re-screened).")
    birth_year: Year | None = doc("Year of birth.", "BRTHDTC")
    sex: Literal["F", "M", "U"] | None = doc("Sex.", "SEX")


class DeathCause(Part):
    """The cause of a death."""

    kind: Literal["PRIMARY_DISEASE", "ADVERSE_EVENT", "OTHER"] | None = doc("Kind.", "DDTESTCD")
    record_id: Text | None = doc("Record id of the adverse event that caused it.")
    text: Text | None = doc("Cause in words.", "DDORRES")


class SubjectStatus(SubjectData):
    """Where a subject stands in the trial (SDTM DS, SS, DD)."""

    status: (
        Literal[
            "SCREENED",
            "ACTIVE",
            "TREATMENT_DISCONTINUED",
            "WITHDRAWN",
            "LOST",
            "COMPLETED",
            "DEAD",
        ]
        | None
    ) = doc("Status.", "DSDECOD, SSORRES")
    at: PastDate | None = doc("Since when.", "DSSTDTC")
    last_known_alive: PastDate | None = doc("Last date known to be alive.", "SSDTC")
    death_date: PastDate | None = doc("Date of death.", "DTHDTC")
    death_cause: DeathCause | None = doc("Cause of death.", "DD")
    autopsy: FlagOrWord | None = doc("Whether an autopsy was done.")
    received_by_sponsor_at: PastDate | None = doc(
        "Of a death: when the sponsor or a delegate learned of it, day 0 of the clocks."
    )


class NewPrimary(Part):
    """A new primary neoplasm; a pathology report comes here too."""

    icd10: Text | None = doc("ICD-10 code.")
    icdo_topography: Text | None = doc("ICD-O topography code.")
    icdo_morphology: Text | None = doc("ICD-O morphology code.")
    diagnosed_at: PastDate | None = doc("When it was diagnosed.")
    reported_at: PastDate | None = doc("When it was reported.")
    basis: Literal["HISTOLOGY", "CYTOLOGY", "GENETICS", "IMAGING", "CLINICAL"] | None = doc(
        "What the diagnosis rests on."
    )


class DiseaseStatus(SubjectData):
    """An assessment of the underlying disease (SDTM RS)."""

    assessed_at: PastDate | None = doc("When it was assessed.", "RSDTC")
    criteria: Text | None = doc("Response criteria, such as ELN2022.", "RSCAT")
    status: ResponseStatus | None = doc("Response.", "RSORRES")
    marrow_blasts_pct: Number | None = doc("Blasts in the marrow, %.")
    circulating_blasts: Flag | None = doc("Whether there are blasts in the blood.")
    extramedullary: Flag | None = doc("Whether there is disease outside the marrow.")
    mrd: Mrd | None = doc("Measurable residual disease.")
    new_primary: NewPrimary | None = doc("A new primary neoplasm.")
    adjudication: NeoplasmAnswer | None = doc("What the adjudicators hold it to be.")


class PlannedVisit(SubjectData):
    """One planned visit (SDTM TV, SV)."""

    item: Text | None = doc("Name of the visit.", "VISIT")
    expects: (
        tuple[Literal["CBC", "CHEMISTRY", "VITAL_SIGNS", "DISEASE_STATUS", "CONTACT"], ...] | None
    ) = doc("What is to be recorded.")
    from_: PlanDate | None = doc("First day of its window.", alias="from")
    to: PlanDate | None = doc("Last day of its window.")
    infusion_ref: Text | None = doc("Record id of the infusion it belongs to.")
    status: Annotated[Literal["PLANNED", "NOT_DONE"], Same({"NOT DONE": "NOT_DONE"})] | None = doc(
        "Whether it is given up."
    )
    reason: Text | None = doc("Why it was not done.", "SVREASOC")
