"""Adverse events (SDTM AE), the cases that join them (E2B), and pregnancies."""

from typing import Annotated, Literal

from signals.events.values import (
    Code,
    Contradiction,
    Flag,
    Grade,
    Part,
    PastDate,
    PlanDate,
    Same,
    SubjectData,
    Text,
    YesNo,
    doc,
)

Assessment = Annotated[
    Literal["UNRELATED", "UNLIKELY", "POSSIBLE", "LIKELY", "DEFINITE"],
    # The WHO-UMC words for the same two categories.
    Same({"PROBABLE": "LIKELY", "CERTAIN": "DEFINITE"}),
]
ActionTaken = Literal[
    "DOSE INCREASED",
    "DOSE NOT CHANGED",
    "DOSE REDUCED",
    "DRUG INTERRUPTED",
    "DRUG WITHDRAWN",
    "NOT APPLICABLE",
    "UNKNOWN",
]
Outcome = Literal[
    "FATAL",
    "NOT RECOVERED/NOT RESOLVED",
    "RECOVERED/RESOLVED",
    "RECOVERED/RESOLVED WITH SEQUELAE",
    "RECOVERING/RESOLVING",
    "UNKNOWN",
]
ErrorOrigin = Literal["SITE", "SPONSOR_OR_DELEGATE"]


class Meddra(Part):
    """The MedDRA coding of the term."""

    version: Text | None = doc("MedDRA version of the codes.")
    llt: Code | None = doc("Lowest level term code.", "AELLTCD")
    pt: Code | None = doc("Preferred term code.", "AEPTCD")
    hlt: Code | None = doc("High level term code.", "AEHLTCD")
    hlgt: Code | None = doc("High level group term code.", "AEHLGTCD")
    soc: Code | None = doc("System organ class code.", "AESOCCD")
    pt_name: Text | None = doc("Preferred term.", "AEDECOD")
    soc_name: Text | None = doc("System organ class.", "AEBODSYS, AESOC")


class Ctcae(Part):
    """The CTCAE term by which the event is graded."""

    version: Text | None = doc("CTCAE version.")
    term: Text | None = doc("CTCAE term.")
    llt: Code | None = doc("MedDRA lowest level term code that CTCAE prints for the term.")


class Criteria(Part):
    """The criteria of seriousness, each Y or N (ICH E2A II.B)."""

    death: YesNo | None = doc("Results in death.", "AESDTH")
    life_threatening: YesNo | None = doc("Is life-threatening.", "AESLIFE")
    hospitalization: YesNo | None = doc("Needs or prolongs a stay in hospital.", "AESHOSP")
    disability: YesNo | None = doc("Persistent or significant disability.", "AESDISAB")
    congenital: YesNo | None = doc("Congenital anomaly or birth defect.", "AESCONG")
    other_medically_important: YesNo | None = doc("Other medically important event.", "AESMIE")


class ProductAssessment(Part):
    """What one party holds of one product's part in the event."""

    product: Text | None = doc("The suspect product.")
    assessment: Assessment | None = doc(
        "UNRELATED, UNLIKELY, POSSIBLE, LIKELY (WHO-UMC probable), DEFINITE (certain); "
        "related are the last three.",
        "AEREL",
    )


class Causality(Part):
    """Causality by party; an empty or missing list is an opinion not yet given."""

    investigator: tuple[ProductAssessment, ...] | None = doc("The investigator's.", "AEREL")
    sponsor: tuple[ProductAssessment, ...] | None = doc("The sponsor's (supplemental).")
    other_suspects: tuple[ProductAssessment, ...] | None = doc(
        "Other suspects: chemotherapy, transplantation, disease, blood products.", "AERELNST"
    )


class CausalitySegment(Causality):
    """Causality from a time on."""

    from_: PastDate | None = doc("When it began to hold.", alias="from")


class GradeSegment(Part):
    """The grade from a time on."""

    grade: Grade | None = doc("CTCAE grade, 1 to 5.", "AETOXGR")
    from_: PastDate | None = doc("When the event became that grade.", alias="from")


class Reporter(Part):
    """Who reported; no name."""

    role: Text | None = doc("Qualification, such as PHYSICIAN (E2B C.2.r.4).")
    country: Text | None = doc("Country, ISO 3166 two letters (E2B C.2.r.3).")


class AdverseEvent(SubjectData):
    """An adverse event (SDTM AE, FHIR AdverseEvent)."""

    term_verbatim: Text | None = doc("The reporter's words, in any language.", "AETERM")
    term: Text | None = doc("The term in English.")
    meddra: Meddra | None = doc("MedDRA coding, due within five days.")
    ctcae: Ctcae | None = doc("CTCAE term.")
    onset: PastDate | None = doc("When it began, as far as known.", "AESTDTC")
    end: PastDate | None = doc("When it ended.", "AEENDTC")
    ongoing: Flag | None = doc("Whether it still lasts.", "AEENRTPT")
    grade: Grade | None = doc("CTCAE grade, 1 to 5.", "AETOXGR")
    grade_history: tuple[GradeSegment, ...] | None = doc("The grades in time, if given.")
    serious: YesNo | None = doc("Serious by the reporter's word.", "AESER")
    criteria: Criteria | None = doc("Criteria of seriousness.")
    causality: Causality | None = doc("Relation to each suspect product, by party.")
    causality_history: tuple[CausalitySegment, ...] | None = doc("Causality in time, if given.")
    expected: YesNo | None = doc("Expected by the reference safety information (sponsor).")
    rsi_version: Text | None = doc("The reference safety information it was judged by.")
    action_taken: ActionTaken | None = doc("Action taken with the trial product.", "AEACN")
    outcome: Outcome | None = doc("Outcome.", "AEOUT")
    infusion_ref: Text | None = doc("Record id of the infusion it belongs to.", "AELNKID")
    infusion_reaction: Flag | None = doc("Whether the site calls it an infusion reaction.")
    investigator_aware_at: PastDate | None = doc("When the investigator learned of it.")
    investigator_aware_serious_at: PastDate | None = doc(
        "When the investigator learned that it is serious: the 24 h site clock."
    )
    received_by_sponsor_at: PastDate | None = doc(
        "When the sponsor or a delegate first held what this version says: day 0 of the clocks."
    )
    sponsor_determined_at: PastDate | None = doc("When the sponsor found it reportable (US).")
    error_origin: ErrorOrigin | None = doc("Whose error a CORRECTION corrects.")
    significant: YesNo | None = doc("A person's judgement of this version's change.")
    narrative: Text | None = doc("Narrative (E2B H.1).")
    reporter: Reporter | None = doc("Who reported.")
    suspect_product: Text | None = doc("The suspect trial product.")
    preexisting: Flag | None = doc("Whether it began before the first infusion.", "AEPRESP")

    def contradiction(self) -> Contradiction | None:
        """An onset after the sponsor heard of it cannot be right."""
        onset, receipt = self.onset, self.received_by_sponsor_at
        if onset is None or receipt is None or onset.earliest <= receipt.latest:
            return None
        return Contradiction(
            ("onset",),
            f'"{onset}" is later than the receipt by the sponsor ("{receipt}")',
            "a date not later than received_by_sponsor_at",
        )


class Case(SubjectData):
    """Which adverse events share one case, and its E2B ids."""

    case_id: Text | None = doc("The case's id.")
    adverse_events: tuple[Text, ...] | None = doc(
        "Record ids of its adverse events; the first names the case in alerts."
    )
    safety_report_id: Text | None = doc("Sender's safety report id (E2B C.1.1).")
    worldwide_id: Text | None = doc("Worldwide case id (E2B C.1.8.1).")
    other_ids: tuple[Text, ...] | None = doc("Other case ids (E2B C.1.9.1.r.2).")


class Pregnancy(SubjectData):
    """A pregnancy of a subject or of a subject's partner."""

    who: Literal["SUBJECT", "PARTNER"] | None = doc("Who is pregnant.")
    lmp: PastDate | None = doc("First day of the last menstrual period.", "RPSTDTC")
    due_date: PlanDate | None = doc("Expected date of birth.")
    outcome: Text | None = doc("Outcome of the pregnancy, such as ONGOING.", "RPORRES")
    investigator_aware_at: PastDate | None = doc("When the investigator learned of it.")
    received_by_sponsor_at: PastDate | None = doc("When the sponsor or a delegate learned of it.")
