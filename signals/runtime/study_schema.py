"""The JSON Schema of what ``signals study --json`` writes: a line is one of its objects."""

from __future__ import annotations

from typing import Any

from signals.facts.registry import dictionary
from signals.outcomes.plain import Outcome
from signals.rulebook.fact_json import fact_schema

OF_DOSE = ("dose finding", "dose level")
"""The kinds of fact that stand before the outcomes."""


def study_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a line, strict about unknown keys."""
    outcome = Outcome.model_json_schema(mode="serialization")
    definitions = outcome.pop("$defs")
    facts = [fact_schema(dictionary()[name]) for name in OF_DOSE]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of signals study --json",
        "oneOf": [*facts, outcome],
        "$defs": definitions,
    }
