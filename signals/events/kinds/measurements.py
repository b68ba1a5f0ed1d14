"""Laboratory results (SDTM LB), cultures (MB) and vital signs (VS)."""

from typing import Annotated, Literal

from signals.events.measured import ALLOWED_NUMBER
from signals.events.values import (
    Contradiction,
    Flag,
    FlagOrWord,
    Number,
    Part,
    PastDate,
    Result,
    Same,
    SubjectData,
    Text,
    doc,
)

TestStatus = Annotated[Literal["DONE", "NOT DONE"], Same({"NOT_DONE": "NOT DONE"})]


class LabResult(SubjectData):
    """One laboratory result (SDTM LB, FHIR Observation)."""

    test: Text | None = doc("The analyte, in CDISC test codes.", "LBTESTCD")
    loinc: Text | None = doc("LOINC code of the test.", "LBLOINC")
    result_raw: Result | None = doc(
        "The result as reported, with < or >; a word only of a test without unit and limits.",
        "LBORRES",
    )
    unit_raw: Text | None = doc("Its unit as reported; never inferred.", "LBORRESU")
    value_si: Number | None = doc("The result in SI units, if the source gives it.", "LBSTRESN")
    unit_si: Text | None = doc("Its SI unit.", "LBSTRESU")
    range_low: Number | None = doc("Lower limit of normal.", "LBORNRLO")
    range_high: Number | None = doc("Upper limit of normal.", "LBORNRHI")
    range_unit: Text | None = doc("Unit of the limits.")
    collected_at: PastDate | None = doc("When the specimen was taken.", "LBDTC")
    specimen: Text | None = doc("The specimen, such as BLOOD or SERUM.", "LBSPEC")
    sample_id: Text | None = doc("Results of one sample bear one id.", "LBREFID")
    fasting: FlagOrWord | None = doc("Whether the subject was fasting.", "LBFAST")
    status: TestStatus | None = doc("Whether the test was done.", "LBSTAT")
    haemolysed: Flag | None = doc("Whether the specimen was haemolysed.")
    baseline: FlagOrWord | None = doc("Baseline as the source flags it.", "LBBLFL")
    lab_id: Text | None = doc("The laboratory.", "LBNAM")

    def contradiction(self) -> Contradiction | None:
        """A word is no result of a test that has a unit or limits."""
        measures = (self.unit_raw, self.range_low, self.range_high)
        if not isinstance(self.result_raw, str) or not any(measures):
            return None
        reason = "a word is no result of a test that has a unit or limits"
        return Contradiction(("result_raw",), reason, ALLOWED_NUMBER)


class Microbiology(SubjectData):
    """One culture (SDTM MB)."""

    specimen: Text | None = doc("The specimen, such as BLOOD.", "MBSPEC")
    collected_at: PastDate | None = doc("When the specimen was taken.", "MBDTC")
    sample_id: Text | None = doc("Results of one sample bear one id.", "MBREFID")
    organism: Text | None = doc("The organism found.", "MBORRES")
    result: Literal["POSITIVE", "NEGATIVE"] | None = doc("Whether anything grew.")
    contaminant: FlagOrWord | None = doc("Whether the finding is held to be a contaminant.")
    product_sample: Flag | None = doc("Whether the specimen is of the trial product.")
    lab_id: Text | None = doc("The laboratory.", "MBNAM")


class Temperature(Part):
    """A body temperature."""

    value: Number | None = doc("The reading.", "VSORRES of TEMP")
    unit: Text | None = doc("Its unit: Cel or [degF].", "VSORRESU of TEMP")
    route: Literal["ORAL", "AXILLARY", "TYMPANIC", "RECTAL"] | None = doc(
        "Where it was taken.", "VSLOC of TEMP"
    )


class Oxygen(Part):
    """The oxygen under which the saturation was read."""

    support: (
        Literal["ROOM_AIR", "NASAL_CANNULA", "MASK", "HIGH_FLOW", "NIV", "VENTILATED"] | None
    ) = doc("Kind of support.")
    L_per_min: Number | None = doc("Flow, L/min.")


class VitalSigns(SubjectData):
    """Vital signs read at one time (SDTM VS), with the oxygen given."""

    at: PastDate | None = doc("When they were read.", "VSDTC")
    timepoint: Text | None = doc("Planned time, such as PRE or END+60MIN of an infusion.", "VSTPT")
    infusion_ref: Text | None = doc("Record id of the infusion they belong to.")
    temperature: Temperature | None = doc("Body temperature.", "TEMP")
    systolic_mmHg: Number | None = doc("Systolic blood pressure, mmHg.", "SYSBP")
    diastolic_mmHg: Number | None = doc("Diastolic blood pressure, mmHg.", "DIABP")
    pulse_per_min: Number | None = doc("Pulse or heart rate, 1/min.", "PULSE, HR")
    respiration_per_min: Number | None = doc("Respiratory rate, 1/min.", "RESP")
    spo2_pct: Number | None = doc("Oxygen saturation, %.", "OXYSAT")
    oxygen: Oxygen | None = doc("Oxygen given meanwhile.")
