"""Dataclasses that nobody changes, made by the million.

``@dataclass(frozen=True)`` of the standard library guards every instance while it runs, and so makes
each several times slower to build.  Here the type checker alone holds them frozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as immutable
else:
    from collections.abc import Callable
    from dataclasses import dataclass

    T = TypeVar("T")

    def immutable(*, frozen: bool, slots: bool, eq: bool = True) -> Callable[[type[T]], type[T]]:
        """A dataclass; written as ``@immutable(frozen=True, slots=True)``, as the checker reads it."""

        def made(cls: type[T]) -> type[T]:
            own_hash = "__hash__" in cls.__dict__
            return dataclass(slots=slots, eq=eq, unsafe_hash=frozen and eq and not own_hash)(cls)

        return made


__all__ = ["immutable"]
