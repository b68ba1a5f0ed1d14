"""Records that may tell of one thing (DQ-06; EC-069, EC-070)."""

from typing import Any

import pytest

from tests.facts.kit import Trial, f1


def _two(first: dict[str, Any], other: dict[str, Any]) -> Trial:
    trial = f1(infusions=2)
    trial.adverse_event("03-07 12:00", "AE-1", **{"term": "Headache"} | first)
    trial.adverse_event("03-07 13:00", "AE-2", **{"term": "Headache"} | other)
    return trial


def _of(trial: Trial, name: str, kind: str = "adverse-event/AE") -> Any:
    pair = (f"{kind}-1", f"{kind}-2")
    found = trial.fact("duplicate pair", *pair)
    return None if found is None else trial.field("duplicate pair", name, *pair)


@pytest.mark.parametrize(
    ("first", "other", "close"),
    [
        ("2026-03-05", "2026-03-06", "yes"),
        ("2026-03-06", "2026-03-05", "yes"),
        ("2026-03-05T00:01", "2026-03-06T23:59", "yes"),
        ("2026-03-04", "2026-03-06", None),
        ("2026-03-04T23:59", "2026-03-06T00:01", None),
        ("2026-03", "2026-03-06", {"yes", "no"}),
        (None, "2026-03-06", {"yes", "no"}),
        (None, None, {"yes", "no"}),
    ],
)
def test_onset_at_most_a_day_apart(first: str | None, other: str | None, close: Any) -> None:
    assert _of(_two({"onset": first}, {"onset": other}), "same_term_within_a_day") == close


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"term": "HEADACHE"}, True),
        ({"term": "Nausea"}, False),
        ({"term": "Nausea", "meddra": {"pt_name": "Headache"}}, True),
        ({"term": None}, False),
    ],
)
def test_one_term_by_any_coding(other: dict[str, Any], found: bool) -> None:
    assert (_of(_two({}, other), "sources_differ") is not None) == found


@pytest.mark.parametrize(("source", "state"), [("edc", None), ("safety desk", "firing")])
def test_two_of_one_source_are_two(source: str, state: str | None) -> None:
    trial = f1(infusions=1)
    data = {"term": "Headache", "onset": "2026-03-05", "grade": 2, "serious": "N"}
    trial.add("03-07 12:00", "adverse-event", "AE-1", data)
    trial.add("03-07 13:00", "adverse-event", "AE-2", data, source=source)
    about = ("adverse-event/AE-1", "adverse-event/AE-2")
    assert trial.state("DQ-06", *about) == state


@pytest.mark.parametrize(
    ("first", "other", "found"),
    [
        ({}, {}, "yes"),
        ({"infusion_ref": "I1"}, {}, "yes"),
        ({"infusion_ref": "I1"}, {"infusion_ref": "I1"}, "yes"),
        ({"infusion_ref": "I1"}, {"infusion_ref": "I2"}, None),
        ({"onset": "2026-03-04"}, {"onset": "2026-03-06"}, None),
    ],
)
def test_infusion_reaction_and_allergic_reaction_of_one_infusion(
    first: dict[str, Any], other: dict[str, Any], found: str | None
) -> None:
    terms: tuple[dict[str, Any], ...] = (
        {"term": "Infusion related reaction", "onset": "2026-03-05"},
        {"term": "Allergic reaction", "onset": "2026-03-06"},
    )
    trial = _two(terms[0] | first, terms[1] | other)
    assert _of(trial, "infusion_and_allergic_reaction") == found


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, "no"),
        ({"grade": None}, "no"),
        ({"narrative": "another wording"}, "no"),
        ({"grade": 3}, "yes"),
        ({"outcome": "RECOVERED/RESOLVED"}, "yes"),
        ({"term": "Nausea"}, "yes"),
        ({"onset": "2026-03-06"}, "yes"),
    ],
)
def test_contents_under_one_worldwide_id(other: dict[str, Any], differs: str) -> None:
    trial = _two({"onset": "2026-03-05"}, {"onset": "2026-03-05"} | other)
    trial.case("03-08 10:00", "C-1", "AE-1", worldwide_id="CN-A-1", safety_report_id="CN-A-1")
    trial.case("03-08 11:00", "C-2", "AE-2", worldwide_id="CN-A-1", safety_report_id="CN-A-2")
    assert _of(trial, "same_worldwide_id", "case/C") == "yes"
    assert _of(trial, "content_differs", "case/C") == differs


def test_contents_come_to_differ_by_a_later_version_of_an_event() -> None:
    trial = _two({"onset": "2026-03-05"}, {"onset": "2026-03-05"})
    for number in (1, 2):
        trial.case(f"03-08 1{number}:00", f"C-{number}", f"AE-{number}", worldwide_id="CN-A-1")
    assert trial.state("DQ-06", "case/C-1", "case/C-2") is None
    trial.follow_up("03-09 10:00", "AE-2", grade=4)
    assert trial.state("DQ-06", "case/C-1", "case/C-2") == "firing"


def test_an_event_more_is_another_content() -> None:
    trial = _two({}, {"term": "Nausea"})
    trial.case("03-08 10:00", "C-1", "AE-1", worldwide_id="CN-A-1")
    trial.case("03-08 11:00", "C-2", "AE-1", "AE-2", worldwide_id="CN-A-1")
    assert _of(trial, "content_differs", "case/C") == "yes"


@pytest.mark.parametrize(("ids", "found"), [(["H-2", "H-3"], "yes"), (["H-3"], None), ([], None)])
def test_one_other_id_on_two_cases(ids: list[str], found: str | None) -> None:
    trial = _two({}, {"term": "Nausea"})
    trial.case("03-08 10:00", "C-1", "AE-1", other_ids=["H-1", "H-2"])
    trial.case("03-08 11:00", "C-2", "AE-2", other_ids=ids)
    assert _of(trial, "same_other_id", "case/C") == found
