"""Seriousness and gravity (ICH E2A II.B; DOMAIN 4.1), path by path."""

from typing import Any

import pytest

from tests.facts.kit import BLANK, criteria, f1

CRITERIA = list(BLANK)


@pytest.mark.parametrize(
    ("said", "serious"),
    [
        ({}, "no"),
        ({"serious": "Y"}, "yes"),
        *(({"criteria": criteria(**{name: "Y"})}, "yes") for name in CRITERIA),
        ({"grade": 4}, "no"),
        ({"grade": 5}, "yes"),
        ({"outcome": "FATAL"}, "yes"),
        ({"outcome": "RECOVERED/RESOLVED WITH SEQUELAE"}, "no"),
        ({"term": "Myelodysplastic syndrome"}, "yes"),
        ({"term_verbatim": "suspected lymphoma"}, "yes"),
        ({"term": "Tumor pain"}, "no"),
        # Missing or unreadable seriousness is taken for yes, unless all six are denied.
        ({"serious": None, "criteria": BLANK}, "yes"),
        ({"serious": "maybe", "criteria": BLANK}, "yes"),
        ({"serious": None, "criteria": criteria(disability=None)}, "yes"),
        ({"serious": None, "criteria": criteria()}, "no"),
        ({"serious": "N", "criteria": BLANK}, "no"),
    ],
)
def test_each_path_to_serious(said: dict[str, Any], serious: str) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **said)
    assert trial.ae("serious") == serious
    assert (trial.state("SAE-01") == "firing") == (serious == "yes")
    assert bool(trial.assumed("adverse event", "serious", "AE-1")) == (
        said.get("serious", "N") in (None, "maybe") and serious == "yes"
    )


@pytest.mark.parametrize("answer", ["BENIGN", "PRE_EXISTING", "RELAPSE"])
def test_an_adjudicated_tumour_is_not_serious_by_its_name(answer: str) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", term="Myelodysplastic syndrome")
    trial.adjudicate("03-12 09:00", "neoplasm", answer)
    assert trial.ae("serious") == "no"
    assert trial.state("SAE-01") == "withdrawal_pending"
    assert trial.duties() == {"CN-CDE/initial-15": ("end proposed", "26-03-25")}


@pytest.mark.parametrize("answer", ["CONFIRMED_NEW_PRIMARY", "UNDETERMINED"])
def test_a_tumour_not_adjudicated_away_stays_serious(answer: str) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", term="Myelodysplastic syndrome")
    trial.adjudicate("03-12 09:00", "neoplasm", answer)
    assert trial.ae("serious") == "yes"


def test_a_ruling_holds_until_something_significant_changes() -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", term="Myelodysplastic syndrome", narrative="one")
    trial.adjudicate("03-12 09:00", "neoplasm", "BENIGN")
    trial.follow_up("03-13 09:00", narrative="two")
    assert trial.ae("serious") == "no"
    trial.follow_up("03-14 09:00", investigator="POSSIBLE")
    assert trial.ae("serious") == "yes"


@pytest.mark.parametrize(
    ("said", "fatal", "life_threatening", "assumed"),
    [
        ({"criteria": criteria(hospitalization="Y")}, "no", "no", False),
        ({"criteria": criteria(life_threatening="Y")}, "no", "yes", False),
        ({"criteria": criteria(death="Y")}, "yes", "no", False),
        ({"grade": 5}, "yes", "no", False),
        ({"outcome": "FATAL"}, "yes", "no", False),
        # No criterion at all.
        ({"serious": "Y", "criteria": BLANK, "grade": 3}, "no", "no", False),
        ({"serious": "Y", "criteria": BLANK, "grade": 4}, "no", "yes", True),
        ({"serious": "Y", "criteria": BLANK, "grade": None}, "no", "yes", True),
        ({"serious": None, "criteria": BLANK, "grade": None}, "no", "yes", True),
        # A laboratory term too, for nothing says why it is serious.
        (
            {"serious": "Y", "criteria": BLANK, "grade": 4, "term": "Platelet count decreased"},
            "no",
            "yes",
            True,
        ),
        # Clinical grade 4 with the criterion left blank.
        ({"grade": 4, "criteria": {**BLANK, "hospitalization": "Y"}}, "no", "yes", True),
        ({"grade": 3, "criteria": {**BLANK, "hospitalization": "Y"}}, "no", "no", False),
        (
            {
                "grade": 4,
                "criteria": {**BLANK, "hospitalization": "Y"},
                "term": "Platelet count decreased",
            },
            "no",
            "no",
            False,
        ),
        ({"grade": 4, "criteria": criteria(hospitalization="Y")}, "no", "no", False),
        # Severity is not seriousness.
        ({"grade": 4, "criteria": BLANK}, "no", "no", False),
    ],
)
def test_gravity(said: dict[str, Any], fatal: str, life_threatening: str, assumed: bool) -> None:
    trial = f1()
    trial.adverse_event("03-10 09:00", **said)
    assert trial.ae("fatal") == fatal
    assert trial.ae("life_threatening") == life_threatening
    assert ("assumed" in trial.assumed("adverse event", "life_threatening", "AE-1")) == assumed
    if trial.ae("serious") == "yes":
        grave = "7" if "yes" in (fatal, life_threatening) else "15"
        assert list(trial.duties()) == [f"CN-CDE/initial-{grave}"]
