"""What is wrong with an event, said so that its sender can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in an event that could not be read.

    `pointer` is the JSON pointer (RFC 6901) of the place, `message` says what stands there and
    what became of it, `allowed` what would be read.
    """

    pointer: str
    message: str
    allowed: str

    def as_json(self) -> dict[str, str]:
        """The problem as it stands in the journal and in the rejected events."""
        return {"pointer": self.pointer, "message": self.message, "allowed": self.allowed}


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event without a readable envelope: its reasons, and the bytes as they came."""

    reasons: tuple[Problem, ...]
    raw: bytes


def pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer of a path of keys and places."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def path_of(text: str) -> tuple[str, ...]:
    """The keys of a JSON pointer; places in lists stay text."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most probably meant, or None."""
    if not isinstance(word, str) or len(word) > 2 * _SHOWN:
        return None
    by_fold = {_fold(name): name for name in known}
    found = get_close_matches(_fold(word), by_fold, n=1, cutoff=0.7)
    return by_fold[found[0]] if found else None


def _fold(word: str) -> str:
    return word.strip().lower().replace("_", " ").replace("-", " ")


def shown(value: object) -> str:
    """A coded value, date or number for a message; anything long is cut."""
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, dict):
        text = "an object"
    elif isinstance(value, list):
        text = "a list"
    elif value is None:
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = str(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
