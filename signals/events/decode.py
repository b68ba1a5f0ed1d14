"""From bytes to a decoded event: nothing a sender writes is an exception, and nothing is lost.

The usual event takes a short way. Whatever cannot be told plainly in JSON (a key given twice, NaN,
text that is not UTF-8, a number beyond all measure) takes a longer one: it is kept as text or as a
list, and listed as a problem of its place.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from signals.events.canonical import canonical_json
from signals.events.problems import Problem, pointer

_DEEPEST = 200
_LONGEST_NUMBER = 40
_LONGEST_INTEGER = 18


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded event, and the places in it that JSON alone does not tell."""

    event: dict[str, Any]
    problems: tuple[Problem, ...] = ()


class NotAnEventError(ValueError):
    """The bytes are no JSON object; the message says why."""


class _OddError(Exception):
    """The event needs the longer way."""


@dataclass(frozen=True, slots=True)
class _Odd:
    """A value to be kept in another form, and why it cannot be read."""

    kept: Any
    why: str
    allowed: str


def decode(raw: bytes | str | dict[str, Any]) -> Decoded:
    """The event that the bytes hold; NotAnEventError if they hold none."""
    try:
        text = _text(raw)
        try:
            return Decoded(_object(_PLAIN.decode(text)))
        except (_OddError, ArithmeticError):
            return _odd_event(text)
        except json.JSONDecodeError:
            raise
        except ValueError:
            return _odd_event(text)
    except json.JSONDecodeError as error:
        raise NotAnEventError(f"is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise NotAnEventError(f"is nested more than {_DEEPEST} levels deep") from None


def decode_again(raw: bytes | str | dict[str, Any]) -> Decoded:
    """The same by the longer way, for an event whose canonical JSON cannot be written."""
    try:
        return _odd_event(_text(raw))
    except RecursionError:
        raise NotAnEventError(f"is nested more than {_DEEPEST} levels deep") from None


def as_bytes(raw: bytes | str | dict[str, Any]) -> bytes:
    """What was sent, as bytes to keep."""
    if isinstance(raw, bytes):
        return raw
    if isinstance(raw, str):
        return raw.encode("utf-8", "surrogatepass")
    try:
        return canonical_json(raw)
    except TypeError:
        return repr(raw).encode("utf-8", "backslashreplace")


def _text(raw: bytes | str | dict[str, Any]) -> str:
    if isinstance(raw, bytes):
        return raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    return _text_of(raw)


def _text_of(event: dict[str, Any]) -> str:
    try:
        return canonical_json(event).decode()
    except TypeError:
        pass
    try:
        return json.dumps(event)
    except (TypeError, ValueError) as error:
        raise NotAnEventError(f"is not JSON: {error}") from None


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise NotAnEventError("is JSON, but not an object")


def _odd_event(text: str) -> Decoded:
    problems: list[Problem] = []
    event = _object(_cleaned(_CAREFUL.decode(text), (), problems))
    return Decoded(event, tuple(problems))


def _cleaned(value: Any, path: tuple[str | int, ...], problems: list[Problem]) -> Any:
    """The value with every odd part kept in a form that JSON can tell, each a problem."""
    if len(path) > _DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        return {
            _key(key, path, problems): _cleaned(item, (*path, _readable(key)), problems)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_cleaned(item, (*path, place), problems) for place, item in enumerate(value)]
    if isinstance(value, str):
        return _clean_text(value, path, problems)
    if isinstance(value, _Odd):
        problems.append(Problem(pointer(path), value.why, value.allowed))
        return _cleaned(value.kept, path, [])
    return value


def _key(key: str, path: tuple[str | int, ...], problems: list[Problem]) -> str:
    name = _readable(key)
    if name != key:
        problems.append(Problem(pointer((*path, name)), "the key is not UTF-8 text", "UTF-8 text"))
    return name


def _clean_text(text: str, path: tuple[str | int, ...], problems: list[Problem]) -> str:
    readable = _readable(text)
    if readable != text:
        problems.append(
            Problem(pointer(path), "is not UTF-8 text; the field is unknown", "UTF-8 text")
        )
    return readable


def _readable(text: str) -> str:
    """The text; bytes that are not UTF-8 and lone surrogates as backslash escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _plain_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _OddError
    return found


def _no_constant(_: str) -> NoReturn:
    raise _OddError


def _careful_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    given: dict[str, dict[str, Any]] = {}
    for key, value in pairs:
        given.setdefault(key, {}).setdefault(repr(value), value)
    return {key: _one_of(list(values.values())) for key, values in given.items()}


def _one_of(values: list[Any]) -> object:
    if len(values) == 1:
        return values[0]
    return _Odd(
        values,
        "the key stands more than once with different values; the field is unknown",
        "each key once",
    )


def _careful_constant(text: str) -> _Odd:
    return _Odd(text, f"{text} is not a JSON value; the field is unknown", "a number or null")


def _careful_integer(text: str) -> object:
    return int(text) if len(text) <= _LONGEST_INTEGER else _too_long(text)


def _careful_number(text: str) -> object:
    if len(text) > _LONGEST_NUMBER:
        return _too_long(text)
    try:
        return Decimal(text)
    except ArithmeticError:
        return _too_long(text)


def _too_long(text: str) -> _Odd:
    return _Odd(text, "the number is too large to be read", "a number of at most 18 digits")


_PLAIN = json.JSONDecoder(
    object_pairs_hook=_plain_object, parse_float=Decimal, parse_constant=_no_constant
)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_careful_object,
    parse_float=_careful_number,
    parse_int=_careful_integer,
    parse_constant=_careful_constant,
)
