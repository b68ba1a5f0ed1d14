"""What the safety desk records: decisions, submitted reports, reference safety information."""

from typing import Literal

from signals.events.kinds.subject import NeoplasmAnswer
from signals.events.values import (
    Code,
    Contradiction,
    Count,
    Data,
    Flag,
    Grade,
    Part,
    PastDate,
    PastInstant,
    PlanDate,
    SubjectData,
    Text,
    YesNo,
    doc,
)

Answer = Literal[NeoplasmAnswer, "DLT", "NOT_DLT", "DUPLICATE", "NOT_DUPLICATE", "YES", "NO"]
Question = Literal[
    "neoplasm",
    "dlt",
    "duplicate",
    "anaphylaxis",
    "cytokine_release",
    "alternative_cause",
    "contaminant",
]
_YES_NO = ("YES", "NO")
ANSWERS: dict[str, tuple[str, ...]] = {
    "neoplasm": (
        "CONFIRMED_NEW_PRIMARY",
        "RELAPSE",
        "PRE_EXISTING",
        "BENIGN",
        "UNDETERMINED",
    ),
    "dlt": ("DLT", "NOT_DLT"),
    "duplicate": ("DUPLICATE", "NOT_DUPLICATE"),
    "anaphylaxis": _YES_NO,
    "cytokine_release": _YES_NO,
    "alternative_cause": _YES_NO,
    "contaminant": _YES_NO,
}


class TakenOn(Part):
    """A record version that a decision was taken on."""

    kind: Text | None = doc("Kind of the record.")
    record_id: Text | None = doc("Its id.")
    version: Count | None = doc("Its version.")


class AlertDecision(Part):
    """What a person decides on an alert."""

    alert_id: Text | None = doc("The alert.")
    revision: Count | None = doc("The revision it was taken on, if no evidence hash is given.")
    evidence_hash: Text | None = doc("The evidence it was taken on.")
    action: (
        Literal[
            "CONFIRM", "SIGN_WITHDRAWAL", "REFUSE_WITHDRAWAL", "ACCEPT_PRIORITY", "CLOSE", "REOPEN"
        ]
        | None
    ) = doc("What is decided.")
    disposition: Text | None = doc("Why it is closed.")


class Adjudication(Part):
    """The answer to a clinical question on one or two records."""

    record_id: Text | None = doc("The record; infusion/ID for anaphylaxis and cytokine release.")
    other_record_id: Text | None = doc("The other record of a possible duplicate.")
    question: Question | None = doc("The question.")
    answer: Answer | None = doc("The answer; which ones a question has is fixed.")


class SignOff(Part):
    """A signature that ends, or refuses to end, a duty."""

    obligation_id: Text | None = doc("The obligation: subject/case/jurisdiction/duty.")
    record_id: Text | None = doc("The record, where no obligation is named.")
    what: Literal["SERIOUSNESS_DOWNGRADE", "NOT_REPORTABLE", "EVALUABILITY"] | None = doc(
        "What is signed."
    )
    answer: YesNo | None = doc("Y ends it, N refuses.")


class CohortDecision(Part):
    """What the safety review committee decides on a dose level."""

    dose_level: Text | None = doc("The dose level.")
    cohort_no: Count | None = doc("The cohort.")
    outcome: (
        Literal["ESCALATE", "EXPAND", "DE_ESCALATE", "STOP", "CONFIRM", "DECLARE_MTD"] | None
    ) = doc("What is decided.")
    n: Count | None = doc("Evaluable subjects it was taken on.")
    x: Count | None = doc("Subjects with a dose-limiting toxicity it was taken on.")


class LotDecision(Part):
    """What quality decides on a lot, or on all lots of a donor."""

    lot: Text | None = doc("The lot.")
    donor: Text | None = doc("The donor.")
    outcome: Literal["QUARANTINED", "RELEASED", "REJECTED"] | None = doc("What is decided.")


class Decision(SubjectData):
    """A decision of a person, with one object named after its kind."""

    kind: Literal["ALERT", "ADJUDICATION", "SIGN_OFF", "COHORT", "LOT"] | None = doc("Kind.")
    decided_at: PastInstant | None = doc("When it was taken.")
    by: Text | None = doc("The account that took it.")
    role: (
        Literal[
            "MEDICAL_MONITOR",
            "PV_PHYSICIAN",
            "SAFETY_REVIEW_COMMITTEE",
            "QUALITY",
            "INVESTIGATOR",
        ]
        | None
    ) = doc("In which role.")
    reason: Text | None = doc("Why.")
    on: tuple[TakenOn, ...] | None = doc(
        "The record versions it was taken on; absent: those ingested by decided_at."
    )
    alert: AlertDecision | None = doc("Of kind ALERT.")
    adjudication: Adjudication | None = doc("Of kind ADJUDICATION.")
    sign_off: SignOff | None = doc("Of kind SIGN_OFF.")
    cohort: CohortDecision | None = doc("Of kind COHORT.")
    lot: LotDecision | None = doc("Of kind LOT.")

    def contradiction(self) -> Contradiction | None:
        """An answer to another question is no answer."""
        ruling = self.adjudication
        if ruling is None or ruling.question is None or ruling.answer is None:
            return None
        words = ANSWERS[ruling.question]
        if ruling.answer in words:
            return None
        return Contradiction(
            ("adjudication", "answer"),
            f'"{ruling.answer}" is no answer to the question "{ruling.question}"',
            "one of " + ", ".join(words),
        )


class ReportSubmission(SubjectData):
    """A report sent to an authority; it counts when acknowledged."""

    case_id: Text | None = doc("The case reported.")
    jurisdiction: Text | None = doc("To whom, such as CN-CDE.")
    report: Literal["INITIAL", "FOLLOW_UP", "AMENDMENT", "NULLIFICATION"] | None = doc("Kind.")
    covers: tuple[Text, ...] | None = doc("The obligations it meets.")
    case_version: Count | None = doc("The version of the case that was sent.")
    submitted_at: PastDate | None = doc("When it was sent.")
    authority_ack: PastDate | None = doc("When the authority acknowledged it.")


class ExpectedTerm(Part):
    """One expected adverse reaction."""

    term: Text | None = doc("Preferred term.")
    meddra_llt: Code | None = doc("MedDRA lowest level term code.")
    meddra_pt: Code | None = doc("MedDRA preferred term code.")
    max_grade: Grade | None = doc("Expected up to this grade.")
    fatal_expected: Flag | None = doc("Whether a fatal outcome is expected.")
    life_threatening_expected: Flag | None = doc("Whether a life-threatening one is expected.")


class ReferenceSafetyInformation(Data):
    """The reference safety information in force for a time; an empty list: all is unexpected."""

    ib_version: Text | None = doc("Version of the investigator's brochure.")
    valid_from: PlanDate | None = doc("First day in force.")
    valid_to: PlanDate | None = doc("Last day in force.")
    expected: tuple[ExpectedTerm, ...] | None = doc("The expected terms.")
