"""What is not about one subject: reference safety information, cohort decisions, aggregates."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

from signals.simulate.draw import clock, days, hours, stamp
from signals.simulate.plan import SITES, START, Plan
from signals.simulate.script import Script
from signals.simulate.story import iso
from signals.simulate.tape import Place, Tape
from signals.simulate.truth import Truth

_NOBODY = Place(None, None)
RSI_EXTENDED = 60
_CLUSTER_DAYS, _CLUSTER, _SAME_TERM_DAYS = 14, 3, 60
_SILENT_HOURS = 72


def reference_safety_information(tape: Tape) -> None:
    """First in class: at first nothing is expected, later fever up to grade 2 is."""
    changed = START + days(RSI_EXTENDED)
    first = {"ib_version": "1.0", "valid_from": iso(START - days(30)), "expected": []}
    desk = "safety-desk"
    kind = "reference-safety-information"
    tape.put(kind, _NOBODY, "RSI-1", first, clock(START, 8), source=desk)
    ended = {**first, "valid_to": iso(changed - days(1))}
    when = clock(changed - days(3), 9)
    tape.put(kind, _NOBODY, "RSI-1", ended, when, reason="FOLLOW_UP", source=desk)
    fever = {"term": "Fever", "max_grade": 2}
    fever |= {"fatal_expected": False, "life_threatening_expected": False}
    second = {"ib_version": "1.1", "valid_from": iso(changed), "expected": [fever]}
    tape.put(kind, _NOBODY, "RSI-2", second, when + hours(0.1), source=desk)


def cohort_decisions(plan: Plan, scripts: list[Script], tape: Tape, truth: Truth) -> None:
    """Each decision of the committee, and what stood on its desk."""
    for index, cohort in enumerate(plan.cohorts):
        members = [each for each in scripts if each.entry.cohort == (cohort.level, cohort.number)]
        ready = max(_observed(each) for each in members)
        level: dict[str, str | None] = {"dose level": cohort.level}
        truth.tell("DLT-05", level, ready, f"{cohort.level}: cohort {cohort.number} is complete")
        when = plan.decided(index)
        named = {
            "dose_level": cohort.level,
            "cohort_no": cohort.number,
            "outcome": cohort.outcome,
            "n": cohort.n,
            "x": cohort.x,
        }
        data = {
            "kind": "COHORT",
            "decided_at": stamp(when),
            "by": "src-chair",
            "role": "SAFETY_REVIEW_COMMITTEE",
            "reason": f"{cohort.x} of {cohort.n} with a dose-limiting toxicity",
            "cohort": named,
        }
        tape.put("decision", _NOBODY, f"DEC-{index + 1}", data, when, source="inbox")
        _standing(cohort.level, cohort.n, cohort.x, ready, truth)


def _observed(script: Script) -> datetime:
    """When the first blood count of the last day of observation is reported."""
    return clock(script.window_end, 8.5)


def _standing(level: str, n: int, x: int, ready: datetime, truth: Truth) -> None:
    """The registered criterion (3x <= n of at least six) and its conflict with 3+3 at 2 of 6."""
    if n < 6 or 3 * x > n:  # noqa: PLR2004 - registered outcome 3
        return
    truth.tell("MTD-01", {}, ready, f"{level} meets the registered criterion, {x} of {n}")
    if x > 1:
        truth.tell(
            "MTD-02", {"dose level": level}, ready, f"{level}: {x} of {n} conflicts with 3+3"
        )


def aggregates(plan: Plan, tape: Tape, truth: Truth) -> None:
    """Clusters that ordinary numbers of serious events make, and silences of sites."""
    serious = _first_serious(tape)
    for site in SITES:
        own = sorted((when, subject) for when, subject, where, _ in serious if where == site)
        _site_cluster(site, own, truth)
    for term in sorted({each[3] for each in serious}):
        told = sorted((when, subject) for when, subject, _, name in serious if name == term)
        _same_term(term, told, truth)
    _small_numbers(plan, truth)
    _silences(tape, truth)


def _first_serious(tape: Tape) -> list[tuple[datetime, str, str, str]]:
    """When each event that was scripted as serious was entered as such: who, where, what."""
    found: dict[tuple[str, str], tuple[datetime, str, str, str]] = {}
    for when, event in tape.arrived():
        data = event["data"]
        if event["schema"] == "adverse-event/1" and data.get("serious") == "Y":
            subject, site = event["subject_id"] or "-", event["site_id"] or "-"
            key = (subject, event["record_id"])
            found.setdefault(key, (when, subject, site, data["term"]))
    return list(found.values())


def _site_cluster(site: str, told: list[tuple[datetime, str]], truth: Truth) -> None:
    for when, _ in told:
        near = {who for then, who in told if timedelta_days(then, when) in range(_CLUSTER_DAYS)}
        if len(near) >= _CLUSTER:
            truth.tell("AGG-01", {"site": site}, when, "three subjects in 14 days", "background")
            return


def timedelta_days(then: datetime, now: datetime) -> int:
    """Calendar days from one instant to another."""
    first: date = then.date()
    return (now.date() - first).days


def _same_term(term: str, told: list[tuple[datetime, str]], truth: Truth) -> None:
    about: dict[str, str | None] = {"preferred term": term}
    for (then, one), (now, other) in pairwise(told):
        if one != other and timedelta_days(then, now) <= _SAME_TERM_DAYS:
            truth.tell("AGG-02", about, now, "the same serious term in two subjects", "background")
            return


def _small_numbers(plan: Plan, truth: Truth) -> None:
    """Boundaries that few subjects with scripted toxicities may cross early."""
    since = clock(START + days(14), 0)
    for endpoint in ("related_grade_3", "infusion_reaction", "secondary_malignancy"):
        why = "scripted toxicities among few subjects under follow-up"
        truth.tell("DLT-08", {"endpoint": endpoint}, since, why, "background")
    for endpoint in ("DLT", "SAE", "related_grade_3"):
        why = "scripted events gather at one level"
        truth.tell("AGG-03", {"endpoint": endpoint}, since, why, "background")
    for level in sorted({each.level for each in plan.cohorts}):
        about: dict[str, str | None] = {"dose level": level}
        why = f"{level}: scripted toxicities"
        for rule in ("DLT-05", "DLT-06", "DLT-07", "MTD-02"):
            truth.tell(rule, about, since, why, "background")
    truth.tell("MTD-01", {}, since, "the count at a level changes", "background")


def _silences(tape: Tape, truth: Truth) -> None:
    for site in SITES:
        times = [when for when, event in tape.arrived() if event["site_id"] == site]
        for before, after in pairwise([*times, tape.cut]):
            if after - before >= hours(_SILENT_HOURS):
                silent = before + hours(_SILENT_HOURS)
                about: dict[str, str | None] = {"source": "site", "id": site}
                truth.tell("DQ-07", about, silent, "nobody to report on", "background")
                break
