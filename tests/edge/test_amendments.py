"""Edge cases, area amend, with their neighbours; and what dlt cases say of one event."""

from typing import Any

import pytest

from signals.book.fold import Fold, pack_of
from signals.rulebook.pack import Pack
from signals.runtime.backtest import differences, told
from signals.runtime.play import steps
from tests.edge.kit import SUSPECTED
from tests.facts.dose import Level
from tests.facts.kit import Trial, criteria, f1, without_matcher


def test_ec_026_a_corrected_grade_applies_from_the_onset() -> None:
    trial = f1()
    trial.adverse_event("03-10 18:00", grade=2, **SUSPECTED)
    assert trial.state("DLT-01") == "firing"
    assert trial.state("DLT-02") is None
    trial.correct("04-01 09:00", grade=3)
    assert trial.state("DLT-01") == "firing"
    assert trial.story("DLT-02") == ["04-01 09:00 firing"]
    assert trial.alert("DLT-02").late
    assert trial.ae("grade_in_dlt_window") == 3


def test_ec_026_a_decision_on_the_old_grade_is_asked_about_for_its_profile() -> None:
    trial = Trial()
    level = Level(trial)
    subject, *_ = new = level.treat(3)
    level.observe(*new)
    level.toxic(subject)
    assert (level.field("x_registered"), level.field("x_g3")) == (1, 0)
    level.decide("03-10 10:00", "EXPAND", 3, 1)
    (decision,) = trial.monitor.chart.view.of_study("decision")
    with trial.of(subject):
        trial.correct("04-01 09:00", grade=3)
    assert (level.field("x_registered"), level.field("x_g3")) == (1, 1)
    assert trial.state("DLT-04", subject, decision.record_id, "G3") == "firing"
    assert trial.state("DLT-04", subject, decision.record_id, "REGISTERED") is None


def test_ec_026_a_progression_behind_the_window_is_no_grade_in_it() -> None:
    trial = f1()
    trial.adverse_event("03-10 18:00", grade=2, **SUSPECTED)
    trial.progress("04-01 09:00", "2026-03-20", grade=3)
    assert trial.state("DLT-02") is None
    assert trial.ae("grade_in_dlt_window") == 2
    assert trial.ae("worst_grade") == 3


@pytest.mark.parametrize("progressed", ["progression", "history"])
def test_ec_028_an_old_event_counts_from_its_worsening(progressed: str) -> None:
    trial = f1()
    trial.adverse_event("02-25 18:00", grade=1, investigator="UNRELATED")
    if progressed == "progression":
        trial.progress("03-04 18:00", "2026-03-04", grade=3, **SUSPECTED)
    else:
        grades = [{"grade": 1, "from": "2026-02-25"}, {"grade": 3, "from": "2026-03-04"}]
        trial.follow_up("03-04 18:00", grade=3, grade_history=grades, **SUSPECTED)
    assert str(trial.ae("onset_effective")) == "2026-03-04"
    assert trial.state("DLT-01") == "firing"
    assert trial.state("DLT-02") == "firing"


def test_ec_028_never_worse_is_no_dlt() -> None:
    trial = f1()
    trial.adverse_event("02-25 18:00", grade=1, **SUSPECTED)
    trial.progress("03-04 18:00", "2026-03-04", grade=1)
    assert trial.ae("treatment_emergent") == "no"
    assert {trial.state(rule) for rule in ("DLT-01", "DLT-02", "DLT-03")} == {None}
    assert trial.checks("adverse-event/AE-1") == {"related-before-infusion"}


def test_ec_030_a_late_opinion_makes_a_dlt() -> None:
    trial = f1()
    trial.adverse_event("03-06 18:00", investigator="UNRELATED")
    assert trial.state("DLT-01") is None
    trial.follow_up("04-20 10:00", **SUSPECTED)
    assert trial.story("DLT-01") == ["04-20 10:00 firing"]
    assert trial.alert("DLT-01").late


def test_ec_030_the_level_is_counted_anew_and_the_decision_asked_about() -> None:
    trial = Trial()
    level = Level(trial)
    late, *_ = new = level.treat(3)
    level.observe(*new)
    level.toxic(late, investigator="UNRELATED", sponsor="UNRELATED")
    assert level.figures == (3, 0)
    level.decide("03-10 10:00", "ESCALATE", 3, 0)
    (decision,) = trial.monitor.chart.view.of_study("decision")
    assert trial.state("DLT-04", late, decision.record_id, "REGISTERED") is None
    with trial.of(late):
        trial.follow_up("04-20 10:00", **SUSPECTED)
    assert level.figures == (3, 1)
    assert trial.state("DLT-04", late, decision.record_id, "REGISTERED") == "firing"
    alert = trial.alert("DLT-04", late, decision.record_id, "REGISTERED")
    assert "now evaluable dlt (1 of 3)" in alert.headline


def test_ec_031_a_dlt_goes_when_both_parties_deny_it_and_the_monitor_signs() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", **SUSPECTED)
    trial.correct("03-20 10:00", investigator="UNRELATED", sponsor="UNRELATED")
    assert trial.state("DLT-01") == "withdrawal_pending"
    trial.sign_withdrawal("03-21 10:00", "DLT-01")
    assert trial.story("DLT-01") == [
        "03-06 18:00 firing",
        "03-20 10:00 withdrawal_pending",
        "03-21 10:00 withdrawn",
    ]


def test_ec_031_a_refusal_upholds_it() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", **SUSPECTED)
    trial.follow_up("03-20 10:00", investigator="UNRELATED", sponsor="UNRELATED")
    trial.sign_withdrawal("03-21 10:00", "DLT-01", action="REFUSE_WITHDRAWAL")
    assert trial.state("DLT-01") == "firing"


def test_ec_033_the_sponsor_may_not_downgrade() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", investigator="POSSIBLE", sponsor="UNRELATED")
    assert trial.ae("causality") == "related"
    assert trial.ae("causality_investigator") == "related"
    assert trial.ae("causality_sponsor") == "not related"
    assert trial.state("DLT-01") == "firing"


def test_ec_034_missing_causality_is_undetermined_and_assumed_for_the_clock() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", serious="Y", criteria=criteria(hospitalization="Y"))
    assert trial.state("DLT-01") is None
    assert trial.state("DLT-03") == "firing"
    assert trial.state("SAE-04") == "firing"
    assert trial.field("case", "causality_expedited", "AE-1") == "assumed related"
    assert trial.duties() == {"CN-CDE/initial-15": ("open", "26-03-21")}


def test_ec_036_the_same_event_twice_is_one_record_and_one_alert() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", **SUSPECTED)
    before = len(trial.published)
    record = trial.journal[-1][0]
    trial.take(record.arrived(record.arrival.replace(hour=20)))
    assert len(trial.published) == before
    assert trial.alert("DLT-01").revision == 1


def test_ec_039_two_events_of_one_subject_are_two_alerts() -> None:
    # That x counts the subject once belongs to the dose-finding issue.
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", "AE-1", **SUSPECTED)
    trial.adverse_event("03-07 18:00", "AE-2", **SUSPECTED)
    assert (trial.state("DLT-01", "AE-1"), trial.state("DLT-01", "AE-2")) == ("firing", "firing")


def test_ec_041_a_death_of_leukaemia_runs_no_clock_once_both_have_said_so() -> None:
    trial = f1(infusions=2)
    trial.adverse_event(
        "03-08 18:00",
        term="Disease progression",
        grade=5,
        outcome="FATAL",
        serious="Y",
        criteria=criteria(death="Y"),
        investigator="UNRELATED",
        sponsor="UNRELATED",
    )
    assert trial.state("SAE-12") == "firing"
    assert trial.state("SAE-01") == "firing"
    assert trial.duties() == {}
    assert trial.standing("SAE-03", "SAE-04", "DLT-01", "DLT-03") == set()


def test_ec_041_the_sponsors_silence_keeps_the_clock() -> None:
    trial = f1(infusions=2)
    fatal: dict[str, Any] = {
        "grade": 5,
        "outcome": "FATAL",
        "serious": "Y",
        "criteria": criteria(death="Y"),
    }
    trial.adverse_event("03-08 18:00", investigator="UNRELATED", **fatal)
    assert trial.duties() == {"CN-CDE/initial-7": ("open", "26-03-15")}
    trial.follow_up("03-09 18:00", sponsor="UNRELATED")
    assert trial.duties() == {"CN-CDE/initial-7": ("answered", "26-03-15")}
    assert trial.state("SAE-03") == "cleared"


def stricter(trial: Trial) -> Pack:
    """The pack in which a DLT of the G3 profile is grade 4 or more."""
    files = dict(trial.pack.files)
    assert "g3: {min_grade: 3}" in files["study.yaml"]
    files["study.yaml"] = files["study.yaml"].replace("g3: {min_grade: 3}", "g3: {min_grade: 4}")
    return pack_of(files)


def test_ec_038_open_alerts_keep_their_rule_and_nothing_changes_silently() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", grade=3, **SUSPECTED)
    before = {rule: trial.alert(rule) for rule in ("DLT-01", "DLT-02")}
    published = len(trial.published)
    trial.activate("03-10 09:00", stricter(trial))
    (marked,) = trial.published[published:]
    assert (marked.rule, str(marked.state), marked.holds) == ("DLT-02", "firing", "no")
    assert (marked.cause, marked.pack_hash) == ("rules", trial.pack.hash)
    kept = trial.alert("DLT-01")
    assert (kept.revision, kept.pack_hash) == (1, before["DLT-01"].pack_hash)
    assert before["DLT-02"].pack_hash != trial.pack.hash


def test_ec_038_the_new_version_judges_from_its_activation_on() -> None:
    trial = f1(infusions=2)
    trial.activate("03-06 09:00", stricter(trial))
    trial.adverse_event("03-06 18:00", "AE-1", grade=3, **SUSPECTED)
    trial.adverse_event("03-06 19:00", "AE-2", grade=4, **SUSPECTED)
    assert trial.state("DLT-02", "AE-1") is None
    assert trial.state("DLT-02", "AE-2") == "firing"
    assert trial.alert("DLT-02", "AE-2").pack_hash == trial.pack.hash


def test_ec_038_two_packs_on_one_history_give_a_list_of_differences() -> None:
    trial = f1(infusions=2)
    trial.adverse_event("03-06 18:00", grade=3, **SUSPECTED)
    records = [record for record, _ in trial.journal]
    folds = [Fold(pack, make_panel=without_matcher) for pack in (trial.pack, stricter(trial))]
    old, new = (told(steps(fold, records, None)) for fold in folds)
    found = {each.alert_id: each.changes for each in differences(old, new)}
    assert found == {trial.name("DLT-02"): ("lost",)}
