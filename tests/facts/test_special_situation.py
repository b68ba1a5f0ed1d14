"""Overdose, medication error, pregnancy (SAE-13; EU CTR Annex III par. 2; EC-025)."""

from typing import Any

import pytest

from tests.facts.kit import Trial


def _given(**data: Any) -> Trial:
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1", **data)
    return trial


def _of(trial: Trial, name: str) -> Any:
    return trial.field("special situation", name, "infusion/I1")


@pytest.mark.parametrize(
    ("cells", "weight", "recorded", "percent"),
    [
        ("6.6e7", "60", "2.0e6", 110),
        ("6.6e7", None, "2.0e6", 200),
        (None, "60", "1.1e6", 110),
        ("<6.6e7", "60", "1.0e6", 100),
        (None, None, None, None),
    ],
)
def test_cells_by_weight_where_both_are_known_else_as_recorded(
    cells: str | None, weight: str | None, recorded: str | None, percent: int | None
) -> None:
    trial = _given(
        dose_cells_per_kg_planned="1.0e6",
        total_viable_cells=cells,
        weight_kg=weight,
        dose_cells_per_kg_actual=recorded,
    )
    assert _of(trial, "dose_known") == ("no" if percent is None else "yes")
    assert _of(trial, "dose_percent_of_planned") == ((None, None) if percent is None else percent)


def test_without_a_planned_dose_the_share_is_not_known() -> None:
    assert _of(_given(dose_cells_per_kg_actual="9.0e6"), "dose_known") == "no"


@pytest.mark.parametrize(
    ("data", "field", "answer"),
    [
        ({"product_id": "uc-msc"}, "product_as_planned", "yes"),
        ({"product_id": "BM-MSC"}, "product_as_planned", "no"),
        ({"product_id": None}, "product_as_planned", "yes"),
        ({"dose_level_actual": "DL2"}, "level_as_assigned", "no"),
        ({"dose_level_actual": "DL1"}, "level_as_assigned", "yes"),
        (
            {"dose_level_actual": "DL2", "dose_level_assigned": "DL2"},
            "level_as_assigned",
            "yes",
        ),
        ({"route": "INTRAVENOUS"}, "route_as_planned", "yes"),
        ({"route": "INTRATHECAL"}, "route_as_planned", "no"),
        ({}, "route_as_planned", "yes"),
    ],
)
def test_what_is_stated_can_be_an_error(data: dict[str, Any], field: str, answer: str) -> None:
    assert _of(_given(**data), field) == answer


def test_in_plain_words() -> None:
    trial = _given(
        product_id="BM-MSC",
        dose_cells_per_kg_planned="1.0e6",
        dose_cells_per_kg_actual="1.1015e6",
    )
    assert _of(trial, "situation") == "another product, 110.2 % of the planned dose"


def test_an_infusion_that_was_not_given_is_no_situation() -> None:
    assert _given(status="NOT_DONE", product_id="BM-MSC").fact(
        "special situation", "infusion/I1"
    ) is None  # fmt: skip


@pytest.mark.parametrize(("who", "words"), [("SUBJECT", "pregnancy"), ("PARTNER", "partner")])
def test_a_pregnancy_is_one_whoever_bears_it(who: str, words: str) -> None:
    trial = _given()
    trial.add("06-02 10:00", "pregnancy", "PR-1", {"who": who})
    assert trial.field("special situation", "pregnancy", "pregnancy/PR-1") == "yes"
    assert words in trial.field("special situation", "situation", "pregnancy/PR-1")
    trial.void("06-03 10:00", "PR-1", "pregnancy")
    assert trial.state("SAE-13", "pregnancy/PR-1") == "withdrawn"
