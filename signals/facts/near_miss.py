"""Derived words told by what lies behind them: how far outside a window, whose opinion is what.

A field such as ``dlt_window`` holds only a word.  Who asks why a rule kept silent wants to know by
how much: "5 days after the last infusion; the window ends at 4".  One function a field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import TypeAlias

from signals.facts.dlt_window import DltWindow, dlt_window
from signals.facts.exposure import Exposure, exposure
from signals.facts.kind import Context, Fact
from signals.facts.periods import sae_period
from signals.facts.spans import Days
from signals.facts.value import Coded, Ordered, Scalar, Value

_NOT_KNOWN = "not known"
Behind: TypeAlias = Callable[[Fact, Context], str]


def near_miss(fact: Fact, field: str, ctx: Context) -> str:
    """What lies behind a derived word of a fact; empty for fields that tell all by themselves."""
    if behind := _BEHIND.get((fact.kind, field)):
        return behind(fact, ctx)
    told = _BESIDE.get((fact.kind, field))
    return "" if told is None else _beside(fact, told)


# ---------------------------------------------------------------------- adverse event


def _dlt_window(fact: Fact, ctx: Context) -> str:
    """DOMAIN 3.1: calendar days, both ends inside."""
    exposed = exposure(ctx.view, fact.key[0])
    window = dlt_window(exposed, ctx.study.dlt)
    if window is None:
        return "no infusion is on record, so there is no window"
    effective = _days(fact, "onset_effective")
    if effective.low is None and effective.high is None:
        return _not_emergent(fact, exposed)
    start, end = window.start.low, window.end.high
    if effective.high is not None and start is not None and effective.high < start:
        early = (start - effective.high).days
        return f"began {effective.high}, {_count(early)} before the first infusion ({start})"
    if effective.low is not None and end is not None and effective.low > end:
        return _after_the_window(effective.low, window, exposed, ctx)
    return f"began {_between(effective)}; the window runs from {_ends(window)}"


def _after_the_window(began: date, window: DltWindow, exposed: Exposure, ctx: Context) -> str:
    ended, settings = window.end.high, ctx.study.dlt
    capped = window.uncapped.high is None or window.uncapped.high != ended
    infusion = exposed.first if capped else exposed.last
    anchor = infusion.days.high if infusion else None
    if anchor is None:
        return f"began {began}; the window ended on {ended}"
    which = "first" if capped else "last"
    limit = settings.cap_days if capped else settings.days_after_last
    verb = "is cut off" if capped else "ends"
    return (
        f"began {began}, {_count((began - anchor).days)} after the {which} infusion ({anchor});"
        f" the window {verb} at {limit} ({ended})"
    )


def _treatment_emergent(fact: Fact, ctx: Context) -> str:
    """DOMAIN 3.2: new, or of a higher grade, after the first infusion."""
    return _not_emergent(fact, exposure(ctx.view, fact.key[0]))


def _not_emergent(fact: Fact, exposed: Exposure) -> str:
    if exposed.first is None:
        return "no infusion is on record"
    if _words(fact, "treatment_emergent") != "no":
        return "whether it began or became worse after the first infusion is not known"
    return (
        f"began {_between(_days(fact, 'onset'))}, before the first infusion"
        f" ({_between(exposed.first.days)}), and became no worse since"
    )


def _causality(fact: Fact, _ctx: Context) -> str:
    """DOMAIN 3.2, D5: related if either party says so."""
    return (
        f"the investigator's opinion is {_words(fact, 'causality_investigator')},"
        f" the sponsor's {_words(fact, 'causality_sponsor')}; either makes it related"
    )


def _serious(fact: Fact, _ctx: Context) -> str:
    """DOMAIN 4.1: severity is not seriousness."""
    grade = fact.values["grade"]
    graded = f"grade {_said(grade)}"
    told = f"recorded as serious: {_words(fact, 'serious_recorded')}"
    if _words(fact, "serious") != "no":
        return f"{told}; not every criterion is answered, {graded}"
    return f"{told}; no criterion is met, {graded}, not fatal"


def _sae_period(fact: Fact, ctx: Context) -> str:
    """DOMAIN 1.6: from consent to two years after the later of enrolment and last infusion."""
    began, subject = _days(fact, "onset"), fact.key[0]
    years = ctx.study.periods.sae_years
    consent, end, _ = sae_period(ctx.view, subject, exposure(ctx.view, subject), years)
    if began.high is not None and consent.low is not None and began.high < consent.low:
        early = (consent.low - began.high).days
        return f"began {began.high}, {_count(early)} before consent ({consent.low})"
    if began.low is None or end.high is None:
        return ""
    late = (began.low - end.high).days
    return f"began {began.low}, {_count(late)} after the end of the period ({end.high})"


def _safety_period(fact: Fact, ctx: Context) -> str:
    """DOMAIN 1.6: from the first infusion to so many days after the last."""
    began, exposed = _days(fact, "onset_effective"), exposure(ctx.view, fact.key[0])
    if exposed.first is None or exposed.last is None:
        return "no infusion is on record"
    last, days = exposed.last.days.high, ctx.study.periods.safety_days
    if began.low is None or last is None or (began.low - last).days <= days:
        return _not_emergent(fact, exposed)
    late = (began.low - last).days
    return f"began {began.low}, {_count(late)} after the last infusion ({last}); it ends at {days}"


# ---------------------------------------------------------------------- case


def _initial_7(fact: Fact, _ctx: Context) -> str:
    """DOMAIN 4.3: a fatal or life-threatening SUSAR."""
    grave = _words(fact, "fatal_or_life_threatening")
    return _owed(fact, "initial_7", ["neither fatal nor life-threatening"] * (grave == "no"))


def _initial_15(fact: Fact, _ctx: Context) -> str:
    """DOMAIN 4.3: any other SUSAR."""
    grave = _words(fact, "fatal_or_life_threatening")
    return _owed(fact, "initial_15", ["it is due in 7 days instead"] * (grave == "yes"))


def _owed(fact: Fact, duty: str, of_the_duty: list[str]) -> str:
    """Why a report is not open: it is done with, or an element of a SUSAR lacks (DOMAIN 4.2)."""
    state = _words(fact, duty)
    if state != "none":
        return f"the report is {state}"
    lacking = [why for field, word, why in _SUSAR if _words(fact, field) == word]
    if _words(fact, "minimum_criteria") == "incomplete":
        lacking.append(f"of the minimum criteria lacks {_words(fact, 'minimum_missing')}")
    return "; ".join(lacking or of_the_duty)


_SUSAR = (
    ("serious", "no", "not serious"),
    ("causality_expedited", "not related", "both parties say that it is not related"),
    ("expectedness", "expected", "expected by the reference safety information"),
    ("suspect_product", "no", "the product was not given before it began"),
)


# ---------------------------------------------------------------------- other kinds


_MONITOR = (
    "{events} of {treated} treated subjects had an event; the chance that the true rate exceeds"
    " {tolerated} is {probability}"
)
_LEVEL = "{x} of {n} evaluable subjects had a toxicity"
_EPISODE = "below the limit since {began}, lowest {lowest}, latest {latest}"
_AFTER = "days after the nearest infusion before it: {days_after_infusion}"
_BESIDE: Mapping[tuple[str, str], str] = {
    ("toxicity monitor", "over_threshold"): _MONITOR,
    ("mortality monitor", "over_threshold"): _MONITOR,
    ("site", "cluster"): (
        "at most {subjects_14d} of {treated} treated subjects had a new serious event together;"
        " {threshold} make a cluster"
    ),
    ("dose level", "two_within_six"): _LEVEL,
    ("dose level", "cohort_complete"): (
        "cohort {cohort_no}: {cohort_pending} still open by time, {cohort_undetermined} not"
        " decided, {cohort_unreplaced} not replaced"
    ),
    ("dose conflict", "passes_alone"): f"{_LEVEL}; it takes 6 evaluable, at most a third of them",
    ("dose conflict", "exceeded_by_3_3"): _LEVEL,
    ("neutrophil recovery", "neutrophils_recovered"): (
        "{confirming} of 3 results in a row speak for it since {anchor}; lowest {nadir}"
    ),
    ("thrombocytopenia", "episode"): _EPISODE,
    ("anaemia", "episode"): _EPISODE,
    ("febrile episode", "febrile_neutropenia"): (
        "highest temperature {temperature}, neutrophils {neutrophils}"
    ),
    ("adverse event", "after_infusion"): _AFTER,
    ("bloodstream infection", "after_infusion"): _AFTER,
    ("obligation", "status"): "{duty_text} to {jurisdiction}, day 0 {day0}, due {time_to_due}",
    ("obligation", "settled_in_time"): "{duty_text} to {jurisdiction}, due {time_to_due}",
    ("lab analyte", "gradable"): "latest result {result}, grade {grade}",
    ("dlt status change", "status_differs"): "then {status_then}, now {status_now}",
}
"""What stands in other fields of the same fact, and tells by how much."""


def _beside(fact: Fact, told: str) -> str:
    """The words with the values they name; nothing, if one of those is not known."""
    said = {name: _said(value) for name, value in fact.values.items()}
    named = {name for _, name, _, _ in Formatter().parse(told) if name is not None}
    return "" if any(said[name] == _NOT_KNOWN for name in named) else told.format_map(said)


# ---------------------------------------------------------------------- words


def _said(value: Value | None) -> str:
    if isinstance(value, Coded):
        return " or ".join(sorted(value.words)) if value.words else _NOT_KNOWN
    if not isinstance(value, Ordered) or value.unknown:
        return _NOT_KNOWN
    low, high = (_plain(bound) for bound in (value.low, value.high))
    if value.known:
        return low
    if value.low is None or value.high is None:
        return f"at least {low}" if value.high is None else f"at most {high}"
    return f"between {low} and {high}"


def _plain(bound: Scalar | None) -> str:
    if isinstance(bound, datetime):
        return bound.isoformat(" ", "minutes")
    if isinstance(bound, Decimal):
        return f"{bound.normalize():f}"
    return str(bound)


def _days(fact: Fact, field: str) -> Days:
    value = fact.values.get(field)
    low = value.low if isinstance(value, Ordered) else None
    high = value.high if isinstance(value, Ordered) else None
    return Days(low if isinstance(low, date) else None, high if isinstance(high, date) else None)


def _words(fact: Fact, field: str) -> str:
    return _said(fact.values.get(field))


def _count(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _between(days: Days) -> str:
    low, high = days.low, days.high
    if low is None or high is None:
        return f"by {high}" if high else f"on or after {low}" if low else "on an unknown day"
    return f"{low}" if low == high else f"between {low} and {high}"


def _ends(window: DltWindow) -> str:
    return f"{_between(window.start)} to {_between(window.end)}"


_BEHIND: Mapping[tuple[str, str], Behind] = {
    ("adverse event", "dlt_window"): _dlt_window,
    ("adverse event", "dlt_planned_window"): _dlt_window,
    ("adverse event", "dlt_after_cap"): _dlt_window,
    ("adverse event", "in_safety_period"): _safety_period,
    ("adverse event", "treatment_emergent"): _treatment_emergent,
    ("adverse event", "causality"): _causality,
    ("adverse event", "serious"): _serious,
    ("adverse event", "in_sae_period"): _sae_period,
    ("case", "initial_7"): _initial_7,
    ("case", "initial_15"): _initial_15,
}
