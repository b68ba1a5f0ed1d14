"""``python -m bench``: measure, print a table or JSON; exit 1 if a ratio is above its bar."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.measure import Result, Size, measure
from bench.show import as_json, table

_PACK = Path(__file__).resolve().parent.parent / "rules" / "uc-msc"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks."""
    options = _options().parse_args(arguments)
    size = Size(options.subjects, options.short, options.long, options.short_trial)
    result = measure(options.pack, size, options.seed)
    print(json.dumps(as_json(result), indent=2) if options.json else table(result))
    return int(_any_above(result))


def _any_above(result: Result) -> bool:
    return any(ratio > most for ratio, most in result.ratios.values())


def _options() -> argparse.ArgumentParser:
    usual = Size()
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--json", action="store_true", help="figures as one JSON object")
    options.add_argument("--seed", type=int, default=1, help="of the invented mix of events")
    options.add_argument("--subjects", type=int, default=usual.subjects)
    options.add_argument("--short", type=int, default=usual.short, help="records, short chart")
    options.add_argument("--long", type=int, default=usual.long, help="records, long chart")
    options.add_argument(
        "--short-trial", action="store_true", help="12 of the 181 subjects of the simulated trial"
    )
    options.add_argument("--pack", type=Path, default=_PACK, help="folder of the rule pack")
    return options


if __name__ == "__main__":
    sys.exit(main())
