"""Two plain pages: what stands, the soonest due first, and one alert with its reasons and history.

Rendered here, live by a few lines of script, with nothing from elsewhere.  Every text that comes
from data is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse, Response

from signals.runtime.citations import Citations, citations
from signals.runtime.listing import STANDING, soonest_due
from signals.runtime.words import law_text, moment, state
from signals.study.model import Study

_POLICY = (
    "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_TYPES = {"page.css": "text/css", "page.js": "text/javascript"}
_DAY, _HOUR = 86_400, 3_600

AlertJson = Mapping[str, Any]


def html(text: str) -> HTMLResponse:
    """The answer with a page, which no browser keeps and no other page may frame."""
    return HTMLResponse(
        text, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    )


def static(name: str) -> Response | None:
    """A style sheet or script of the pages, or None if there is none of that name."""
    if name not in _TYPES:
        return None
    content = (files(__package__) / "static" / name).read_text(encoding="utf-8")
    return Response(content, media_type=_TYPES[name])


def inbox(study: Study, alerts: Sequence[AlertJson], now: datetime) -> str:
    """The list of what stands."""
    rows = "".join(_row(alert, now) for alert in alerts)
    table = (
        "<table><thead><tr><th scope='col'>Due</th><th scope='col'>Priority</th><th scope='col'>Alert</th>"
        "<th scope='col'>Rule</th><th scope='col'>State</th><th scope='col'>Changed</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )
    body = (
        table if alerts else "<p class='empty'>Nothing stands. New alerts appear here at once.</p>"
    )
    count = f"{len(alerts)} alert{'' if len(alerts) == 1 else 's'}"
    return _page(
        f"Signals: {study.study_id}",
        f"<header><h1>{escape(study.study_id)}</h1><p class='quiet'>{escape(study.title)}</p>"
        "<p id='live' class='quiet' role='status'>Live</p></header>"
        f"<main><section id='alerts' aria-label='Alerts'><p class='quiet'>{count} at"
        f" <time>{_minute(now)}</time>, the soonest legal due date first, then by priority</p>{body}</section></main>",
    )


def alert(study: Study, one: Mapping[str, Any], now: datetime) -> str:
    """One alert: why it stands, what is due, what to do, and how it came about."""
    current: AlertJson = one["alert"]
    parts = [
        _because("Because", current["because"]),
        _because("Not known", current["missing"]),
        _assumed(current["assumed"]),
        _dues(current, now, citations(study)),
        _list("To do", current["next_steps"]),
        _decisions(one["decisions"]),
        _history(one["revisions"]),
    ]
    return _page(
        current["headline"],
        f"<header><p><a href='/'>{escape(study.study_id)}</a></p>"
        f"<h1>{escape(current['headline'])}</h1>"
        "<p id='live' class='quiet' role='status'>Live</p></header>"
        f"<main><section id='alerts'><p>{_badge(current)} {_state(current)} <span class='quiet'>"
        f"{escape(current['rule'])}, since {moment(current.get('since'))}, revision"
        f" {current['revision']}</span></p>{''.join(parts)}</section></main>",
    )


def _page(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light dark'><link rel='icon' href='data:,'>"
        f"<title>{escape(title)}</title><link rel='stylesheet' href='/static/page.css'>"
        f"<script src='/static/page.js' defer></script></head><body>{body}</body></html>"
    )


def _row(one: AlertJson, now: datetime) -> str:
    due = soonest_due(one)
    address = f"/alert/{quote(one['alert_id'], safe='')}"
    return (
        f"<tr><td>{_due_in(due, now)}</td><td>{_badge(one)}</td>"
        f"<td><a href='{address}'>{escape(one['headline'])}</a></td>"
        f"<td class='whole'>{escape(one['rule'])}</td><td>{_state(one)}</td>"
        f"<td class='quiet whole'>{moment(one['changed_at'])}</td></tr>"
    )


def _due_in(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "<span class='quiet'>-</span>"
    seconds = (due - now).total_seconds()
    kind = "over" if seconds < 0 else "soon" if seconds < 3 * _DAY else "far"
    return f"<time class='due {kind}' datetime='{due.isoformat()}'>{_span(seconds)}</time>"


def _span(seconds: float) -> str:
    days, rest = divmod(int(abs(seconds)), _DAY)
    hours = rest // _HOUR
    size = f"{days} d {hours} h" if days else f"{hours} h {rest % _HOUR // 60} min"
    return f"{size} over" if seconds < 0 else f"in {size}"


def _badge(one: AlertJson) -> str:
    word = escape(one["priority"])
    return f"<span class='badge {word}'>{word}</span>"


def _state(one: AlertJson) -> str:
    remarks = ["late"] if one["late"] else []
    remarks += ["no longer true"] if one.get("holds") == "no" else []
    remarks += ["closed"] if one.get("closed") else []
    return f"<span class='state'>{escape(', '.join([state(one), *remarks]))}</span>"


def _because(title: str, leaves: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        [
            leaf["criterion"],
            leaf["field"].replace("_", " "),
            f"{leaf['value']} {leaf.get('unit') or ''}",
            leaf["condition"],
            ", ".join(f"{one['record_id']} v{one['version']}" for one in leaf["records"]),
        ]
        for leaf in leaves
    ]
    return _table(title, ["Criterion", "Field", "Value", "Asked", "Records"], rows)


def _assumed(assumed: Iterable[Mapping[str, Any]]) -> str:
    rows = [[one["field"].replace("_", " "), one["value"], one["why"]] for one in assumed]
    return _table("Assumed", ["Field", "Value", "Why"], rows)


def _dues(one: AlertJson, now: datetime, laws: Citations) -> str:
    rows = [
        [
            _by(one, due, now),
            due["jurisdiction"],
            due["duty"],
            due["day0"],
            law_text(due, laws),
        ]
        for due in one["due"]
    ]
    return _table("Due", ["By", "Authority", "Duty", "Day 0", "Basis"], rows)


def _by(one: AlertJson, due: Mapping[str, str], now: datetime) -> str:
    """When it is due; how long that is only while the alert stands."""
    left = (datetime.fromisoformat(due["due"]) - now).total_seconds()
    return moment(due["due"]) + (f" ({_span(left)})" if one["state"] in STANDING else "")


def _decisions(decisions: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        [moment(one["at"]), one["by"] or "-", one["role"] or "-", one["action"], one["effect"]]
        for one in decisions
    ]
    return _table("Decisions", ["At", "By", "Role", "Decision", "Effect"], rows)


def _history(revisions: Sequence[Mapping[str, Any]]) -> str:
    items = []
    for one in reversed(revisions):
        told: AlertJson = one["alert"]
        changes = "".join(
            f"<li><span class='quiet'>{escape(d['what'])}:</span> {escape(d['before'] or '-')}"
            f" &rarr; {escape(d['after'] or '-')}</li>"
            for d in one["differences"]
        )
        items.append(
            f"<li><p><time>{moment(told['changed_at'])}</time> {_badge(told)} {_state(told)}"
            f" {escape(told['change'])}</p><ul>{changes}</ul></li>"
        )
    return f"<article><h2>History</h2><ol class='history'>{''.join(items)}</ol></article>"


def _list(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<article><h2>{title}</h2><ul>{items}</ul></article>" if lines else ""


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th scope='col'>{word}</th>" for word in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return (
        f"<article><h2>{title}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></article>"
    )


def _minute(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M")
