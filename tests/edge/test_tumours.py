"""Edge cases, area tumour, with their neighbours."""

from typing import Any

import pytest

from tests.edge.kit import DENIED
from tests.facts.kit import Trial

SOC = "Neoplasms benign, malignant and unspecified (incl cysts and polyps)"
REPORT = "disease-status/RS-1"


def f1_with(icd10: str, morphology: str) -> Trial:
    """F1 with its primary disease coded."""
    trial = Trial()
    trial.enrolment(primary_diagnosis={"icd10": icd10, "icdo_morphology": morphology})
    for number, start in enumerate(("03-02 10:00", "03-05 10:00", "03-09 10:00"), 1):
        trial.infusion(start, f"I{number}")
    return trial


def report(trial: Trial, when: str, record_id: str = "RS-1", **tumour: Any) -> None:
    trial.add(when, "disease-status", record_id, {"new_primary": tumour})


def rule(trial: Trial, when: str, answer: str, record: str = REPORT) -> None:
    trial.adjudicate(when, "neoplasm", answer, record)


@pytest.mark.parametrize(
    ("diagnosed", "counted"),
    [
        ("2028-03-09", "yes"),
        ("2028-03-10", "no"),
        ("2028-03", {"yes", "no"}),
        ("2026-03-02", "yes"),
        ("2026-03-01", "no"),
    ],
)
def test_ec_132_two_years_count_to_their_last_day(diagnosed: str, counted: Any) -> None:
    trial = f1_with("C91.0", "9811/3")
    report(trial, "2028-04-12 20:00", icd10="C44.5", diagnosed_at=diagnosed)
    assert trial.state("NEO-01", REPORT) == "firing"
    undecided = "no" if counted == "no" else {"yes", "no"}
    assert trial.field("neoplasm", "counted", REPORT) == undecided, "not yet adjudicated"
    rule(trial, "2028-05-20 10:00", "CONFIRMED_NEW_PRIMARY")
    assert trial.field("neoplasm", "counted", REPORT) == counted
    assert trial.state("NEO-01", REPORT) == "firing"


@pytest.mark.parametrize("onset", ["2028-03-09", "2028-03-10", "2033-01-10"])
def test_ec_132_the_clock_runs_unless_both_deny(onset: str) -> None:
    trial = f1_with("C91.0", "9811/3")
    tumour: dict[str, Any] = {"term_verbatim": "melanoma", "term": None, "grade": 3}
    trial.adverse_event(f"{onset} 20:00", "AE-1", onset=onset, **tumour)
    trial.adverse_event(f"{onset} 21:00", "AE-2", onset=onset, **tumour, **DENIED)
    assert trial.state("NEO-01", "adverse-event/AE-2") == "firing"
    assert trial.duties("AE-1")["CN-CDE/initial-15"][0] == "open"
    assert trial.duties("AE-2") == {}


def test_ec_134_a_myelodysplastic_syndrome_after_a_lymphoma() -> None:
    trial = f1_with("C83.3", "9680/3")
    report(
        trial,
        "2027-05-06 20:00",
        icd10="D46.9",
        icdo_topography="C42.1",
        icdo_morphology="9920/3",
        diagnosed_at="2027-05-04",
    )
    trial.adverse_event("2027-05-06 21:00", term="Myelodysplastic syndrome", grade=4)
    assert trial.state("NEO-01", REPORT) == "firing"
    assert trial.state("NEO-01", "adverse-event/AE-1") == "firing"
    assert trial.ae("serious") == "yes", "by its nature, though the site says N"
    assert trial.state("SAE-01") == "firing"
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "27-05-13")}, "grade 4, no criterion"


def test_ec_135_another_lineage_with_the_same_rearrangement_is_adjudicated() -> None:
    trial = f1_with("C91.0", "9811/3")
    report(
        trial,
        "2027-01-06 20:00",
        icd10="C92.0",
        icdo_topography="C42.1",
        icdo_morphology="9897/3",
        diagnosed_at="2027-01-04",
    )
    assert trial.state("NEO-02", REPORT) == "firing"
    assert trial.field("neoplasm", "counted", REPORT) == {"yes", "no"}
    rule(trial, "2027-01-20 10:00", "UNDETERMINED")
    assert trial.state("NEO-02", REPORT) == "firing"
    rule(trial, "2027-01-25 10:00", "RELAPSE")
    assert trial.state("NEO-02", REPORT) == "cleared"
    assert trial.state("NEO-01", REPORT) == "cleared"
    assert trial.field("neoplasm", "counted", REPORT) == "no"


@pytest.mark.parametrize("primary", ["C91.0", "C92.0"])
def test_ec_136_donor_cell_leukaemia_is_a_new_primary(primary: str) -> None:
    trial = f1_with(primary, "9861/3" if primary == "C92.0" else "9811/3")
    report(
        trial,
        "2027-01-06 20:00",
        icd10="C92.0",
        icdo_topography="C42.1",
        icdo_morphology="9861/3",
        diagnosed_at="2027-01-04",
        basis="GENETICS",
    )
    rule(trial, "2027-01-20 10:00", "CONFIRMED_NEW_PRIMARY")
    assert trial.state("NEO-01", REPORT) == "firing", "even of the same codes as the primary"
    assert trial.state("NEO-02", REPORT) in (None, "cleared")
    assert trial.field("neoplasm", "counted", REPORT) == "yes"


def test_ec_136_the_same_leukaemia_again_is_none() -> None:
    trial = f1_with("C92.0", "9861/3")
    report(
        trial,
        "2027-01-06 20:00",
        icd10="C92.0",
        icdo_topography="C42.1",
        icdo_morphology="9861/3",
        diagnosed_at="2027-01-04",
    )
    assert trial.standing("NEO-01", "NEO-02") == set()


@pytest.mark.parametrize(
    "said",
    [
        {"term_verbatim": "colon adenoma", "term": None},
        {"term_verbatim": "colon tumour", "meddra": {"pt_name": "Colon adenoma", "soc_name": SOC}},
    ],
)
def test_ec_138_a_benign_neoplasm_is_recorded_and_not_counted(said: dict[str, Any]) -> None:
    trial = f1_with("C91.0", "9811/3")
    report(trial, "2027-01-06 20:00", icd10="D12.6", diagnosed_at="2027-01-04")
    trial.adverse_event("2027-01-06 21:00", **said)
    assert trial.field("neoplasm", "counted", REPORT) == "no"
    assert trial.ae("serious") == "no"
    assert trial.standing("NEO-01", "NEO-02", "SAE-01", "SAE-04") == set()


def test_ec_138_ruled_benign_it_is_no_longer_counted_or_serious() -> None:
    trial = f1_with("C91.0", "9811/3")
    trial.adverse_event("2027-01-06 21:00", term_verbatim="colon adenoma or cancer", term=None)
    assert trial.field("neoplasm", "counted", "adverse-event/AE-1") == {"yes", "no"}
    rule(trial, "2027-01-20 10:00", "BENIGN", "adverse-event/AE-1")
    assert trial.field("neoplasm", "counted", "adverse-event/AE-1") == "no"
    assert trial.ae("serious") == "no"
    assert trial.state("NEO-01", "adverse-event/AE-1") == "cleared"
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "27-01-21")}
