"""Decisions on alerts: in force only on the evidence they were taken on, and undone with it."""

import pytest

from signals.book.alert import Alert
from signals.rulebook.spec import Ends, Priority
from tests.monitor.world import (
    OPEN,
    Desk,
    adverse_event,
    decision,
    page,
)
from tests.rulebook.build import compare

GRADE_2 = compare("grade", ">=", 2)
ID = "T-1|T|001|AE-1"


def desk_at_pending() -> tuple[Desk, Alert]:
    desk = Desk(page("T", GRADE_2, ends=Ends.NEEDS_SIGN_OFF))
    desk.take(
        adverse_event("03-04 10:00"),
        adverse_event("03-04 11:00", grade=1, version=2, why="FOLLOW_UP"),
    )
    return desk, desk.alert("T")


def effects(desk: Desk) -> list[tuple[str, str]]:
    return [(each.status, each.effect) for each in desk.fold.book.decisions(ID)]


def test_a_confirmation_publishes_nothing_and_is_listed() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"))
    assert desk.take(decision("03-04 11:00", "CONFIRM", ID, revision=1)) == []
    (effect,) = desk.fold.book.decisions(ID)
    assert (effect.action, effect.by, effect.role) == ("CONFIRM", "dr-li", "MEDICAL_MONITOR")
    assert effects(desk) == [("in force", "confirmed")]


@pytest.mark.parametrize(
    ("revision", "evidence", "outcome"),
    [
        (2, None, ("in force", "withdrawal signed")),
        (1, None, ("no effect", "no effect: the alert has changed since")),
        (3, None, ("waits", "waits: it is ahead of the alert")),
        (None, "current", ("in force", "withdrawal signed")),
        (1, "current", ("in force", "withdrawal signed")),
        (None, "first", ("no effect", "no effect: the alert has changed since")),
        (2, "unheard of", ("no effect", "no effect: the alert has changed since")),
        (3, "unheard of", ("waits", "waits: it is ahead of the alert")),
        (None, "unheard of", ("waits", "waits: it is ahead of the alert")),
    ],
)
def test_on_which_alert_a_decision_is_in_force(
    revision: int | None, evidence: str | None, outcome: tuple[str, str]
) -> None:
    desk, pending = desk_at_pending()
    hashes = {"current": pending.evidence_hash, "first": desk.published[0].evidence_hash}
    taken = hashes.get(evidence or "", evidence)
    desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", ID, revision=revision, evidence=taken))
    assert effects(desk) == [outcome]
    assert desk.alert("T").state == (
        "withdrawn" if outcome[0] == "in force" else "withdrawal_pending"
    )


def test_a_decision_without_revision_or_evidence_has_no_effect() -> None:
    desk, _ = desk_at_pending()
    desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", ID))
    assert effects(desk) == [("no effect", "no effect: it names neither evidence nor revision")]


@pytest.mark.parametrize("action", ["SIGN_WITHDRAWAL", "REFUSE_WITHDRAWAL"])
def test_there_must_be_a_withdrawal_to_sign(action: str) -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"), decision("03-04 11:00", action, ID, revision=1))
    assert effects(desk) == [("no effect", "no effect: no withdrawal is proposed")]
    assert desk.alert("T").state == "firing"


def test_a_decision_ahead_of_the_book_waits_for_its_revision() -> None:
    desk = Desk(page("T", GRADE_2, ends=Ends.NEEDS_SIGN_OFF))
    assert desk.take(decision("03-04 09:00", "SIGN_WITHDRAWAL", ID, revision=2)) == []
    assert effects(desk) == [("waits", "waits: the alert is not there yet")]
    desk.take(adverse_event("03-04 10:00"))
    assert effects(desk)[0][0] == "waits"
    both = desk.take(adverse_event("03-04 11:00", grade=1, version=2, why="FOLLOW_UP"))
    assert [(alert.revision, alert.state) for alert in both] == [
        (2, "withdrawal_pending"),
        (3, "withdrawn"),
    ]
    assert effects(desk) == [("in force", "withdrawal signed")]


def test_a_voided_signature_asks_again() -> None:
    desk, pending = desk_at_pending()
    desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", pending))
    (again,) = desk.take(decision("03-04 13:00", "SIGN_WITHDRAWAL", pending, version=2, op="VOID"))
    assert (again.state, again.revision) == ("withdrawal_pending", 4)
    assert again.change == "withdrawal signed by dr-li: voided"
    assert effects(desk) == [("undone", "undone: voided")]


def test_a_signature_whose_wording_is_corrected_stays() -> None:
    desk, pending = desk_at_pending()
    desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", ID, revision=pending.revision))
    corrected = decision(
        "03-04 13:00", "SIGN_WITHDRAWAL", ID, revision=2, version=2, by="dr-wu", why="CORRECTION"
    )
    assert desk.take(corrected) == []
    assert desk.alert("T").state == "withdrawn"
    assert effects(desk) == [
        ("undone", "undone: corrected by version 2"),
        ("in force", "withdrawal signed"),
    ]


def test_a_signature_corrected_into_a_refusal() -> None:
    desk, pending = desk_at_pending()
    desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", pending))
    (upheld,) = desk.take(
        decision("03-04 13:00", "REFUSE_WITHDRAWAL", pending, version=2, why="CORRECTION")
    )
    assert (upheld.state, upheld.change) == ("firing", "upheld by dr-li")


def test_a_decision_that_moves_to_another_alert_leaves_the_first() -> None:
    desk, pending = desk_at_pending()
    desk.take(decision("03-04 12:00", "SIGN_WITHDRAWAL", pending))
    (again,) = desk.take(decision("03-04 13:00", "CLOSE", "T-1|T|001|AE-2", revision=1, version=2))
    assert (again.alert_id, again.state) == (ID, "withdrawal_pending")


def test_a_repeated_decision_counts_once_and_an_old_version_not_at_all() -> None:
    desk, pending = desk_at_pending()
    signed = decision("03-04 12:00", "SIGN_WITHDRAWAL", pending, version=2)
    desk.take(signed)
    assert desk.take(signed) == []
    assert desk.take(decision("03-04 12:30", "REFUSE_WITHDRAWAL", pending)) == []
    assert effects(desk) == [("in force", "withdrawal signed")]


def test_closing_sets_a_mark_and_changes_no_state() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"))
    (closed,) = desk.take(decision("03-04 11:00", "CLOSE", ID, revision=1))
    assert (closed.state, closed.closed, closed.change) == ("firing", True, "closed by dr-li")
    reopen = decision("03-04 12:00", "REOPEN", ID, record_id="DEC-2", revision=2)
    (opened,) = desk.take(reopen)
    assert (opened.closed, opened.change) == (None, "reopened by dr-li")
    assert "closed" not in opened.to_json()


def test_a_voided_closing_reopens() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"), decision("03-04 11:00", "CLOSE", ID, revision=1))
    (opened,) = desk.take(decision("03-04 12:00", "CLOSE", ID, version=2, op="VOID"))
    assert opened.closed is None


def test_an_ended_alert_can_be_closed() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(
        adverse_event("03-04 10:00"),
        adverse_event("03-04 11:00", grade=1, version=2, why="FOLLOW_UP"),
    )
    (closed,) = desk.take(decision("03-04 12:00", "CLOSE", desk.alert("T")))
    assert (closed.state, closed.closed) == ("cleared", True)


@pytest.mark.parametrize(("grade", "closed"), [(2, True), (3, None)])
def test_a_new_firing_of_a_closed_alert_reopens_if_its_evidence_changed(
    grade: int, closed: bool | None
) -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(
        adverse_event("03-04 10:00"),
        decision("03-04 11:00", "CLOSE", ID, revision=1),
        adverse_event("03-04 12:00", grade=1, version=2, why="FOLLOW_UP"),
    )
    assert (desk.alert("T").state, desk.alert("T").closed) == ("cleared", True)
    (again,) = desk.take(adverse_event("03-04 13:00", grade=grade, version=3, why="FOLLOW_UP"))
    assert (again.state, again.closed) == ("firing", closed)


PRIORITIES = page(
    "T",
    GRADE_2,
    criteria={"four": (compare("grade", ">=", 4),), "three": (compare("grade", ">=", 3),)},
    priority=((Priority.CRITICAL, "four"), (Priority.HIGH, "three"), (Priority.MEDIUM, None)),
)


def test_priority_rises_at_once_and_falls_when_a_person_accepts() -> None:
    desk = Desk(PRIORITIES)
    desk.take(adverse_event("03-04 10:00", grade=3))
    (risen,) = desk.take(adverse_event("03-04 11:00", grade=4, version=2, why="FOLLOW_UP"))
    assert (risen.priority, risen.proposed_priority) == ("critical", None)
    (falls,) = desk.take(adverse_event("03-04 12:00", grade=2, version=3, why="FOLLOW_UP"))
    assert (falls.priority, falls.proposed_priority) == ("critical", "medium")
    (accepted,) = desk.take(decision("03-04 13:00", "ACCEPT_PRIORITY", falls))
    assert (accepted.priority, accepted.proposed_priority) == ("medium", None)
    assert accepted.change == "priority accepted by dr-li"
    (back,) = desk.take(decision("03-04 14:00", "ACCEPT_PRIORITY", falls, version=2, op="VOID"))
    assert (back.priority, back.proposed_priority) == ("critical", "medium")


def test_without_a_proposal_there_is_nothing_to_accept() -> None:
    desk = Desk(PRIORITIES)
    desk.take(
        adverse_event("03-04 10:00"), decision("03-04 13:00", "ACCEPT_PRIORITY", ID, revision=1)
    )
    assert effects(desk) == [("no effect", "no effect: no priority is proposed")]


def test_a_new_firing_starts_with_its_own_priority() -> None:
    desk = Desk(PRIORITIES)
    desk.take(
        adverse_event("03-04 10:00", grade=4),
        adverse_event("03-04 11:00", grade=1, version=2, why="FOLLOW_UP"),
    )
    assert (desk.alert("T").state, desk.alert("T").priority) == ("cleared", "critical")
    (again,) = desk.take(adverse_event("03-04 12:00", grade=2, version=3, why="FOLLOW_UP"))
    assert (again.priority, again.proposed_priority) == ("medium", None)


@pytest.mark.parametrize("action", ["SIGN_WITHDRAWAL", "REFUSE_WITHDRAWAL", "CLOSE"])
@pytest.mark.parametrize(
    ("ends", "effect"),
    [
        (Ends.WHEN_NO_LONGER_TRUE, "sign the obligation"),
        (Ends.BY_DECISION, "sign the obligation"),
        (Ends.NEVER, None),
        (Ends.NEEDS_SIGN_OFF, None),
    ],
)
def test_a_legal_duty_ends_with_its_obligation_only(
    action: str, ends: Ends, effect: str | None
) -> None:
    desk = Desk(page("T", OPEN, judges="case", ends=ends, decision="SIGN_OFF"))
    desk.take(adverse_event("03-04 10:00", serious="Y"))
    desk.take(decision("03-04 11:00", action, ID, revision=1))
    assert desk.alert("T").closed is (True if effect is None and action == "CLOSE" else None)
    assert (effects(desk)[0][1] == "sign the obligation") is (effect is not None)


def test_a_decision_on_no_alert_of_the_study_is_kept() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(decision("03-04 10:00", "CLOSE", "nonsense", revision=1))
    (effect,) = desk.fold.book.decisions("nonsense")
    assert effect.status == "waits"
    assert desk.fold.book.alerts() == {}


def test_an_unreadable_decision_does_nothing() -> None:
    desk = Desk(page("T", GRADE_2))
    desk.take(adverse_event("03-04 10:00"))
    assert desk.take(decision("03-04 11:00", "SHRUG", ID, revision=1)) == []
    assert desk.fold.book.decisions(ID) == []
