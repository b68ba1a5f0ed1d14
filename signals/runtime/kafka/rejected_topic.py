"""What could not be accepted, as the topic ``rejected`` holds it, and what a replay would do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from signals.book.alert import Alert
from signals.book.fold import Fold, LoadPack, pack_of
from signals.events import Record, Rejection
from signals.rulebook.pack import Pack
from signals.runtime.kafka.export import Sender, journal_of
from signals.runtime.kafka.intake import Doors, RejectedMessage
from signals.runtime.kafka.reader import Reader
from signals.runtime.kafka.topics import Topics


class RejectedSoFar:
    """Everything ever rejected, each once, the first first; seen again it is another try."""

    def __init__(self) -> None:
        self._found: dict[str, RejectedMessage] = {}

    def take(self, value: bytes) -> None:
        """A message of the topic."""
        one = RejectedMessage.from_json(json.loads(value))
        known = self._found.get(one.id)
        if known is not None:
            tries = known.tries if one.replayed else known.tries + 1
            seen, settled = known.first_seen, known.replayed or one.replayed
            one = replace(one, tries=tries, first_seen=seen, replayed=settled)
        self._found[one.id] = one

    def all(self) -> list[RejectedMessage]:
        """What was taken."""
        return list(self._found.values())


def rejected(reader: Reader, topics: Topics) -> list[RejectedMessage]:
    """Everything on the topic; see ``RejectedSoFar``."""
    found = RejectedSoFar()
    partitions = reader.partitions(topics.rejected)
    for partition, end in reader.ends(topics.rejected, partitions).items():
        for message in reader.read(topics.rejected, partition, 0, end):
            found.take(message.value)
    return found.all()


def shown(one: RejectedMessage) -> dict[str, Any]:
    """For lists: the bytes as text, what is no UTF-8 as escapes."""
    return {
        "id": one.id,
        "first_seen": one.first_seen.isoformat(),
        "tries": one.tries,
        "reasons": [reason.as_json() for reason in one.reasons],
        "raw": one.value.decode(errors="backslashreplace"),
        "replayed": one.replayed,
    }


def try_again(
    sender: Sender, topics: Topics, doors: Doors, one: RejectedMessage, instead: bytes | None
) -> Record | Rejection:
    """Send it to its source again if it is accepted now, and note that this was done."""
    raw = one.value if instead is None else instead
    read = doors.read(raw)
    if isinstance(read, Record):
        sender.message(topics.of_kind(read.kind), read.study_id.encode(), raw)
        sender.message(topics.rejected, one.key, replace(one, replayed=True).to_bytes())
    return read


def would_change(
    reader: Reader, topics: Topics, pack: Pack, records: Iterable[Record]
) -> list[Alert]:
    """The alerts that these records would change, were they accepted now."""
    study_id, zone = pack.study.study_id, pack.study.zone
    journal = list(journal_of(reader, topics, study_id, zone))
    fold = Fold(_first(journal, pack), load_pack=_loader(pack))
    for position, record in enumerate(journal, start=1):
        fold.step(record, position)
    place = len(journal) + 1
    return [alert for n, record in enumerate(records) for alert in fold.step(record, place + n)]


def _first(journal: Iterable[Record], given: Pack) -> Pack:
    for record in journal:
        if record.kind == "pack-activation" and record.data.files:
            return _loader(given)(record.data.files)
    return given


def _loader(given: Pack) -> LoadPack:
    return lambda files: given if dict(files) == dict(given.files) else pack_of(files)
