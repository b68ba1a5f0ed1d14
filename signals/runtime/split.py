"""What a sender posts, cut into events: one object, an array of them, or NDJSON.

Nothing of a body is thrown away: what cannot be cut further is one piece, which the door rejects
and keeps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from signals.runtime.intake import Piece

_SPACE = " \t\r\n"


def split(body: bytes, place: str) -> list[Piece]:
    """The events of a body, each as the bytes that came, numbered from 1."""
    text = body.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip(_SPACE)
    if not text:
        return []
    parts = list(_array(text)) if text.startswith("[") else _objects(text)
    return [
        Piece(part.encode("utf-8", "surrogateescape"), f"{place}:{number}")
        for number, part in enumerate(parts, start=1)
    ]


def _objects(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip(_SPACE)]
    # If no line is a value of its own, this is one event printed over several lines.
    return lines if any(_value_end(line, 0) == len(line.rstrip()) for line in lines) else [text]


def _array(text: str) -> Iterator[str]:
    """The elements of an array; where it breaks off or is no array, the rest is one piece."""
    at = _skip(text, 1)
    if text[at:] == "]":
        return
    while (end := _value_end(text, at)) is not None:
        after = _skip(text, end)
        mark = text[after : after + 1]
        if mark not in (",", "]") or (mark == "]" and text[after + 1 :].strip(_SPACE)):
            break
        yield text[at:end]
        if mark == "]":
            return
        at = _skip(text, after + 1)
    yield text[at:]


def _value_end(text: str, start: int) -> int | None:
    try:
        return _DECODER.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
