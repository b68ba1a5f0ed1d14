"""A score as tables for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from signals.rulebook.spec import Priority
from signals.runtime.score import Score, Source, rules_of
from signals.runtime.words import moment

_OUTCOMES = ("found", "late", "missed", "extra")
_SOURCES: tuple[Source, ...] = ("planted", "background", "extra")
_URGENT = (Priority.CRITICAL, Priority.HIGH)


def by_rule(found: Score) -> Table:
    """One row a rule: found, late, missed and extra; then all together."""
    table = _table("rule", *_OUTCOMES)
    for rule in rules_of(found):
        counted = found.outcomes(rule)
        table.add_row(rule, *(str(counted[outcome] or "-") for outcome in _OUTCOMES))
    totals = [sum(found.outcomes(rule)[one] for rule in rules_of(found)) for one in _OUTCOMES]
    table.add_row("all", *map(str, totals), style="bold")
    return table


def per_month(found: Score, subject_months: float) -> Table:
    """Alerts by priority and by rule, as counted and per subject-month."""
    table = _table("alerts per subject-month", *_SOURCES, "all")
    for priority in Priority:
        counts = [found.count(priority=priority, sources=[one]) for one in _SOURCES]
        table.add_row(
            priority.value, *(_rate(one, subject_months) for one in (*counts, sum(counts)))
        )
    urgent = [sum(found.count(priority=p, sources=[one]) for p in _URGENT) for one in _SOURCES]
    rates = [_rate(one, subject_months) for one in (*urgent, sum(urgent))]
    table.add_row("critical and high", *rates, style="bold", end_section=True)
    for rule in rules_of(found):
        own = [_of_rule(found, rule, source) for source in _SOURCES]
        if any(own):
            table.add_row(rule, *(_rate(one, subject_months) for one in (*own, sum(own))))
    table.caption = f"{subject_months:.1f} subject-months"
    table.caption_justify = "left"
    return table


def to_see_to(found: Score) -> Iterator[str]:
    """What was missed, late or not called for, and what no rule of the pack looks for."""
    for each in found.planted:
        line = each.line
        what = f"{line.rule} {', '.join(value or '-' for value in line.about.values())}"
        since = moment(line.from_.isoformat()) if line.from_ else "-"
        if each.outcome != "found":
            came = f", came {moment(each.at.isoformat())}" if each.at else ""
            yield f"{each.outcome}: {what} from {since}{came}: {line.why}"
    for one in found.extra:
        due = (
            f"; the truth calls for it from {moment(one.due_from.isoformat())}"
            if one.due_from
            else ""
        )
        yield f"extra: {one.alert_id} at {moment(one.at.isoformat())} ({one.priority.value}){due}"
    if found.not_live:
        codes = ", ".join(f"{rule} {count}" for rule, count in sorted(found.not_live.items()))
        yield f"planted for rules that the pack does not run: {codes}"


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first)
    for other in others:
        table.add_column(other, justify="right")
    return table


def _of_rule(found: Score, rule: str, source: Source) -> int:
    return sum(n for (own, _, of), n in found.alerts.items() if (own, of) == (rule, source))


def _rate(count: int, subject_months: float) -> str:
    if not count:
        return "-"
    return f"{count / subject_months:.2f} ({count})" if subject_months else f"({count})"
