"""Broken events: valid ones, each mutated in one way that senders have found before.

`malformed(n, seed)` gives the same events every time, for tests of every entrance.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.events.samples import SAMPLES

_NUMBERS = ("NaN", "-Infinity", "9" * 5000, "1e999999999", "1E-400", "-0.0", "1" * 25, "0.1e+31")
_TEXTS = (
    "2026-02-30",
    "2026---04",
    "2026-13",
    "2031-01-01",
    "0026-03-01",
    "9999-12-31T23:59:59-14:00",
    "24/03/2026",
    "",
    "   ",
    "１２",
    "1,40",
    "<",
    "1e31",
    "possible",
    "\u0000",
    "x" * 5000,
)
_BYTES = (b"\xff", b"\x00", b'"', b"}", b"{", b"[", b"\\", b"\xe5\x8f", b"\\ud83d", b"\r\n", b",")
_Mutation = Callable[[dict[str, Any], Random], bytes]


def _line(event: object) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _place(event: dict[str, Any], random: Random) -> tuple[dict[str, Any], str]:
    part = random.choice([part for part in _objects(event) if part])
    return part, random.choice(list(part))


def _value(random: Random) -> object:
    values: tuple[object, ...] = (
        None,
        True,
        -1,
        0,
        7,
        [],
        {},
        [None],
        [[1]],
        {"a": {"b": []}},
        10**30,
    )
    return random.choice((*values, *_TEXTS))


def _cut(event: dict[str, Any], random: Random) -> bytes:
    line = _line(event)
    return line[: random.randrange(len(line))]


def _struck(event: dict[str, Any], random: Random) -> bytes:
    line = _line(event)
    at = random.randrange(len(line))
    return line[:at] + random.choice(_BYTES) + line[at + random.randrange(3) :]


def _mistyped(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    part[key] = _value(random)
    return _line(event)


def _missing(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    del part[key]
    return _line(event)


def _misspelt_key(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    at = random.randrange(len(key))
    part[key[:at] + key[at + 1 :]] = part.pop(key)
    return _line(event)


def _misspelt_value(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    text = str(part[key])
    at = random.randrange(len(text) + 1)
    part[key] = text[:at] + random.choice("xX0-_ é") + text[at:]
    return _line(event)


def _number(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    part[key] = "@@"
    return _line(event).replace(b'"@@"', random.choice(_NUMBERS).encode())


def _twice(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    part["@@"] = _value(random)
    return _line(event).replace(b'"@@"', json.dumps(key).encode())


def _surrogate(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    if random.random() < 0.5:
        part["\ud83d"] = part.pop(key)
    else:
        part[key] = "a\udc00b"
    return json.dumps(event).encode()


def _encoded(event: dict[str, Any], random: Random) -> bytes:
    encoding = random.choice(("utf-16", "utf-8-sig", "gb18030", "utf-32-le", "latin-1"))
    return json.dumps(event, ensure_ascii=False).encode(encoding, "replace")


def _deep(event: dict[str, Any], random: Random) -> bytes:
    part, key = _place(event, random)
    part[key] = "@@"
    depth = random.choice((50, 199, 260, 5000))
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return _line(event).replace(b'"@@"', opening * depth + b"1" + closing * depth)


def _no_object(event: dict[str, Any], random: Random) -> bytes:
    return random.choice((b"", b" ", b"null", b"5", b'"text"', b"[]", _line([event]), b"\xff\xfe"))


def _service_keys(event: dict[str, Any], random: Random) -> bytes:
    key = random.choice(("ingested_at", "problems", "backfill", "conflict"))
    event[key] = _value(random)
    return _line(event)


MUTATIONS: tuple[_Mutation, ...] = (
    _cut,
    _struck,
    _mistyped,
    _missing,
    _misspelt_key,
    _misspelt_value,
    _number,
    _twice,
    _surrogate,
    _encoded,
    _deep,
    _no_object,
    _service_keys,
)


def malformed(n: int, seed: int) -> Iterator[tuple[bytes, str]]:
    """`n` broken events and the name of what was done to each; the same for the same seed."""
    random = Random(seed)  # noqa: S311  (it must repeat, not surprise)
    lines = [json.dumps(event) for event in SAMPLES.values()]
    for _ in range(n):
        mutate = random.choice(MUTATIONS)
        event = json.loads(random.choice(lines))
        yield mutate(event, random), mutate.__name__.strip("_")
