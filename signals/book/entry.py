"""What the book keeps of one alert beside its last revision, and its JSON form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from operator import attrgetter
from typing import Any, Self

from signals.book.alert import Alert
from signals.chart.chart import RecordKey


@dataclass(slots=True)
class DecisionEffect:
    """An ALERT decision and what came of it.

    ``status``: ``in force``, ``waits`` (ahead of the book), ``no effect`` or ``undone``;
    ``effect`` says it in plain words.
    """

    subject_id: str | None
    record_id: str
    version: int
    action: str
    by: str | None
    role: str | None
    at: str | None
    status: str
    effect: str

    @property
    def key(self) -> RecordKey:
        """The decision's record."""
        return ("decision", self.subject_id, self.record_id)


@dataclass(slots=True)
class Mark:
    """What a decision in force holds on an alert: by whom, and on which revision and evidence.

    ``priority``: the one that the alert had when the decision was taken.
    """

    subject_id: str | None
    record_id: str
    by: str
    revision: int
    evidence_hash: str
    priority: str

    def of(self, key: RecordKey) -> bool:
        """Whether this decision's record set the mark."""
        return ("decision", self.subject_id, self.record_id) == key


@dataclass(slots=True)
class Entry:
    """One alert of the book.

    ``known``: the journal position up to which records were seen at its last revision.
    ``evidence``: the records behind it when it was last not untrue.  ``hashes``: the evidence
    hashes it ever bore, so that an outdated decision is told from one ahead of the book.
    ``gone``: the fact behind it is not there (any more).
    """

    alert: Alert | None = None
    known: int = -1
    evidence: tuple[RecordKey, ...] = ()
    hashes: tuple[str, ...] = ()
    held: bool = False
    gone: bool = False
    signed: Mark | None = None
    upheld: Mark | None = None
    closed: Mark | None = None
    accepted: Mark | None = None
    decisions: list[DecisionEffect] = field(default_factory=list)

    def kept(self) -> tuple[object, ...]:
        """All that it holds, to tell later whether that changed."""
        return _ALL(self)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, from which ``from_json`` makes an equal entry."""
        written: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        written["alert"] = None if self.alert is None else self.alert.to_json()
        written["evidence"] = [list(key) for key in self.evidence]
        written["hashes"] = list(self.hashes)
        for name in ("signed", "upheld", "closed", "accepted"):
            mark = written[name]
            written[name] = None if mark is None else asdict(mark)
        written["decisions"] = [asdict(effect) for effect in self.decisions]
        return written

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        """The entry that ``to_json`` wrote."""
        alert = written["alert"]
        return cls(
            alert=None if alert is None else Alert.model_validate(alert),
            known=written["known"],
            evidence=tuple((kind, subject, rid) for kind, subject, rid in written["evidence"]),
            hashes=tuple(written["hashes"]),
            held=written["held"],
            gone=written["gone"],
            signed=_mark(written["signed"]),
            upheld=_mark(written["upheld"]),
            closed=_mark(written["closed"]),
            accepted=_mark(written["accepted"]),
            decisions=[DecisionEffect(**effect) for effect in written["decisions"]],
        )


_ALL: Callable[[Entry], tuple[object, ...]] = attrgetter(*(each.name for each in fields(Entry)))


def _mark(written: dict[str, Any] | None) -> Mark | None:
    return None if written is None else Mark(**written)
