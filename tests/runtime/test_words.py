"""An alert in words, and how its revisions differ."""

from typing import Any

from signals.runtime.words import Difference, differences, due_text, explanation, history

RECORD = [{"record_id": "AE-17", "version": 2}]
LEAF = {
    "criterion": "bad enough",
    "field": "grade_in_dlt_window",
    "value": "3",
    "unit": None,
    "condition": ">= 1",
    "verdict": "yes",
    "records": RECORD,
}
DUE = {
    "jurisdiction": "CN-CDE",
    "duty": "initial, 15 days",
    "day0": "2026-03-08",
    "due": "2026-03-23T23:59:59+08:00",
    "basis": "CDE 2018",
    "obligation_id": "001-004/AE-17/CN-CDE/initial-15",
}


def alert(**changes: Any) -> dict[str, Any]:
    base = {
        "state": "firing",
        "priority": "critical",
        "headline": "001-004: dose-limiting toxicity",
        "revision": 2,
        "change": "grade_in_dlt_window: 2 -> 3",
        "since": "2026-03-08T09:10:00+08:00",
        "late": False,
        "because": [LEAF],
        "missing": [],
        "assumed": [],
        "due": [],
        "next_steps": [],
    }
    return {**base, **changes}


def test_an_alert_tells_why_in_the_order_a_reader_asks() -> None:
    told = explanation(
        alert(
            missing=[{**LEAF, "field": "causality", "value": "not known", "condition": "related"}],
            assumed=[{"field": "expectedness", "value": "unexpected", "why": "nobody said"}],
            due=[DUE],
            next_steps=["Hold the next infusion."],
            late=True,
            holds="no",
            proposed_priority="high",
        ),
        {("CN-CDE", "initial, 15 days", "CDE 2018"): "CDE standards, 27 Apr 2018"},
    )
    assert told == [
        "001-004: dose-limiting toxicity.",
        "It is firing since 2026-03-08 09:10, priority critical.",
        "Revision 2: grade_in_dlt_window: 2 -> 3.",
        ("Because bad enough: grade in dlt window is 3 (asked: >= 1), as AE-17 version 2 says."),
        (
            "Not known: bad enough: causality is not known (asked: related), as AE-17 version 2"
            " says."
        ),
        "Assumed: expectedness is unexpected (nobody said).",
        (
            "Due: CN-CDE initial, 15 days, day 0 2026-03-08, by 2026-03-23 23:59 (CDE 2018:"
            " CDE standards, 27 Apr 2018; 001-004/AE-17/CN-CDE/initial-15)."
        ),
        "What made it true arrived long after it happened (late).",
        "What it says is no longer true; it stays until a person decides.",
        "Its priority would now be high; a person has to accept that.",
        "To do: Hold the next infusion.",
    ]


def test_a_duty_that_the_pack_no_longer_has_bears_its_short_basis() -> None:
    assert due_text(DUE, {}).endswith("(CDE 2018; 001-004/AE-17/CN-CDE/initial-15)")


def test_revisions_differ_in_what_a_reader_sees_and_not_in_record_versions() -> None:
    newer = {**LEAF, "records": [{"record_id": "AE-17", "version": 3}]}
    assert differences(alert(), alert(because=[newer])) == []
    changed = alert(
        state="withdrawal_pending", because=[{**LEAF, "value": "2"}], due=[DUE], late=True
    )
    assert differences(alert(), changed) == [
        Difference("state", "firing", "withdrawal pending"),
        Difference("late", "no", "yes"),
        Difference("because: bad enough, grade_in_dlt_window >= 1", "3", "2"),
        Difference(f"due: {DUE['obligation_id']}", "", DUE["due"]),
    ]
    assert history([alert(), changed, alert()])[0] == []
    assert history([alert(), changed, alert()])[2][0] == Difference(
        "state", "withdrawal pending", "firing"
    )
