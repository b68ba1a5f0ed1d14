"""Possible secondary tumours (DOMAIN 6; EC-132, EC-134, EC-135)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, at

_SOC = "Neoplasms benign, malignant and unspecified (incl cysts and polyps)"


def _treated(icd10: str | None = "C91.0", morphology: str | None = "9811/3") -> Trial:
    trial = Trial()
    disease = {"text": "leukaemia", "icd10": icd10, "icdo_morphology": morphology}
    trial.enrolment(primary_diagnosis=disease)
    trial.infusion("03-02 10:00", "I1")
    return trial


def _report(trial: Trial, **tumour: Any) -> None:
    stated = {"icd10": "C92.0", "diagnosed_at": "2026-09-03", **tumour}
    trial.add("09-05 20:00", "disease-status", "RS-1", {"new_primary": stated})


def _of(trial: Trial, name: str) -> Any:
    return trial.field("neoplasm", name, "disease-status/RS-1")


@pytest.mark.parametrize(
    ("topography", "morphology", "lineage"),
    [
        ("C42.1", "9818/3", "agrees"),
        ("C42.1", "9861/3", "conflicting"),
        ("C62.9", "9811/3", "conflicting"),
        ("C44.5", "8090/3", "agrees"),
        (None, "9861/3", "missing"),
        ("C42.1", None, "missing"),
    ],
)
def test_lineage_of_a_marrow_disease(
    topography: str | None, morphology: str | None, lineage: str
) -> None:
    trial = _treated()
    _report(trial, icdo_topography=topography, icdo_morphology=morphology)
    assert _of(trial, "lineage") == lineage


@pytest.mark.parametrize(("icd10", "morphology"), [(None, "9811/3"), ("C91.0", None)])
def test_without_the_primary_disease_there_is_nothing_to_compare(
    icd10: str | None, morphology: str | None
) -> None:
    trial = _treated(icd10, morphology)
    _report(trial, icdo_topography="C42.1", icdo_morphology="9861/3")
    assert _of(trial, "lineage") == "missing"


def test_a_myelodysplastic_syndrome_after_a_lymphoma_is_other_in_both() -> None:
    trial = _treated("C83.3", "9680/3")
    _report(trial, icd10="D46.7", icdo_topography="C42.1", icdo_morphology="9989/3")
    assert (_of(trial, "lineage"), _of(trial, "same_as_primary")) == ("agrees", "no")


@pytest.mark.parametrize(
    ("icd10", "same", "metastasis"),
    [
        ("C91.5", "yes", "no"),
        ("c91", "yes", "no"),
        ("C92.0", "no", "no"),
        (None, {"yes", "no"}, "no"),
        ("C76.0", "no", "no"),
        ("C77.0", "no", "yes"),
        ("C79.9", "no", "yes"),
        ("C80.0", "no", "no"),
    ],
)
def test_codes(icd10: str | None, same: Any, metastasis: str) -> None:
    trial = _treated()
    _report(trial, icd10=icd10)
    assert _of(trial, "same_as_primary") == same
    assert _of(trial, "metastasis_code_only") == metastasis


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2026-01-30", "no"), ("2026-01-31", "yes"), ("2026-01", "yes"), ("2025", "no")],
)
def test_thirty_days_before_the_first_infusion(day: str, inside: str) -> None:
    trial = _treated()
    _report(trial, diagnosed_at=day)
    assert _of(trial, "in_window") == inside


def test_before_any_infusion_nothing_is_secondary_to_it() -> None:
    trial = Trial()
    trial.enrolment()
    _report(trial)
    assert _of(trial, "in_window") == "no"
    assert trial.state("NEO-01", "disease-status/RS-1") is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"term": "Myelodysplastic syndrome"}, True),
        ({"term": "Headache", "term_verbatim": "GLIOMA of the brain"}, True),
        ({"term": "Headache", "term_verbatim": "Tumor pain"}, False),
        ({"term": "Headache", "term_verbatim": "tumor pain, now a new tumour"}, True),
        ({"term": "Headache"}, False),
        ({"term_verbatim": "cancer", "meddra": {"soc_name": "Nervous system disorders"}}, False),
        ({"term_verbatim": "lump", "meddra": {"pt_name": "Lipoma", "soc_name": _SOC}}, False),
        ({"term_verbatim": "lump", "meddra": {"pt_name": "Ganglioma", "soc_name": _SOC}}, True),
        ({"term_verbatim": "lump", "meddra": {"pt_name": "Ganglioma", "soc": 10029104}}, True),
        ({"term_verbatim": "cancer", "meddra": {"soc": 10029205}}, False),
        ({"term_verbatim": "cancer", "meddra": {"version": "27.0"}}, True),
    ],
)
def test_which_adverse_events_speak_of_one(said: dict[str, Any], found: bool) -> None:
    trial = _treated()
    trial.adverse_event("06-05 20:00", **{"term": "Headache"} | said)
    assert (trial.fact("neoplasm", "adverse-event/AE-1") is not None) == found


def test_a_disease_status_without_a_new_primary_speaks_of_none() -> None:
    trial = _treated()
    trial.add("09-05 20:00", "disease-status", "RS-1", {"status": "RELAPSE"})
    assert trial.fact("neoplasm", "disease-status/RS-1") is None


def test_the_thirty_days_begin_when_the_day_of_the_first_receipt_is_over() -> None:
    trial = _treated()
    said = {"term": "Myelodysplastic syndrome", "received": "06-04 23:59"}
    trial.adverse_event("06-05 20:00", onset="2026-06-01", **said)
    trial.follow_up("06-09 20:00", grade=3)
    begin = trial.field("neoplasm", "since_day_of_receipt", "adverse-event/AE-1")
    assert begin == at("06-05 00:00")


@pytest.mark.parametrize(
    ("answer", "first", "second"),
    [
        ("RELAPSE", "cleared", "cleared"),
        ("PRE_EXISTING", "cleared", "cleared"),
        ("BENIGN", "cleared", "cleared"),
        ("CONFIRMED_NEW_PRIMARY", "firing", "cleared"),
        ("UNDETERMINED", "firing", "firing"),
    ],
)
def test_what_each_answer_ends(answer: str, first: str, second: str) -> None:
    trial = _treated()
    _report(trial)
    trial.adjudicate("09-20 10:00", "neoplasm", answer, "disease-status/RS-1")
    assert trial.state("NEO-01", "disease-status/RS-1") == first
    assert trial.state("NEO-02", "disease-status/RS-1") == second


def test_the_alert_shows_what_its_case_owes() -> None:
    trial = _treated()
    trial.adverse_event("06-05 20:00", term="Myelodysplastic syndrome", grade=3)
    assert trial.due("NEO-01", "adverse-event/AE-1") == trial.due("SAE-01") != {}
