"""``signals study``: dose levels with advice, and the outcomes of the trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signals.cli.common import (
    AsOfOption,
    CannotRunError,
    FilesArgument,
    JsonOption,
    PackOption,
    end,
    instant_of,
    journal_of,
    judging,
    pack_of,
    put,
)

if TYPE_CHECKING:
    from signals.facts.kind import Fact, FactKind
    from signals.monitor.monitor import Monitor
    from signals.outcomes.model import Outcome


def study(
    files: FilesArgument,
    as_of: AsOfOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the dose levels with their counts and advice, and the outcomes O1 to O23.

    Percentages count only subjects whose window is over; who is left out is listed with the
    reason. It proposes nothing: people decide. Exit 1 if records were rejected.

    Example: signals study events.ndjson --as-of 2026-06-30 --json
    """
    from signals.outcomes.plain import as_json as outcome_json
    from signals.rulebook.fact_json import fact_json
    from signals.runtime.play import monitor_at

    rules = pack_of(pack)
    when = instant_of("--as-of", as_of, rules)
    played = journal_of(files, rules)
    rules = judging(rules, played)
    if not played.upto(when):
        raise CannotRunError(
            f"no record had arrived by {as_of or 'any time'}: nothing is known yet"
        )
    monitor = monitor_at(rules, played.records, when)
    dose, found = _dose(monitor), _outcomes(monitor)
    if as_json:
        for fact, kind in dose:
            put(fact_json(fact, kind))
        for each in found:
            put(outcome_json(each))
    else:
        _show(dose, found)
    end(findings=bool(played.rejected))


def _dose(monitor: Monitor) -> list[tuple[Fact, FactKind]]:
    """What is known of dose finding, the levels from the lowest up."""
    from signals.facts.dose_level import levels
    from signals.runtime.study_schema import OF_DOSE

    order = list(levels(monitor.context))
    found = [
        (fact, kind)
        for kind in monitor.kinds
        if kind.name in OF_DOSE
        for fact in monitor.facts()
        if fact.kind == kind.name
    ]
    return sorted(found, key=lambda one: order.index(str(one[0].key[0])) if one[0].key else -1)


def _outcomes(monitor: Monitor) -> list[Outcome]:
    from signals.outcomes.person import Trial
    from signals.outcomes.table import outcomes

    today = monitor.now.astimezone(monitor.pack.study.zone).date()
    return outcomes(Trial(monitor.context, today))


def _show(dose: list[tuple[Fact, FactKind]], found: list[Outcome]) -> None:
    from signals.cli import study_tables, tables

    out = tables.console()
    for fact, kind in dose:
        out.print(tables.fact(fact, kind))
    for each in found:
        out.print(study_tables.outcome(each))
