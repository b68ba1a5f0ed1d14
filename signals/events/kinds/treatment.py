"""Infusions of the trial product (SDTM EX), therapies, transfusions and medication."""

from typing import Literal

from signals.events.values import (
    Count,
    Flag,
    Number,
    Part,
    PastDate,
    PlanDate,
    SubjectData,
    Text,
    doc,
)


class Interruption(Part):
    """A pause of an infusion."""

    at: PastDate | None = doc("When it began.")
    minutes: Count | None = doc("How long it lasted, minutes.")
    reason: Text | None = doc("Why.", "EXADJ")


class Infusion(SubjectData):
    """One dose of UC-MSC (SDTM EX as given, EC as collected)."""

    infusion_no: Count | None = doc("Number of the infusion for the subject, from 1.")
    planned_at: PlanDate | None = doc("When it is planned.")
    planned_minutes: Count | None = doc("Planned duration, minutes.")
    start: PastDate | None = doc("When it began.", "EXSTDTC")
    end: PastDate | None = doc("When it ended.", "EXENDTC")
    status: (
        Literal["PLANNED", "IN_PROGRESS", "COMPLETED", "STOPPED_EARLY", "NOT_DONE", "CANCELLED"]
        | None
    ) = doc("What became of it.", "ECOCCUR")
    dose_cells_per_kg_planned: Number | None = doc("Planned dose, cells/kg.", "ECDOSE")
    dose_cells_per_kg_actual: Number | None = doc("Dose given, cells/kg.", "EXDOSE")
    product_id: Text | None = doc("The product as given.", "EXTRT")
    weight_kg: Number | None = doc("Body weight, kg.", "VSORRES of WEIGHT")
    total_viable_cells: Number | None = doc("Viable cells given.")
    viability_pct: Number | None = doc("Viable cells, %.")
    volume_mL: Number | None = doc("Volume given, mL.", "EXVOLT")
    rate_mL_per_h: Number | None = doc("Rate, mL/h.", "EXRATE")
    interruptions: tuple[Interruption, ...] | None = doc("Pauses.")
    premedication: tuple[Text, ...] | None = doc("Premedication given.")
    lot: Text | None = doc("Lot of the product.", "EXLOT")
    donor_id: Text | None = doc("Donor of the cells.")
    passage: Count | None = doc("Passage number of the cells.")
    dmso_mL: Number | None = doc("DMSO given, mL (cryopreserved product).")
    route: Text | None = doc("Route, INTRAVENOUS.", "EXROUTE")
    access_site: Text | None = doc("Venous access.", "EXLOC")
    dose_level_assigned: Text | None = doc("Dose level by assignment.")
    dose_level_actual: Text | None = doc("Dose level as given.")


class Therapy(SubjectData):
    """An anti-cancer therapy or transplantation (SDTM EX or CM, PR)."""

    course_id: Text | None = doc("Records of one course bear one id.")
    kind: (
        Literal[
            "CHEMOTHERAPY",
            "TARGETED",
            "RADIOTHERAPY",
            "CONDITIONING",
            "HSCT_AUTO",
            "HSCT_ALLO",
            "DLI",
        ]
        | None
    ) = doc("Kind of therapy.", "CMCAT, PRCAT")
    regimen: Text | None = doc("Regimen or drug.", "CMTRT, PRTRT")
    start: PastDate | None = doc("When it began.", "CMSTDTC, PRSTDTC")
    end: PlanDate | None = doc("When it ended or is planned to end.", "CMENDTC, PRENDTC")
    is_index: Flag | None = doc("Whether it is the course whose myelosuppression is treated.")
    completed_at: PastDate | None = doc("Of a transplantation: end of the last graft infusion.")
    cd34_per_kg: Number | None = doc("CD34 positive cells of the graft per kg of body weight.")


class Transfusion(SubjectData):
    """A transfusion (SDTM CM or PR); not albumin, immunoglobulin, graft or UC-MSC."""

    component: Literal["RBC", "PLATELET", "PLASMA", "CRYO", "WHOLE_BLOOD", "GRANULOCYTE"] | None = (
        doc("Blood component.", "CMTRT")
    )
    units: Number | None = doc("Units given.", "CMDOSE")
    volume_mL: Number | None = doc("Volume given, mL.")
    start: PastDate | None = doc("When it began.", "CMSTDTC")
    end: PastDate | None = doc("When it ended.", "CMENDTC")
    reason: Text | None = doc("Why it was given.", "CMINDC")


class Medication(SubjectData):
    """A medicine (SDTM CM)."""

    name: Text | None = doc("Name.", "CMTRT")
    atc: Text | None = doc("ATC code.", "CMCLASCD")
    class_: (
        Literal[
            "ANTI_INFECTIVE",
            "EPINEPHRINE",
            "VASOPRESSOR",
            "ANTIPYRETIC",
            "CORTICOSTEROID",
            "ANTIHISTAMINE",
            "G_CSF",
            "TPO_RA",
            "OTHER",
        ]
        | None
    ) = doc("Class.", "CMCLAS", alias="class")
    start: PastDate | None = doc("When it was begun.", "CMSTDTC")
    end: PlanDate | None = doc("When it ended or is planned to end.", "CMENDTC")
    ongoing: Flag | None = doc("Whether it is still given.", "CMENRTPT")
    systemic: Flag | None = doc("Whether it acts on the whole body.", "CMROUTE")
    intent: Literal["PROPHYLAXIS", "EMPIRICAL", "TARGETED"] | None = doc("Intent.")
    indication_ae: Text | None = doc("Record id of the adverse event treated.", "CMINDC")
