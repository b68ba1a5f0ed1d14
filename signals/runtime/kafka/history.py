"""Whether the journal that is read is the one from which the published alerts came.

Counts alone do not tell: once as many new records have come as were lost, all seems to be there.
So the mark of a study bears a digest of its journal, which whoever reads it works out anew.
"""

from __future__ import annotations

import json
from datetime import UTC
from hashlib import sha256

from signals.events import Record
from signals.runtime.kafka.state import Mark

_WHAT_TO_DO = (
    "nothing more of this study is folded or published, its records stay in the journal; restore the"
    " topic journal, or bring the study into a new installation (another prefix):"
    " docs/ops/runbooks/SignalsJournalLost.md"
)


class History:
    """The journal of one study as it is read, held against what was published.

    ``upto``: the position up to which the study is published, 0 if it never was.
    ``lost``: why the journal is another one; empty as long as it may be the same.
    """

    def __init__(self, study_id: str, mark: Mark | None) -> None:
        """``mark``: what was published; without a digest (an older version wrote it) counts tell."""
        self.upto = mark.position if mark else 0
        self.lost = ""
        self._study_id = study_id
        self._published = mark.journal if mark else None
        self._position = 0
        self._hash = sha256()

    @property
    def digest(self) -> str:
        """Of all records so far, in their order; in hexadecimal."""
        return self._hash.hexdigest()

    def add(self, record: Record) -> None:
        """The next record that counts.

        What the fold rests on is digested, and not the bytes of the message: a journal that was
        restored from a backup is the same journal.  JSON holds no end of line, so that no two
        records run into each other.
        """
        arrival = record.arrival.astimezone(UTC).isoformat()
        batch = "null" if record.backfill is None else json.dumps(record.backfill)
        beside = f"{record.event_id} {arrival} {record.conflict:d} {batch}\n"
        self._hash.update(beside.encode() + record.sent + b"\n")
        self._position += 1
        if self._position == self.upto and self._published not in (None, self.digest):
            self.lost = (
                f"the journal of {self._study_id} up to position {self.upto} is not the one whose"
                f" alerts were published (its digest is {self.digest[:12]}..., published was"
                f" {self._published[:12]}...): it was lost or replaced; {_WHAT_TO_DO}"
            )

    def at_end(self, waiting: int = 0) -> None:
        """The journal was read to its end; ``waiting``: records that no pack was in force for."""
        if self.lost or self._position >= self.upto:
            return
        holds = f"holds {self._position} of its records"
        if waiting:
            holds = f"puts no pack in force for the {waiting} of its records that it holds"
        self.lost = (
            f"{self._study_id} was published up to position {self.upto}, and the journal {holds}:"
            f" it was lost or replaced; {_WHAT_TO_DO}"
        )
