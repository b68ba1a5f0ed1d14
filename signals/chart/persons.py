"""Which subject numbers are one person: a re-screened subject gets a new number (EC-144)."""

from __future__ import annotations


class Persons:
    """Numbers linked by ``previous_subject_id``; a person is a connected group of them."""

    def __init__(self) -> None:
        """Start with nobody linked."""
        self._previous: dict[str, frozenset[str]] = {}
        self.groups: dict[str | None, tuple[str, ...]] = {}
        """Of everybody with more than one number all of them, sorted."""

    def of(self, subject: str) -> tuple[str, ...]:
        """All numbers of the person, sorted."""
        return self.groups.get(subject, (subject,))

    def link(self, subject: str, previous: frozenset[str]) -> tuple[str, ...]:
        """State which numbers the subject had before (empty: no other).

        Returns everybody whose group is now another, in the old or in the new grouping.
        """
        if self._previous.get(subject, frozenset()) == previous:
            return ()
        members = {each for number in (subject, *previous) for each in self.of(number)}
        self._previous[subject] = previous
        self._regroup(members)
        return tuple(sorted(members))

    def _regroup(self, members: set[str]) -> None:
        for member in members:
            self.groups.pop(member, None)
        for member in members:
            for previous in self._previous.get(member, ()):
                joined = tuple(sorted({*self.of(member), *self.of(previous)}))
                for number in joined:
                    self.groups[number] = joined
