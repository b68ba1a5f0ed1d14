"""Outcomes as tables for a person at a terminal."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from rich.console import Group
from rich.table import Table
from rich.text import Text

from signals.outcomes.model import Curve, Ending, Measure, Outcome, Share, Typical
from signals.statistics.proportions import Proportion

_SHOWN = 18
_HUNDRED = 100


def outcome(one: Outcome) -> Group:
    """One outcome: a row a measure, then who is left out, by reason."""
    title = Text(f"{one.code}  {one.title}  ({one.population}; {one.window})", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for measure in one.measures[:_SHOWN]:
        table.add_row(Text(f"  {measure.name}"), Text(_text(measure)))
    lines = [Text(f"  {note}") for note in one.notes]
    if len(one.measures) > _SHOWN:
        lines.append(Text(f"  and {len(one.measures) - _SHOWN} more: see --json"))
    reasons = Counter(each.why for each in one.left_out)
    lines += [Text(f"  left out: {count}: {why}") for why, count in sorted(reasons.items())]
    return Group(title, table, *lines, Text()) if one.measures else Group(title, *lines, Text())


def _text(measure: Measure) -> str:
    if isinstance(measure, Curve):
        return _curve(measure)
    if isinstance(measure, Typical):
        return _typical(measure)
    more = ""
    if isinstance(measure, Share) and measure.at_most > measure.proportion.events:
        more = f"; up to {measure.at_most} with the undetermined"
    return _proportion(measure.proportion) + more


def _proportion(found: Proportion) -> str:
    text = f"{found.events}/{found.of}"
    if found.share is None:
        return text
    text += f" = {_percent(found.share)}"
    if found.lower is None or found.upper is None:
        return text
    return f"{text} (95 % CI {_percent(found.lower)} to {_percent(found.upper)})"


def _percent(share: Decimal) -> str:
    return f"{share * _HUNDRED:.1f} %"


def _curve(curve: Curve) -> str:
    endings = Counter(each.ending for each in curve.members)
    counts = ", ".join(f"{endings[each]} {each}" for each in Ending if endings[each])
    text = f"{len(curve.members)} subjects{': ' + counts if counts else ''}"
    if curve.points:
        last = curve.points[-1]
        text += f"; day {last.time}: {_percent(last.estimate)}"
        if last.lower is not None and last.upper is not None:
            text += f" (95 % CI {_percent(last.lower)} to {_percent(last.upper)})"
    middle = curve.median
    return f"{text}; median {'not reached' if middle.time is None else f'{middle.time} d'}"


def _typical(measure: Typical) -> str:
    found = measure.spread
    if found.median is None:
        return "nobody"
    return (
        f"median {_plain(found.median)} {measure.unit}, quartiles {_plain(found.lower_quartile)} to"
        f" {_plain(found.upper_quartile)}, range {_plain(found.least)} to {_plain(found.most)},"
        f" {found.count} subjects or episodes"
    )


def _plain(number: Decimal | None) -> str:
    return "-" if number is None else f"{number.normalize():f}"
