"""What is shown, and in which order."""

from typing import Any

from signals.runtime.listing import Filter, listed


def alert(name: str, **changes: Any) -> dict[str, Any]:
    base = {
        "alert_id": name,
        "state": "firing",
        "priority": "high",
        "rule": "SAE-03",
        "subject_id": "001-004",
        "site_id": "WHC",
        "topic": "alerts.expedited",
        "due": [],
    }
    return {**base, **changes}


def due(*days: str) -> list[dict[str, str]]:
    return [{"due": f"{day}T23:59:59+08:00"} for day in days]


def names(alerts: list[dict[str, Any]], **wanted: Any) -> list[str]:
    return [one["alert_id"] for one in listed(alerts, Filter(**wanted))]


def test_the_soonest_legal_due_date_comes_first_then_the_priority() -> None:
    alerts = [
        alert("no date, low", priority="low"),
        alert("late", due=due("2026-03-23")),
        alert("no date, critical", priority="critical"),
        alert("soon", due=due("2026-03-30", "2026-03-13"), priority="low"),
        alert("late, critical", due=due("2026-03-23"), priority="critical"),
    ]
    assert names(alerts) == [
        "soon",
        "late, critical",
        "late",
        "no date, critical",
        "no date, low",
    ]


def test_due_dates_are_compared_as_instants() -> None:
    alerts = [
        alert("Wuhan, 24 March", due=[{"due": "2026-03-24T05:00:00+08:00"}]),
        alert("London, 23 March", due=[{"due": "2026-03-23T20:59:59+00:00"}]),
    ]
    assert names(alerts) == ["London, 23 March", "Wuhan, 24 March"]


def test_only_what_stands_is_shown_unless_another_state_is_asked_for() -> None:
    states = ["possible", "firing", "withdrawal_pending", "cleared", "withdrawn"]
    alerts = [alert(state, state=state) for state in states]
    assert sorted(names(alerts)) == ["firing", "possible", "withdrawal_pending"]
    assert names(alerts, state=frozenset({"cleared"})) == ["cleared"]
    assert len(names(alerts, state=None)) == len(states)


def test_each_filter_leaves_out_the_others() -> None:
    wanted = {
        "rule": "DLT-01",
        "subject": "001-005",
        "site": "WUH",
        "priority": "low",
        "topic": "alerts.dlt",
    }
    key = {"subject": "subject_id", "site": "site_id"}
    for name, word in wanted.items():
        alerts = [alert("other"), alert("this", **{key.get(name, name): word})]
        assert names(alerts, **{name: word}) == ["this"]
