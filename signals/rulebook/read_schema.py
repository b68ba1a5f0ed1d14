"""What an editor may know of the parts of a page that have forms of their own (JSON Schema)."""

from __future__ import annotations

from typing import Any

from signals.events.kinds.desk import ANSWERS

DECISIONS = (
    "ADJUDICATION",
    *(f"ADJUDICATION {question}" for question in ANSWERS),
    "COHORT",
    "LOT",
    "SIGN_OFF",
)
"""The kinds of decision, as events write them, that can end an alert.

An adjudication may name its question: an infusion can be ruled on twice, and only the answer to
the rule's own question ends its alert.
"""

_LIMIT = {"type": ["string", "number"]}
_WORDS = {"type": "array", "items": {"type": "string"}, "minItems": 1}


def _only(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: value},
        "required": [key],
        "additionalProperties": False,
    }


_LIST = {"anyOf": [{"type": "string"}, _WORDS]}
_PLAIN: list[dict[str, Any]] = [
    _LIMIT | {"description": "a word, or a comparison such as '>= 3' or '< 50 10*9/L'"},
    _WORDS | {"description": "any of these words"},
    _only("in", _LIST),
    _only("not in", _LIST),
    _only("between", {"type": "array", "items": _LIMIT, "minItems": 2, "maxItems": 2}),
]

CONDITION: dict[str, Any] = {
    "anyOf": [
        *_PLAIN,
        _only("known", {"enum": ["yes", "no"]}),
        _only("may be", {"anyOf": _PLAIN}),
    ]
}
CONDITIONS: dict[str, Any] = {
    "description": "conditions by field; all of them hold",
    "anyOf": [
        {"type": "object", "additionalProperties": CONDITION, "minProperties": 1},
        {"type": "null", "description": "empty, in a draft only"},
    ],
}
UNLESS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"why": {"type": "string"}},
        "required": ["why"],
        "additionalProperties": CONDITION,
    },
}
_WORD: dict[str, Any] = {"enum": ["critical", "high", "medium", "low", "info"]}
PRIORITY: dict[str, Any] = {
    "anyOf": [
        _WORD,
        {
            "type": "array",
            "minItems": 2,
            "items": {
                "type": "object",
                "propertyNames": _WORD,
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": {"type": "string", "pattern": "^(when .+|otherwise)$"},
            },
        },
    ]
}
SIGN_OFFS = ("SERIOUSNESS_DOWNGRADE",)
"""The sign-offs that sign a withdrawal too (``needs sign-off: SERIOUSNESS_DOWNGRADE``)."""

ALERT_ENDS: dict[str, Any] = {
    "anyOf": [
        {"enum": ["when no longer true", "needs sign-off", "never"]},
        {"enum": [f"by decision: {kind}" for kind in DECISIONS]},
        {"enum": [f"needs sign-off: {kind}" for kind in SIGN_OFFS]},
    ]
}
