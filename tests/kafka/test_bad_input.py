"""Law 4: malformed records by the thousand, through the broker: none is lost."""

import json
from collections import Counter
from pathlib import Path

from signals.events import Rejection, read_event
from signals.rulebook.pack import load_pack
from signals.runtime.kafka.intake import RejectedMessage
from tests.faults.test_bad_input import pieces_of
from tests.faults.trial import ZONE
from tests.kafka.books import check_books, pack_for
from tests.kafka.installation import Installation

COUNT = 20_000
STUDIES = 40
FOLDED = 3


def test_twenty_thousand_malformed_records(installation: Installation, tmp_path: Path) -> None:
    names = [f"STUDY-{number}" for number in range(STUDIES)]
    installation.packs = [pack_for(name, tmp_path) for name in names]
    pieces = [
        piece.raw.replace(b"UC-MSC", names[number * STUDIES // COUNT].encode())
        for number, piece in enumerate(pieces_of(COUNT))
    ]
    folded = FOLDED * (COUNT // STUDIES)
    with installation.running(1) as workers:
        installation.send(pieces[:folded])
        installation.wait_until_folded(workers)
    with installation.running(1, "--clock", "journal") as workers:  # appends no clock records
        installation.wait_until_folded(workers)
    packs = [load_pack(pack) for pack in installation.packs[:FOLDED]]
    assert check_books(installation, packs) > 100
    with installation.running(2, "--role", "intake") as workers:
        installation.send(pieces[folded:])
        installation.wait_until_taken_in(workers)
    rejected = [rejection(value) for value in installation.values(installation.topics.rejected)]
    kept = Counter(each.value for each in rejected)
    accepted = Counter(
        str(content)
        for value in installation.values(installation.topics.journal)
        if (content := content_of(value)) is not None
    )
    for raw in pieces:
        assert kept[raw] or accepted[str(content_of(raw))], raw
    assert all(each.reasons for each in rejected)
    assert len(rejected) > COUNT // 10


def rejection(value: bytes) -> RejectedMessage:
    return RejectedMessage.from_json(json.loads(value))


def content_of(raw: bytes) -> str | None:
    read = read_event(raw, zone=ZONE, trusted=True)
    return None if isinstance(read, Rejection) else read.content
