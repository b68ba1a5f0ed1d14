"""Which scenarios there are, how often each is planted, and who can carry which together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signals.simulate.plan import Entry, Plan
from signals.simulate.scenarios import (
    contradictions,
    deaths,
    dose_limiting,
    infusions,
    records,
    serious,
)
from signals.simulate.story import Story

Scenario = Callable[[Story], None]
_SHARED = "near"


@dataclass(frozen=True, slots=True)
class Planting:
    """A scenario, how often the full trial has it, and what of a subject's course it claims.

    ``near`` (it rests on the usual schedule) may be claimed by many, but not beside ``schedule``.
    A scenario that ``counts`` makes a dose-limiting toxicity, so no subject of a cohort carries it.
    """

    scenario: Scenario
    times: int
    claims: frozenset[str] = frozenset()
    counts: bool = False
    chemotherapy: bool = False


def _many(
    scenarios: tuple[Scenario, ...], times: int, *claims: str, counts: bool = False
) -> tuple[Planting, ...]:
    return tuple(Planting(each, times, frozenset(claims), counts) for each in scenarios)


def _one(
    scenario: Scenario, times: int, *claims: str, counts: bool = False, chemotherapy: bool = False
) -> Planting:
    return Planting(scenario, times, frozenset(claims), counts, chemotherapy)


CATALOGUE: tuple[Planting, ...] = (
    _one(dose_limiting.schedule_slipped, 2, "schedule", "dose1", "dose2", "dose3", counts=True),
    _one(dose_limiting.infusion_entered_late, 2, "dose3", "near", counts=True),
    *_many(
        (
            dose_limiting.registered_and_confirmed,
            dose_limiting.grade_three,
            dose_limiting.worsened_in_window,
            dose_limiting.last_and_next_day,
            dose_limiting.onset_known_to_the_month,
            dose_limiting.causality_open,
            dose_limiting.corrected_away,
            dose_limiting.voided,
            dose_limiting.late_entry,
        ),
        2,
        "near",
        counts=True,
    ),
    _one(infusions.coded_reaction, 4, "dose2", "near", counts=True),
    _one(infusions.anaphylaxis, 2, "dose3", "near", counts=True),
    _one(infusions.cytokine_release_pattern, 2, "dose1", "near", "fever", counts=True),
    _one(infusions.hypotension, 3, "dose1"),
    _one(infusions.stopped_without_reason, 2, "dose1", counts=True),
    _one(infusions.fever_without_event, 3, "dose2"),
    _one(infusions.unlikely_chills, 3, "dose2"),
    _one(infusions.overdose, 2, "dose2", counts=True),
    _one(infusions.hypoxia, 2, "dose3"),
    _one(infusions.dose_mistyped, 2, "dose3"),
    *_many((infusions.delayed_rash, infusions.thrombosis), 2, "near"),
    *_many(
        (
            serious.reported_in_time,
            serious.reported_at_the_last,
            serious.reported_too_late,
            serious.seven_days,
            serious.seven_days_late,
            serious.new_information,
            serious.upgraded_to_serious,
            serious.upgraded_and_reportable,
            serious.sponsor_silent,
            serious.site_late,
            serious.narrative_missing,
            serious.opinions_differ,
            serious.caller_without_code,
            serious.pregnancy,
            serious.downgraded,
        ),
        2,
        "near",
    ),
    _one(serious.expected_fever, 1, "near"),
    *_many(
        (
            deaths.untold,
            deaths.of_a_serious_event,
            deaths.undated,
            deaths.seen_alive_afterwards,
            deaths.fatal_but_grade_four,
        ),
        2,
        "death",
    ),
    *_many(
        (
            contradictions.seriousness_missing,
            contradictions.no_criterion,
            contradictions.criterion_of_a_non_serious_one,
            contradictions.grade_four_not_life_threatening,
            contradictions.end_before_start,
            contradictions.onset_after_report,
            contradictions.impossible_date,
            contradictions.unreadable_grade,
            contradictions.misspelt_key,
            contradictions.correction_without_origin,
            contradictions.related_before_infusion,
            contradictions.expectedness_disagrees,
            contradictions.progression_without_date,
            contradictions.report_without_duty,
            contradictions.two_contents_of_one_message,
            records.causality_late,
            records.wrong_subject,
            records.entered_twice,
            records.newer_version_first,
            records.assessment_missed,
            records.hy_s_law,
            records.high_potassium,
            records.bloodstream_infection,
            records.major_bleeding,
        ),
        2,
        "near",
    ),
    _one(records.anchor_entered_late, 2, "anchor"),
    _one(records.fever_with_unknown_neutrophils, 2, "fever", "near", chemotherapy=True),
    _one(records.second_tumour, 2, "tumour", "death"),
    _one(records.second_tumour_without_histology, 2, "tumour", "death"),
)


def assigned(
    plan: Plan, entries: list[Entry], chemotherapy: set[str]
) -> Iterator[tuple[Entry, Scenario]]:
    """Who carries which scenario, in the order in which they are to be written.

    The full trial spreads them over phase II; the short one plants each once, on anybody who can
    carry it.

    Raises:
        ValueError: nobody can carry a scenario: the plan has too few subjects.
    """
    carriers = [each for each in entries if each.phase == "II" or not plan.dense]
    claimed: dict[str, set[str]] = {each.subject: set() for each in carriers}
    load = dict.fromkeys(claimed, 0)
    for planting in CATALOGUE:
        for _ in range(planting.times if plan.dense else 1):
            able = [
                each
                for each in carriers
                if _fits(planting, each, claimed[each.subject], chemotherapy)
            ]
            if not able:
                raise ValueError(f"nobody is left to carry {planting.scenario.__name__}")
            chosen = min(able, key=lambda each: (load[each.subject], each.position))
            load[chosen.subject] += 1
            claimed[chosen.subject] |= planting.claims
            yield chosen, planting.scenario


def _fits(planting: Planting, entry: Entry, claimed: set[str], chemotherapy: set[str]) -> bool:
    if planting.counts and entry.phase == "IB":
        return False
    if planting.chemotherapy and entry.subject not in chemotherapy:
        return False
    claims = planting.claims
    if ("schedule" in claims and "near" in claimed) or ("near" in claims and "schedule" in claimed):
        return False
    return not (claims & claimed) - {_SHARED}
