"""The book that the journal of an installation must give, by the other runtimes."""

import json
import shutil
from pathlib import Path
from typing import Any

from signals.resources import folder
from signals.rulebook.pack import Pack
from signals.runtime.book_file import BookFile
from signals.runtime.embedded.service import Service
from signals.runtime.journal import Journal
from signals.runtime.play import fold_of
from tests.kafka.installation import Installation

PAGES = ("*.yaml", "expedited/*.yaml", "quality/*.yaml")
Revisions = dict[tuple[str, int], dict[str, Any]]


def by_replay(installation: Installation, pack: Pack) -> tuple[Revisions, dict[str, Any]]:
    """Every revision, and what the book keeps, folded from the exported journal in one go."""
    fold = fold_of(pack)
    found: Revisions = {}
    for position, record in enumerate(installation.journal(pack.study.study_id), start=1):
        for alert in fold.step(record, position):
            found[alert.alert_id, alert.revision] = alert.to_json()
    return found, fold.book.state()


def by_embedded(data: Path, pack: Pack) -> Revisions:
    """The same by the service in one process, on a folder into which the export was imported."""
    service = Service(data, pack, "journal")
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    book = BookFile(service.store.connection).after(0, 1_000_000)
    service.stop()
    return {(one.alert["alert_id"], one.alert["revision"]): one.alert for one in book}


def pack_for(study_id: str, where: Path) -> Path:
    """The rules on reporting and quality of the shipped pack, as a study of another name."""
    source = folder("rules") / "uc-msc"
    target = where / f"pack-{study_id}"
    shutil.copytree(source.parent / "jurisdictions", where / "jurisdictions", dirs_exist_ok=True)
    for page in (page for area in PAGES for page in source.glob(area)):
        if not page.name.endswith(".test.yaml"):
            copy = target / page.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = page.read_text(encoding="utf-8")
            copy.write_text(text.replace("study: UC-MSC", f"study: {study_id}"), encoding="utf-8")
    return target


def made_small(installation: Installation, folder: Path) -> Installation:
    """With one small pack, and workers that are missed soon."""
    installation.packs = [pack_for("UC-MSC", folder)]
    installation.environment["SIGNALS_KAFKA_SESSION_SECONDS"] = "2"
    return installation


def check_books(installation: Installation, packs: list[Pack]) -> int:
    """What was published is what the journal gives; how many revisions."""
    expected: Revisions = {}
    states = installation.states()
    for pack in packs:
        revisions, book = by_replay(installation, pack)
        expected |= revisions
        assert states[pack.study.study_id].book() == as_sent(book)
    published = installation.published()
    assert set(published) == set(expected)
    assert published == expected
    return len(expected)


def check_after_a_fault(installation: Installation, pack: Pack) -> int:
    """The same of one study, and the tool of the operators says so too."""
    assert "the book is that of the journal" in installation.run("verify")
    return check_books(installation, [pack])


def as_sent(book: dict[str, Any]) -> dict[str, Any]:
    """As it reads after it was written as JSON."""
    found: dict[str, Any] = json.loads(json.dumps(book))
    return found
