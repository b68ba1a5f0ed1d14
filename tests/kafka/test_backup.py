"""A backup of the brokers' journal goes into a new installation, and the book follows."""

from pathlib import Path

from signals.rulebook.pack import load_pack
from tests.kafka.books import check_books, pack_for
from tests.kafka.installation import Installation
from tests.kafka.test_runtimes_agree import reported


def test_the_book_follows_from_the_backup(installation: Installation, tmp_path: Path) -> None:
    pack = pack_for("UC-MSC", tmp_path)
    installation.packs = [pack]
    copy = tmp_path / "UC-MSC.ndjson.gz"
    with installation.running(1, "--clock", "journal") as workers:
        installation.send(reported(7))
        installation.wait_until_folded(workers)
        assert "records of the journal" in installation.run("backup", str(copy))
    published = installation.published()
    assert len(published) > 20
    other = Installation(
        installation.bootstrap, f"{installation.prefix}other.", tmp_path, packs=[pack]
    )
    assert "records restored into the journal" in other.run("restore", str(copy))
    with other.running(1, "--clock", "journal") as workers:
        other.wait_until_folded(workers)
    assert other.published() == published
    assert check_books(other, [load_pack(pack)]) == len(published)
    assert "the book is that of the journal" in other.run("verify")
    installation.run("restore", str(copy), code=2)  # it holds the study already
    installation.run("backup", str(copy), code=2)
    copy.write_bytes(copy.read_bytes()[:-1])
    other.run("restore", str(copy), code=2)
