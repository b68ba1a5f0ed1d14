"""Which packs a journal put in force; a pack that was in force travels in the journal itself."""

from __future__ import annotations

import json
from typing import Any

from signals.book.fold import pack_of
from signals.rulebook.pack import Pack
from signals.runtime.journal import Journal


def first_pack(journal: Journal, given: Pack) -> Pack:
    """The pack with which the journal begins, so that it is always folded alike.

    ``given``: in force if the journal does not begin with an activation.

    Raises:
        PackError: this version cannot read the pack.
    """
    activation = _last_activation(journal, upto=1)
    if activation is None or activation["pack_hash"] == given.hash:
        return given
    return pack_of(activation.get("files") or {})


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
    for _, line in journal.of_kind("pack-activation", upto):
        data: dict[str, Any] = json.loads(line)["data"]
        return data
    return None
