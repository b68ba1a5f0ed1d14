"""The simulated trial as its readers meet it: same bytes, readable events, a truth in order."""

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from signals.events import Record, read_event
from signals.simulate import Trial, simulate
from signals.simulate.tape import line

ZONE = ZoneInfo("Asia/Shanghai")
# The keys of `about`, as the rule catalogue names them in its column "identity".
IDENTITY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        [
            "DLT-01",
            "DLT-02",
            "DLT-03",
            "SAE-01",
            "SAE-02",
            "IRR-08",
            "IRR-10",
            "BLD-01",
            "DQ-01",
            "DQ-02",
        ],
        ("subject", "adverse event"),
    ),
    **dict.fromkeys(
        ["SAE-03", "SAE-04", "SAE-07", "SAE-08", "SAE-09", "SAE-10", "SAE-11"], ("subject", "case")
    ),
    **dict.fromkeys(
        ["IRR-01", "IRR-02", "IRR-03", "IRR-04", "IRR-05", "IRR-06", "IRR-07"],
        ("subject", "infusion"),
    ),
    **dict.fromkeys(
        ["LAB-02", "LAB-03", "LAB-04", "LAB-05", "LAB-06", "LAB-07", "SAE-12", "EFF-01"],
        ("subject",),
    ),
    **dict.fromkeys(("LAB-01", "LAB-08"), ("subject", "analyte", "direction")),
    **dict.fromkeys(["INF-01", "NEO-01", "NEO-02", "SAE-13", "DQ-05"], ("subject", "record")),
    **dict.fromkeys(("SAE-05", "SAE-06"), ("obligation",)),
    **dict.fromkeys(("DLT-05", "DLT-06", "DLT-07", "MTD-02"), ("dose level",)),
    **dict.fromkeys(("DLT-08", "AGG-03"), ("endpoint",)),
    **dict.fromkeys(("IRR-09", "DQ-07"), ("source", "id")),
    "DLT-04": ("subject", "decision", "profile"),
    "DQ-03": ("subject", "planned visit"),
    "DQ-04": ("subject", "record", "check"),
    "DQ-06": ("subject", "record", "other record"),
    "AGG-01": ("site",),
    "AGG-02": ("preferred term",),
    "MTD-01": (),
}


def events(trial: Trial) -> list[dict[str, Any]]:
    return [event for _, event in trial.tape.arrived()]


def records(trial: Trial) -> list[Record]:
    read = [read_event(line(each), zone=ZONE) for each in events(trial)]
    assert all(isinstance(each, Record) for each in read)
    return [each for each in read if isinstance(each, Record)]


def text_of(trial: Trial) -> str:
    findings = (line(each.to_json()) for each in trial.truth.findings())
    return "".join(line(each) for each in events(trial)) + "".join(findings)


def test_same_seed_same_bytes_another_seed_another_trial(short_trial: Trial) -> None:
    assert text_of(simulate(7, short=True)) == text_of(short_trial)
    assert text_of(simulate(8, short=True)) != text_of(short_trial)


def test_short_trial_has_twelve_subjects_at_three_sites(short_trial: Trial) -> None:
    sites = Counter(each.entry.site for each in short_trial.scripts)
    assert sites == {"WHC": 4, "WUH": 4, "TJH": 4}
    assert 5_000 <= len(events(short_trial)) <= 7_500


@pytest.mark.ci
def test_full_trial_has_181_subjects_and_a_quarter_of_a_million_events(full_trial: Trial) -> None:
    assert len(full_trial.scripts) == 181
    assert 230_000 <= len(events(full_trial)) <= 270_000


def test_every_event_is_read_and_problems_stand_only_where_they_are_planted(
    short_trial: Trial,
) -> None:
    found = {
        (each.record_id, problem.pointer)
        for each in records(short_trial)
        for problem in each.problems
    }
    assert Counter(pointer for _, pointer in found) == {
        "/data/onset": 2,
        "/data/grade": 1,
        "/data/causalty": 1,
    }
    planted = {
        str(each.about["record"]).partition("/")[2]
        for each in short_trial.truth.findings()
        if each.about.get("check")
        in ("invalid-date", "onset-after-report", "unreadable-field", "unknown-key")
    }
    assert {record_id for record_id, _ in found} <= planted


def test_events_stand_by_arrival_and_none_after_the_cut(short_trial: Trial) -> None:
    arrivals = [datetime.fromisoformat(each["recorded_at"]) for each in events(short_trial)]
    assert arrivals == sorted(arrivals)
    assert arrivals[-1] <= short_trial.plan.cut


def test_disturbances_are_there(full_trial: Trial) -> None:
    sent = events(full_trial)
    ids = Counter(each["event_id"] for each in sent)
    bytes_ = Counter(line(each) for each in sent)
    assert any(count > 1 for count in bytes_.values()), "messages sent twice"
    assert len(ids) < len(bytes_), "another content under an id already taken"
    assert any(each["op"] == "VOID" for each in sent)
    assert any("moved_from" in each for each in sent)
    reasons = {each["change_reason"] for each in sent}
    assert {"NEW", "CORRECTION", "PROGRESSION", "FOLLOW_UP", "ENTERED_IN_ERROR"} <= reasons
    versions = [
        (each["record_id"], each["subject_id"], each["version"])
        for each in sent
        if each["schema"] == "adverse-event/1"
    ]
    places = {key: place for place, key in enumerate(versions)}
    late = [
        key
        for key in places
        if places.get((*key[:2], key[2] + 1), place_after(places)) < places[key]
    ]
    assert late, "an older version that arrives after a newer one"
    units = {each["data"].get("unit_raw") for each in sent if each["data"].get("test") == "CREAT"}
    assert {"umol/L", "mg/dL", None} <= units


def place_after(places: dict[tuple[str, str, int], int]) -> int:
    return len(places) + 1


@pytest.mark.parametrize("size", ["short_trial", "full_trial"])
def test_findings_are_well_formed(size: str, request: pytest.FixtureRequest) -> None:
    trial: Trial = request.getfixturevalue(size)
    for each in trial.truth.findings():
        assert tuple(each.about) == IDENTITY[each.rule], each
        assert each.since <= trial.plan.cut
        assert each.until is None or each.until > each.since
        assert each.why
        assert each.kind in ("planted", "background")


def test_short_and_full_plant_the_same_rules(short_trial: Trial, full_trial: Trial) -> None:
    short, full = (
        {each.rule for each in trial.truth.findings() if each.kind == "planted"}
        for trial in (short_trial, full_trial)
    )
    # Two reactions to one lot need more subjects than the short trial has, but a positive culture
    # alone makes a cluster of the lot, so that no rule is missing.
    assert short == full


def test_findings_name_records_that_were_sent(full_trial: Trial) -> None:
    sent = {(each["subject_id"], each["record_id"]) for each in events(full_trial)}
    sent |= {(subject, "DEATH-NOS") for subject, _ in sent}
    for each in full_trial.truth.findings():
        for key in ("adverse event", "case", "infusion"):
            if key in each.about:
                assert (each.about["subject"], each.about[key]) in sent, each
