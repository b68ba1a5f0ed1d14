"""The figures of a run as a table, or as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bench.measure import Beside, Result

_MICRO = 1e6


def table(result: Result) -> str:
    """What was measured and how, then the figures; each ratio beside its bar."""
    return "\n".join([*_setting(result), "", *_times(result), "", *_ratios(result)])


def as_json(result: Result) -> dict[str, Any]:
    """The same with keys; times in seconds."""
    ratios = {
        name: {"ratio": ratio, "at_most": most} for name, (ratio, most) in result.ratios.items()
    }
    plain = {
        "engine": result.engine._asdict(),
        "without_matcher": result.without_matcher._asdict(),
        "alone": result.alone._asdict(),
        "trial": result.trial._asdict(),
    }
    return asdict(result) | plain | {"ratios": ratios}


def _setting(result: Result) -> list[str]:
    mix = ", ".join(f"{kind} {share:.1%}" for kind, share in result.mix.items())
    return [
        f"{result.events} events of {result.subjects} subjects over two years, seed {result.seed}",
        f"mix: {mix}",
        "engine: bytes, record, chart, facts, both judges, standing, book; no disk",
        "reference: the same bytes decoded by pydantic, then one adverse event asserted and retracted",
        f"  in durable-rules under the pack's rules on that kind (rulesets: {result.rulesets})",
        "processor time of one core; the loops take turns; warmed up",
    ]


def _times(result: Result) -> list[str]:
    alone = result.alone
    lines = [
        ("engine", _beside(result.engine)),
        ("engine without matcher", _beside(result.without_matcher)),
        ("facts judged", f"{result.facts_judged:9.2f} an event"),
        ("matcher calls", f"{result.matcher_calls:9.2f} an event"),
        ("matcher's share of the engine", f"{result.matcher_share:9.1%}"),
        ("revisions published", f"{result.revisions:9}"),
        ("engine alone", f"{alone.events_per_second:9.0f} events/s"),
        ("its peak memory", f"{alone.peak_mib:9.0f} MiB ({alone.before_mib:.0f} before)"),
    ]
    trial = result.trial
    lines += [
        (f"simulated trial, {trial.events} events", f"{trial.events_per_second:9.0f} events/s"),
        ("its peak memory", f"{trial.peak_mib:9.0f} MiB"),
    ]
    for kind, (short, long) in result.appends.items():
        figures = f"{short * _MICRO:9.0f} us short, {long * _MICRO:.0f} us long chart"
        lines.append((f"append {kind}", figures))
    return [f"{name:<34}{figure}" for name, figure in lines]


def _beside(found: Beside) -> str:
    own, reference = found.engine * _MICRO, found.reference * _MICRO
    return f"{own:9.0f} us an event, the reference {reference:.0f} us"


def _ratios(result: Result) -> list[str]:
    return [
        f"{name:<52}{ratio:6.2f}   at most {most:g}   {'above' if ratio > most else 'ok'}"
        for name, (ratio, most) in result.ratios.items()
    ]
