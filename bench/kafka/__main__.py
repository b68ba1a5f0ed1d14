"""``python -m bench.kafka``: measure the stream, print a table or JSON; exit 1 if a bar is not held."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench.kafka.catch_up import CatchUp, catch_up
from bench.kafka.delay import Delays, delays
from bench.kafka.place import trial
from bench.kafka.rate import Passed, Rate, rate
from signals.rulebook.pack import load_pack
from tests.kafka.broker import NoBrokerError, some_broker

_PACK = Path(__file__).resolve().parents[2] / "rules" / "uc-msc"
LEAST_RATE, MOST_SECONDS, LEAST_CATCH_UP = 0.5, 0.2, 0.8
"""The bars: events a second beside bare agents, p99 from event to alert, catch-up beside the fold."""


class Size(NamedTuple):
    """How much is measured; ``catch_up``: None is the whole trial."""

    rate: int = 20_000
    delay_seconds: int = 60
    short_trial: bool = False


SHORT = Size(rate=3_000, delay_seconds=10, short_trial=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks on one broker."""
    options = _options().parse_args(arguments)
    size = SHORT if options.short else Size()
    try:
        with tempfile.TemporaryDirectory() as folder, some_broker(Path(folder)) as bootstrap:
            return _report(*_measure(bootstrap, Path(folder), size, options.seed), options.json)
    except NoBrokerError as error:
        print(f"no broker to measure on: {error}", file=sys.stderr)
        return 2


def _measure(bootstrap: str, folder: Path, size: Size, seed: int) -> tuple[Rate, Delays, CatchUp]:
    events = trial(seed, short=size.short_trial)
    passed = rate(bootstrap, folder, events[: size.rate])
    some = trial(seed, short=True)
    delayed = delays(bootstrap, folder, load_pack(_PACK), some, size.delay_seconds)
    return passed, delayed, catch_up(bootstrap, folder, _PACK, events)


def _report(passed: Rate, delayed: Delays, caught: CatchUp, as_json: bool) -> int:
    bars = {
        "events/s / bare agents": (passed.ratio, f"at least {LEAST_RATE}", LEAST_RATE),
        "catch-up / plain fold": (caught.ratio, f"at least {LEAST_CATCH_UP}", LEAST_CATCH_UP),
    }
    held = {name: ratio >= least for name, (ratio, _, least) in bars.items()}
    held["event to alert, p99"] = delayed.worker.p99 < MOST_SECONDS
    if as_json:
        told = {
            "rate": _both(passed),
            "delay": {name: one._asdict() for name, one in delayed._asdict().items()},
            "catch_up": _both(caught),
            "held": held,
        }
        print(json.dumps(told, indent=2))
    else:
        print("\n".join(_table(passed, delayed, caught, held)))
    return int(not all(held.values()))


def _both(one: Rate | CatchUp) -> dict[str, object]:
    plain = {k: v._asdict() if isinstance(v, Passed) else v for k, v in one._asdict().items()}
    return plain | {"ratio": one.ratio, "ratio_of_processor_time": one.of_processor}


def _table(passed: Rate, delayed: Delays, caught: CatchUp, held: dict[str, bool]) -> list[str]:
    lines = [
        (f"intake and monitor, {passed.events} events", _passed(passed.worker)),
        ("two bare agents", f"{_passed(passed.bare)}; {_ratios(passed)}"),
        (f"catch-up of {caught.events} events", _passed(caught.worker)),
        ("plain fold", f"{_passed(caught.plain)}; {_ratios(caught)}"),
        ("event to alert", _delay(*delayed.worker)),
        ("two bare agents", _delay(*delayed.bare)),
    ]
    return [
        *(f"{name:<36}{figure}" for name, figure in lines),
        *(
            f"{name:<36}{'     ok' if fine else '  above or below its bar'}"
            for name, fine in held.items()
        ),
    ]


def _passed(one: Passed) -> str:
    return f"{one.per_second:8.0f} events/s, {one.seconds * 1e6:.0f} us of a processor each"


def _ratios(one: Rate | CatchUp) -> str:
    return f"ratio {one.ratio:.2f}, of processor time {one.of_processor:.2f}"


def _delay(p50: float, p99: float, count: int) -> str:
    return f"{p50 * 1000:8.0f} ms p50, {p99 * 1000:.0f} ms p99 of {count}"


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bench.kafka", description=__doc__)
    options.add_argument("--json", action="store_true", help="figures as one JSON object")
    options.add_argument("--seed", type=int, default=1, help="of the simulated trial")
    options.add_argument("--short", action="store_true", help="a few minutes, to try it out")
    return options


if __name__ == "__main__":
    sys.exit(main())
