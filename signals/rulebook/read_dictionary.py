"""What the reader of rules needs to know of the kinds of fact: their names, keys and fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from signals.facts.kind import Field


class FactKindDoc(Protocol):
    """One kind of fact; ``FactKind`` and the entries of ``signals.facts.registry`` both are one."""

    @property
    def name(self) -> str:
        """As a rule writes it under ``judges``."""
        ...

    @property
    def about(self) -> tuple[str, ...]:
        """The names of the key, in order."""
        ...

    @property
    def fields(self) -> Mapping[str, Field]:
        """Its fields by name."""
        ...


Dictionary: TypeAlias = Mapping[str, FactKindDoc]
