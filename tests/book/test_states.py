"""The table of RULE_FORMAT, states of an alert: every row, by journals of a few records."""

from dataclasses import replace
from typing import Any

import pytest

from signals.book.alert import State
from signals.book.states import Outcome, Situation, next_state
from signals.events import Record
from signals.rulebook.spec import Ends, Verdict
from tests.monitor.world import (
    ALL_RULES,
    OPEN,
    PROPOSED,
    RELATED,
    Desk,
    activation,
    adjudication,
    adverse_event,
    decision,
    pack_of,
    page,
    sign_off,
    submission,
    void,
)
from tests.rulebook.build import compare

GRADE_3 = compare("grade", ">=", 3)
CORRECTION = "CORRECTION"


def grade(when: str, value: int | None, version: int, why: str = "FOLLOW_UP") -> Record:
    return adverse_event(when, grade=value, version=version, why=why)


def test_unknown_is_possible_then_firing_then_cleared() -> None:
    desk = Desk(page("T", GRADE_3))
    first = desk.take(adverse_event("03-04 10:00", grade=None))
    assert [(a.state, a.change, a.missing[0].field) for a in first] == [
        ("possible", "first seen", "grade")
    ]
    (firing,) = desk.take(grade("03-04 11:00", 3, 2))
    assert (firing.state, firing.revision, firing.missing) == ("firing", 2, [])
    assert firing.change == "grade: 1 to 5 -> 3; grade: now known; now certain"
    (cleared,) = desk.take(grade("03-04 12:00", 2, 3))
    assert (cleared.state, cleared.change) == ("cleared", "grade: 3 -> 2; no longer true")


def test_possible_is_cleared_when_it_turns_out_untrue() -> None:
    desk = Desk(page("T", GRADE_3))
    desk.take(adverse_event("03-04 10:00", grade=None), grade("03-04 11:00", 1, 2, CORRECTION))
    assert desk.story("T") == ["03-04 10:00 possible", "03-04 11:00 cleared"]


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (Ends.WHEN_NO_LONGER_TRUE, "possible"),
        (Ends.NEEDS_SIGN_OFF, "firing"),
        (Ends.BY_DECISION, "firing"),
        (Ends.NEVER, "firing"),
    ],
)
def test_only_rules_that_end_by_themselves_go_back_to_possible(ends: Ends, state: str) -> None:
    desk = Desk(page("T", GRADE_3, ends=ends))
    desk.take(adverse_event("03-04 10:00", grade=3))
    (again,) = desk.take(grade("03-04 11:00", None, 2))
    assert (again.state, [m.field for m in again.missing]) == (state, ["grade"])


@pytest.mark.parametrize(
    ("why", "ends", "state", "holds"),
    [
        ("FOLLOW_UP", Ends.WHEN_NO_LONGER_TRUE, "cleared", None),
        ("CORRECTION", Ends.WHEN_NO_LONGER_TRUE, "withdrawn", None),
        ("FOLLOW_UP", Ends.NEEDS_SIGN_OFF, "withdrawal_pending", None),
        ("CORRECTION", Ends.NEEDS_SIGN_OFF, "withdrawal_pending", None),
        ("FOLLOW_UP", Ends.BY_DECISION, "firing", "no"),
        ("CORRECTION", Ends.BY_DECISION, "withdrawal_pending", None),
        ("FOLLOW_UP", Ends.NEVER, "firing", "no"),
        ("CORRECTION", Ends.NEVER, "withdrawal_pending", None),
    ],
)
def test_how_an_untrue_alert_ends(why: str, ends: Ends, state: str, holds: str | None) -> None:
    desk = Desk(page("T", GRADE_3, ends=ends))
    desk.take(adverse_event("03-04 10:00", grade=3))
    (after,) = desk.take(grade("03-04 11:00", 2, 2, why))
    assert (after.state, after.holds) == (state, holds)


def test_a_void_withdraws_in_one_revision_and_says_so() -> None:
    desk = Desk(page("T", GRADE_3))
    desk.take(adverse_event("03-04 10:00", grade=3))
    (after,) = desk.take(void("03-04 11:00", 2))
    assert (after.state, after.because) == ("withdrawn", [])
    assert after.change == "AE-1 voided; withdrawn"
    assert after.headline == "T AE-1"


def test_a_correction_before_the_last_revision_withdraws_nothing() -> None:
    desk = Desk(page("T", GRADE_3))
    desk.take(adverse_event("03-04 10:00", grade=3), grade("03-04 11:00", 4, 2, CORRECTION))
    (after,) = desk.take(grade("03-04 12:00", 2, 3))
    assert after.state == "cleared"


def test_a_correction_that_published_nothing_counts_later() -> None:
    desk = Desk(page("T", GRADE_3))
    desk.take(adverse_event("03-04 10:00", grade=3))
    assert desk.take(grade("03-04 11:00", 3, 2, CORRECTION)) == []
    (after,) = desk.take(grade("03-04 12:00", 2, 3))
    assert after.state == "withdrawn"


def test_a_correction_of_another_record_does_not_count() -> None:
    desk = Desk(page("T", GRADE_3))
    desk.take(
        adverse_event("03-04 10:00", grade=3),
        adverse_event("03-04 10:30", grade=1, record_id="AE-2"),
        adverse_event("03-04 10:40", grade=2, record_id="AE-2", version=2, why=CORRECTION),
        grade("03-04 11:00", 2, 2),
    )
    assert desk.alert("T").state == "cleared"


def test_signed_withdrawal_and_true_again_is_the_same_alert() -> None:
    desk = Desk(page("T", GRADE_3, ends=Ends.NEEDS_SIGN_OFF))
    desk.take(adverse_event("03-04 10:00", grade=3), grade("03-04 11:00", 2, 2))
    (signed,) = desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", desk.alert("T")))
    assert (signed.state, signed.revision) == ("withdrawn", 3)
    assert signed.change == "withdrawal signed by dr-li"
    (again,) = desk.take(grade("03-04 13:00", 4, 3))
    assert (again.state, again.revision, again.alert_id) == ("firing", 4, "T-1|T|001|AE-1")


def test_true_again_before_the_signature() -> None:
    desk = Desk(page("T", GRADE_3, ends=Ends.NEEDS_SIGN_OFF))
    desk.take(adverse_event("03-04 10:00", grade=3), grade("03-04 11:00", 2, 2))
    (again,) = desk.take(grade("03-04 13:00", 3, 3))
    assert again.state == "firing"


def test_refused_stays_firing_until_the_evidence_changes_again() -> None:
    desk = Desk(page("T", GRADE_3, ends=Ends.NEEDS_SIGN_OFF))
    desk.take(adverse_event("03-04 10:00", grade=3), grade("03-04 11:00", 2, 2))
    (upheld,) = desk.take(decision("03-04 12:00", "REFUSE_WITHDRAWAL", desk.alert("T")))
    assert (upheld.state, upheld.change) == ("firing", "upheld by dr-li")
    assert desk.take(grade("03-04 13:00", 2, 3)) == []
    (asked,) = desk.take(grade("03-04 14:00", 1, 4))
    assert asked.state == "withdrawal_pending"


def test_by_decision_ends_while_still_true_and_fires_again_without_the_decision() -> None:
    desk = Desk(page("T", RELATED, ends=Ends.BY_DECISION, decision="ADJUDICATION"))
    desk.take(adverse_event("03-04 10:00"))
    (ended,) = desk.take(adjudication("03-04 11:00", "NOT_DLT"))
    assert ended.state == "cleared"
    assert desk.take(adverse_event("03-04 12:00", version=2, why="FOLLOW_UP", grade=4)) == []
    (again,) = desk.take(adjudication("03-04 13:00", "DLT", version=2, why="CORRECTION"))
    assert again.state == "firing"


def test_by_decision_from_pending_withdraws() -> None:
    desk = Desk(page("T", RELATED, ends=Ends.BY_DECISION, decision="ADJUDICATION"))
    desk.take(
        adverse_event("03-04 10:00"),
        adverse_event("03-04 11:00", related="UNRELATED", version=2, why="CORRECTION"),
    )
    assert desk.alert("T").state == "withdrawal_pending"
    assert desk.take(decision("03-04 11:30", "SIGN_WITHDRAWAL", desk.alert("T"))) == []
    (effect,) = desk.fold.book.decisions("T-1|T|001|AE-1")
    assert effect.effect == "no effect: it ends by a decision ADJUDICATION"
    desk.take(adjudication("03-04 12:00", "NOT_DLT"))
    assert desk.alert("T").state == "withdrawn"


def sae_03() -> Desk:
    return Desk(
        page(
            "SAE-03", OPEN, judges="case", criteria={"p": (PROPOSED,)}, sign_off_when="p", due=True
        )
    )


def test_an_obligation_met_clears_its_alert() -> None:
    desk = sae_03()
    (firing,) = desk.take(adverse_event("03-04 10:00", serious="Y"))
    assert [(d.jurisdiction, d.duty, d.day0, d.obligation_id) for d in firing.due] == [
        ("XX", "initial, 7 days", "2026-03-04", "001/AE-1/XX/initial-7")
    ]
    assert firing.due[0].due.isoformat() == "2026-03-11T23:59:59+08:00"
    (cleared,) = desk.take(submission("03-05 10:00"))
    assert (cleared.state, cleared.due) == ("cleared", [])


def test_a_duty_whose_end_is_proposed_waits_for_the_signature_on_the_obligation() -> None:
    desk = sae_03()
    desk.take(adverse_event("03-04 10:00", serious="Y"))
    (pending,) = desk.take(adverse_event("03-05 10:00", version=2, why="CORRECTION"))
    assert (pending.state, len(pending.due)) == ("withdrawal_pending", 1)
    assert desk.take(decision("03-05 11:00", "SIGN_WITHDRAWAL", pending)) == []
    assert desk.fold.book.decisions(pending.alert_id)[0].effect == "sign the obligation"
    (withdrawn,) = desk.take(sign_off("03-05 12:00"))
    assert (withdrawn.state, withdrawn.due) == ("withdrawn", [])
    (again,) = desk.take(sign_off("03-05 13:00", version=2, op="VOID", why="ENTERED_IN_ERROR"))
    assert again.state == "withdrawal_pending"
    (met,) = desk.take(submission("03-06 10:00"))
    assert met.state == "cleared"


def test_a_moved_record_ends_its_alert_at_once_under_the_new_id() -> None:
    desk = Desk(page("T", GRADE_3, ends=Ends.NEEDS_SIGN_OFF))
    desk.take(adverse_event("03-04 10:00", grade=3, subject=None))
    old, new = desk.take(adverse_event("03-05 10:00", grade=3, version=2, why="FOLLOW_UP"))
    assert (old.alert_id, old.state) == ("T-1|T|-|AE-1", "withdrawn")
    assert old.change == "now under T-1|T|001|AE-1"
    assert (new.alert_id, new.state) == ("T-1|T|001|AE-1", "firing")


def test_a_change_of_rules_ends_nothing() -> None:
    strict = pack_of(page("T", compare("grade", ">=", 4)), name="strict")
    desk = Desk(page("T", GRADE_3), packs=[strict])
    desk.take(adverse_event("03-04 10:00", grade=3))
    (marked,) = desk.take(activation("03-05 10:00", strict))
    assert (marked.state, marked.holds, marked.cause) == ("firing", "no", "rules")
    assert marked.pack_hash == "sha256:strict"
    (changed,) = desk.take(grade("03-06 10:00", 1, 2))
    assert (changed.state, changed.holds, changed.cause) == ("firing", "no", None)
    (ended,) = desk.take(decision("03-06 11:00", "SIGN_WITHDRAWAL", desk.alert("T")))
    assert ended.state == "withdrawn"


def test_a_retired_rule_leaves_its_alerts_open() -> None:
    empty = pack_of(name="empty")
    desk = Desk(page("T", GRADE_3), packs=[empty])
    desk.take(adverse_event("03-04 10:00", grade=3))
    (marked,) = desk.take(activation("03-05 10:00", empty))
    assert (marked.state, marked.holds, marked.headline) == ("firing", "no", "T AE-1")
    assert desk.take(grade("03-06 10:00", 1, 2)) == []


def test_a_change_of_rules_can_fire() -> None:
    loose = pack_of(page("T", compare("grade", ">=", 2)), name="loose")
    desk = Desk(page("T", GRADE_3), packs=[loose])
    desk.take(adverse_event("03-04 10:00", grade=2))
    (fired,) = desk.take(activation("03-05 10:00", loose))
    assert (fired.state, fired.cause, fired.changed_at.day) == ("firing", "rules", 5)


BASE = Situation(state=None, verdict=Verdict.NO, ends=Ends.NEVER)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Outcome(None)),
        ({"verdict": Verdict.YES, "decided": True}, Outcome(None)),
        ({"state": State.WITHDRAWN, "waits": True}, Outcome(State.WITHDRAWN)),
        (
            {"state": State.WITHDRAWN, "waits": True, "ends": Ends.WHEN_NO_LONGER_TRUE},
            Outcome(State.WITHDRAWAL_PENDING),
        ),
        ({"state": State.CLEARED, "moved": True}, Outcome(State.CLEARED)),
        ({"state": State.POSSIBLE, "moved": True}, Outcome(State.WITHDRAWN)),
        ({"state": State.WITHDRAWAL_PENDING, "by_rules": True}, Outcome(State.WITHDRAWAL_PENDING)),
        (
            {
                "state": State.WITHDRAWAL_PENDING,
                "by_rules": True,
                "ends": Ends.WHEN_NO_LONGER_TRUE,
            },
            Outcome(State.WITHDRAWAL_PENDING, held=True),
        ),
        (
            {"state": State.FIRING, "ends": Ends.NEEDS_SIGN_OFF, "held": True, "corrected": True},
            Outcome(State.WITHDRAWAL_PENDING),
        ),
        (
            {
                "state": State.FIRING,
                "ends": Ends.WHEN_NO_LONGER_TRUE,
                "corrected": True,
                "met": True,
            },
            Outcome(State.CLEARED),
        ),
        ({"state": State.FIRING, "waits": True}, Outcome(State.WITHDRAWAL_PENDING)),
    ],
)
def test_rarer_cases(change: dict[str, Any], outcome: Outcome) -> None:
    assert next_state(replace(BASE, **change)) == outcome


def test_every_rule_of_the_world_can_be_folded() -> None:
    desk = Desk(*ALL_RULES)
    desk.take(adverse_event("03-04 10:00", grade=4, serious="Y"))
    assert {alert.rule for alert in desk.published} == {
        "TST-01",
        "TST-02",
        "TST-03",
        "TST-04",
        "SAE-03",
    }
