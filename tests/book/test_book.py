"""What a revision says, what makes one, and when an alert is late."""

import json

import pytest

from signals.book.alert import Alert
from signals.book.entry import Entry
from signals.rulebook.spec import Ends, Status
from tests.monitor.world import (
    RELATED,
    Desk,
    adverse_event,
    decision,
    page,
    submission,
)
from tests.rulebook.build import compare, hours

GRADE_2 = compare("grade", ">=", 2)


def test_the_first_revision_says_everything() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"))
    assert desk.alert("T").to_json() == {
        "schema": "alert/1",
        "alert_id": "T-1|T|001|AE-1",
        "revision": 1,
        "state": "firing",
        "priority": "high",
        "study_id": "T-1",
        "site_id": "WHC",
        "subject_id": "001",
        "rule": "T",
        "rule_version": 1,
        "rule_hash": "sha256:T",
        "pack_hash": "sha256:one",
        "about": {"subject": "001", "adverse event": "AE-1"},
        "topic": "alerts.test",
        "headline": "T AE-1",
        "changed_at": "2026-03-04T10:00:00+08:00",
        "late": False,
        "change": "first seen",
        "because": [
            {
                "criterion": "c",
                "field": "grade",
                "value": "2",
                "unit": None,
                "condition": ">= 2",
                "verdict": "yes",
                "records": [{"record_id": "AE-1", "version": 1}],
            }
        ],
        "missing": [],
        "assumed": [],
        "due": [],
        "send_to": ["medical monitor"],
        "next_steps": ["Look."],
        "since": "2026-03-04T10:00:00+08:00",
        "evidence_hash": desk.alert("T").evidence_hash,
        "group": "001",
        "journal_position": 1,
    }


def test_a_new_version_alone_makes_no_revision() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"))
    assert desk.take(adverse_event("03-04 11:00", version=2, related="LIKELY")) == []
    (after,) = desk.take(adverse_event("03-04 12:00", version=3, grade=3))
    assert after.because[0].records[0].version == 3
    assert after.changed_at.hour == 12
    assert after.since is not None
    assert after.since.hour == 10


def test_an_ended_alert_says_what_it_said_when_it_ended() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"), adverse_event("03-04 11:00", version=2, grade=1))
    assert desk.take(adverse_event("03-04 12:00", version=3, grade=None, related=None)) != []
    assert desk.alert("T").state == "possible"
    desk.take(adverse_event("03-04 13:00", version=4, grade=1))
    assert desk.take(adverse_event("03-04 14:00", version=5, grade=1, related="LIKELY")) == []


@pytest.mark.parametrize(
    ("onset", "backfill", "late"),
    [
        ("2026-03-03T10:00", None, False),  # 24 h after it happened
        ("2026-03-03T09:59", None, True),
        ("2026-03-04", "B-1", True),
        ("2026-03", None, False),  # it may have happened at any time of the month
    ],
)
def test_late_is_more_than_a_day_after_the_fact_or_a_backfill(
    onset: str, backfill: str | None, late: bool
) -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00", onset=onset, backfill=backfill))
    assert desk.alert("T").late is late


def test_late_is_decided_when_the_alert_becomes_true() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(
        adverse_event("03-04 10:00", grade=None, onset="2026-03-04T09:00"),
        adverse_event("03-06 10:00", grade=3, onset="2026-03-04T09:00", version=2),
    )
    assert [(a.state, a.late) for a in desk.published] == [("possible", False), ("firing", True)]
    (third,) = desk.take(adverse_event("03-07 10:00", grade=4, onset="2026-03-07T09:00", version=3))
    assert third.late


def test_a_stronger_rule_hides_a_weaker_one_on_the_same_fact() -> None:
    desk = Desk(page("S", compare("grade", ">=", 3), replaces=("W",)), page("W", GRADE_2))
    desk.take(adverse_event("03-04 10:00", grade=2))
    strong, weak = desk.take(adverse_event("03-04 11:00", grade=3, version=2))
    assert (strong.rule, strong.replaced_by) == ("S", None)
    assert (weak.rule, weak.replaced_by) == ("W", "T-1|S|001|AE-1")
    _, shown = desk.take(adverse_event("03-04 12:00", grade=2, version=3))
    assert (shown.rule, shown.state, shown.replaced_by) == ("W", "firing", None)


def test_a_shadow_rule_is_judged_and_not_published() -> None:
    desk = Desk(page("T", GRADE_2, status=Status.SHADOW))
    assert desk.take(adverse_event("03-04 10:00")) == []
    assert set(desk.fold.monitor.shadow_standing()) == {"T-1|T|001|AE-1"}
    assert desk.fold.monitor.standing() == {}


def test_due_dates_follow_the_case() -> None:
    desk = Desk(page("T", GRADE_2, due=True))
    desk.take(adverse_event("03-04 10:00"))
    (serious,) = desk.take(adverse_event("03-05 10:00", serious="Y", version=2))
    assert [due.day0 for due in serious.due] == ["2026-03-05"]
    assert serious.change == "001/AE-1/XX/initial-7 is due 2026-03-12T23:59:59+08:00"
    (met,) = desk.take(submission("03-06 10:00"))
    assert (met.due, met.change) == ([], "001/AE-1/XX/initial-7 is no longer due")


@pytest.mark.parametrize(("duties", "shown"), [((), 1), (("initial-7",), 1), (("completion",), 0)])
def test_duties_narrow_what_is_shown(duties: tuple[str, ...], shown: int) -> None:
    desk = Desk(page("T", GRADE_2, due=True, duties=duties))
    desk.take(adverse_event("03-04 10:00", serious="Y"))
    assert len(desk.alert("T").due) == shown


def test_the_evidence_hash_leaves_out_versions_rule_and_pack() -> None:
    first, second = (
        Desk(page("T", GRADE_2)),
        Desk(page("U", GRADE_2, ends=Ends.NEVER), page("V", RELATED)),
    )
    first.take(adverse_event("03-04 10:00"))
    second.take(adverse_event("03-04 10:00", version=7))
    assert first.alert("T").evidence_hash == second.alert("U").evidence_hash
    assert second.alert("V").evidence_hash != second.alert("U").evidence_hash


def test_what_time_changes_is_published_at_its_instant() -> None:
    desk = Desk(page("T", compare("since_receipt", ">", hours(48))))
    desk.take(adverse_event("03-04 10:00"))
    assert desk.fold.monitor.standing() == {}
    (woken,) = desk.take(adverse_event("03-09 08:00", record_id="AE-2"))
    assert woken.changed_at.isoformat() == "2026-03-06T10:00:01+08:00"
    assert (woken.alert_id, woken.journal_position) == ("T-1|T|001|AE-1", 2)


def test_the_state_of_the_book_is_plain_json_and_complete() -> None:
    desk = Desk(page("T", GRADE_2, ends=Ends.NEEDS_SIGN_OFF))
    desk.take(
        adverse_event("03-04 10:00"),
        adverse_event("03-04 11:00", version=2, grade=1),
        decision("03-04 12:00", "SIGN_WITHDRAWAL", "T-1|T|001|AE-1", revision=2),
        decision("03-04 13:00", "CLOSE", "T-1|T|001|AE-1", revision=3, record_id="DEC-2"),
    )
    state = desk.fold.book.state()
    again = {
        name: Entry.from_json(entry).to_json()
        for name, entry in json.loads(json.dumps(state)).items()
    }
    assert again == state
    alert = Alert.model_validate(state["T-1|T|001|AE-1"]["alert"])
    assert (alert.state, alert.closed) == ("withdrawn", True)


def test_take_changes_gives_each_change_once() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"))
    assert list(desk.fold.take_changes()) == ["T-1|T|001|AE-1"]
    assert desk.fold.take_changes() == {}
    desk.take(adverse_event("03-04 11:00", record_id="AE-2", grade=1))
    assert desk.fold.take_changes() == {}
