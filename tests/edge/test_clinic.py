"""Edge cases of infusion reactions and response, with their neighbours."""

from typing import Any

import pytest

from tests.facts.kit import Trial

RELATED: dict[str, Any] = {"investigator": "POSSIBLE"}


def infused() -> Trial:
    """One infusion on 2 March, 10:00 to 10:40."""
    trial = Trial()
    trial.enrolment()
    trial.infusion("03-02 10:00", "I1")
    return trial


def signs(trial: Trial, when: str, record_id: str, **read: Any) -> None:
    """Vital signs read and entered at once; ``temperature`` in Cel, else by their field."""
    data = dict(read)
    if "temperature" in data:
        data["temperature"] = {"value": data["temperature"], "unit": "Cel", "route": "AXILLARY"}
    trial.add(when, "vital-signs", record_id, {"at": f"2026-{when.replace(' ', 'T')}", **data})


@pytest.mark.parametrize(("after", "state"), [("38.2", None), ("38.5", None), ("38.6", "firing")])
def test_ec_126_a_fever_needs_a_rise_of_one_degree(after: str, state: str | None) -> None:
    trial = infused()
    signs(trial, "03-02 09:45", "VS-1", temperature="37.6")
    signs(trial, "03-02 12:00", "VS-2", temperature=after)
    assert trial.state("IRR-02", "I1") == state


@pytest.mark.parametrize(
    ("lowest", "priority"),
    [("95", "medium"), ("101", None), ("100", "medium"), ("78", "high"), ("80", "high")],
)
def test_ec_128_systolic_pressure_from_130(lowest: str, priority: str | None) -> None:
    trial = infused()
    signs(trial, "03-02 09:45", "VS-1", systolic_mmHg="130")
    signs(trial, "03-02 11:10", "VS-2", systolic_mmHg=lowest)
    if priority is None:
        assert trial.state("IRR-03", "I1") is None
    else:
        assert trial.alert("IRR-03", "I1").priority == priority


@pytest.mark.parametrize(
    ("onset", "acute", "delayed"),
    [
        ("2026-03-03T10:40", "firing", None),
        ("2026-03-03T10:45", None, "firing"),
        ("2026-03-02T09:59", None, None),
        ("2026-03-16T23:59", None, "firing"),
        ("2026-03-17T00:01", None, None),
    ],
)
def test_ec_129_a_rash_after_24_hours_is_delayed(
    onset: str, acute: str | None, delayed: str | None
) -> None:
    trial = infused()
    trial.adverse_event("03-18 20:00", onset=onset, grade=2, **RELATED)
    assert (trial.state("IRR-01", "I1"), trial.state("IRR-08", "AE-1")) == (acute, delayed)


def assessed(trial: Trial, when: str, record_id: str, status: str, day: str) -> None:
    data = {"assessed_at": f"2026-{day}", "status": status}
    trial.add(when, "disease-status", record_id, data)


def test_a_remission_after_28_days_is_one_by_the_landmark() -> None:
    trial = infused()
    assessed(trial, "03-22 10:00", "RS-1", "CR", "03-21")
    trial.wait("06-01 10:00")
    assert trial.state("EFF-01", trial.subject) is None
    assert trial.field("response", "remission_by_landmark", trial.subject) == "yes"


def test_enrolled_in_remission_only_relapse_is_told() -> None:
    trial = Trial()
    trial.enrolment(in_cr_at_entry=True)
    trial.infusion("03-02 10:00", "I1")
    assessed(trial, "03-22 10:00", "RS-1", "PR", "03-21")
    trial.wait("06-01 10:00")
    assert trial.state("EFF-01", trial.subject) is None
    assessed(trial, "06-02 10:00", "RS-2", "RELAPSE", "06-01")
    assert trial.state("EFF-01", trial.subject) == "firing"


@pytest.mark.parametrize(("until", "state"), [("04-21 23:59", None), ("04-22 00:00", "firing")])
def test_never_in_remission_fails_at_the_landmark(until: str, state: str | None) -> None:
    trial = Trial()
    trial.enrolment(in_cr_at_entry=False)
    trial.infusion("03-02 10:00", "I1")
    assessed(trial, "03-22 10:00", "RS-1", "NR/REFRACTORY", "03-21")
    trial.wait(until)
    assert trial.state("EFF-01", trial.subject) == state
