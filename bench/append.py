"""What it costs to append one more record to a long chart of one subject, beside a short one."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from time import process_time

from bench.engine import Engine
from bench.mix import chart
from bench.subject import Event, Subject
from signals.rulebook.pack import Pack

KINDS = ("lab-result", "vital-signs", "adverse-event")
ROUNDS = 5
_IN_A_ROUND = 20
_APART = timedelta(days=3)


def costs(pack: Pack, lengths: tuple[int, int], seed: int) -> dict[str, tuple[float, float]]:
    """By kind, the seconds of an append to the short and to the long chart, best of the rounds.

    A round appends twenty records and takes their mean; short and long take turns.
    """
    engines, last = zip(*(_filled(pack, length, seed) for length in lengths), strict=True)
    # Not the random numbers of the chart: an id that is there already would be a conflict.
    subject = Subject("001-001", max(last), Random(f"append {seed}"))  # noqa: S311 - no secret
    best: dict[str, tuple[float, float]] = {}
    for kind in KINDS:
        rounds = []
        for number in range(ROUNDS):
            first = number * _IN_A_ROUND
            events = [_one(subject, kind, each) for each in range(first, first + _IN_A_ROUND)]
            rounds.append(tuple(_seconds(engine, events) for engine in engines))
        short, long = (min(times) for times in zip(*rounds, strict=True))
        best[kind] = (short, long)
    return best


def _filled(pack: Pack, length: int, seed: int) -> tuple[Engine, datetime]:
    engine, events = Engine(pack), chart(length, seed)
    for event in events:
        engine(event)
    return engine, events[-1].arrival


def _one(subject: Subject, kind: str, number: int) -> Event:
    """A new record of some days ago: the new ones are not of one day, and time stands still."""
    at, record_id = subject.enrolled - number * _APART, f"NEW-{number}"
    if kind == "lab-result":
        return subject.lab_result(record_id, 0, at)
    if kind == "vital-signs":
        return subject.vital_signs(record_id, at)
    return subject.adverse_event(record_id, at, {"grade": 2})


def _seconds(engine: Engine, events: list[Event]) -> float:
    begun = process_time()
    for event in events:
        engine(event)
    return (process_time() - begun) / len(events)
