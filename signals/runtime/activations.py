"""Which packs a journal put in force; a pack that was in force travels in the journal itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from signals.book.fold import pack_of
from signals.rulebook.pack import Pack
from signals.runtime.journal import Journal


def first_pack(journal: Journal, given: Pack) -> Pack:
    """The pack that the journal activated first, so that it is always folded alike.

    It is in force from the beginning: on Kafka records may come before the activation does.
    ``given``: in force if the journal never activated one.

    Raises:
        PackError: this version cannot read the pack.
    """
    found = list(_activations(journal, journal.last()[0]))
    first = found[-1] if found else None
    if first is None or first["pack_hash"] == given.hash:
        return given
    return pack_of(first.get("files") or {})


def pack_in_force(journal: Journal) -> Pack | None:
    """The pack that the journal activated last; None if it never activated one.

    Raises:
        PackError: this version cannot read the pack.
    """
    activation = _last_activation(journal, journal.last()[0])
    return None if activation is None else pack_of(activation.get("files") or {})


def active_hash(journal: Journal) -> str | None:
    """The hash of the pack that the journal activated last."""
    activation = _last_activation(journal, journal.last()[0])
    return None if activation is None else activation["pack_hash"]


def _last_activation(journal: Journal, upto: int) -> dict[str, Any] | None:
    return next(_activations(journal, upto), None)


def _activations(journal: Journal, upto: int) -> Iterator[dict[str, Any]]:
    """What the activations say, the last first."""
    for _, line in journal.of_kind("pack-activation", upto):
        yield json.loads(line)["data"]
