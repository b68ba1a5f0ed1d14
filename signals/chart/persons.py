"""Which subject numbers are one person: a re-screened subject gets a new number (EC-144)."""

from __future__ import annotations


class Persons:
    """Numbers linked by ``previous_subject_id``; a person is a connected group of them."""

    def __init__(self) -> None:
        """Start with nobody linked."""
        self._previous: dict[str, str] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    def of(self, subject: str) -> tuple[str, ...]:
        """All numbers of the person, sorted."""
        return self._groups.get(subject, (subject,))

    def link(self, subject: str, previous: str | None) -> tuple[str, ...]:
        """State which number the subject had before (None: no other).

        Returns everybody whose group is now another, in the old or in the new grouping.
        """
        if self._previous.get(subject) == previous:
            return ()
        before = set(self.of(subject))
        if previous is None:
            del self._previous[subject]
        else:
            before |= set(self.of(previous))
            self._previous[subject] = previous
        self._regroup(before)
        return tuple(sorted(before))

    def _regroup(self, members: set[str]) -> None:
        for member in members:
            self._groups.pop(member, None)
        for member in members:
            previous = self._previous.get(member)
            if previous is not None:
                joined = tuple(sorted({*self.of(member), *self.of(previous)}))
                self._groups |= dict.fromkeys(joined, joined)
