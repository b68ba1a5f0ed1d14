"""What backup and restore refuse, and how they say so."""

import subprocess
from hashlib import sha256
from pathlib import Path

from signals.runtime.schema import FILE_NAME
from tests.faults.test_backup import signals


def test_nothing_is_overwritten(tmp_path: Path, kept: bytes) -> None:
    data, copy = folder_of(tmp_path, kept), tmp_path / "copy.sqlite"
    signals("backup", copy, "--data", data)
    before = copy.read_bytes()
    assert "is there already, and is not overwritten; name another" in signals(
        "backup", copy, "--data", data, code=2
    )
    told = signals("restore", copy, "--data", data, code=2)
    assert f"{FILE_NAME} is there already, and is not overwritten" in told
    assert copy.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_copy_that_changed_or_came_without_its_digest_is_refused(
    tmp_path: Path, kept: bytes
) -> None:
    copy = tmp_path / "copy.sqlite"
    signals("backup", copy, "--data", folder_of(tmp_path, kept))
    digest = tmp_path / "copy.sqlite.sha256"
    checked = subprocess.run(
        ["sha256sum", "--check", digest.name], cwd=tmp_path, capture_output=True, check=False
    )
    assert checked.returncode == 0
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    told = signals("restore", copy, "--data", tmp_path / "new", code=2)
    assert "it is not what it was when it was made" in told
    copy.write_bytes(whole)
    digest.unlink()
    told = signals("restore", copy, "--data", tmp_path / "new", code=2)
    assert "there is no copy.sqlite.sha256 beside it" in told
    assert not (tmp_path / "new").exists()


def test_a_damaged_folder_gives_no_backup(tmp_path: Path, kept: bytes) -> None:
    data, copy = folder_of(tmp_path, kept), tmp_path / "copy.sqlite"
    raw = bytearray((data / FILE_NAME).read_bytes())
    for place in range(8192, len(raw), 4096):  # the beginning of every page but the first two
        raw[place : place + 64] = b"\xff" * 64
    (data / FILE_NAME).write_bytes(raw)
    told = signals("backup", copy, "--data", data, code=2)
    assert "damaged" in told or "malformed" in told
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_what_cannot_be_saved_or_restored_is_told(tmp_path: Path, kept: bytes) -> None:
    data = folder_of(tmp_path, kept)
    told = signals("backup", tmp_path / "nowhere" / "copy", "--data", data, code=2)
    assert "there is no such folder; make it first" in told
    told = signals("backup", tmp_path / "copy", "--data", tmp_path / "none", code=2)
    assert "no service has run on this folder" in told
    told = signals("restore", tmp_path / "none.sqlite", "--data", tmp_path / "new", code=2)
    assert "none.sqlite.sha256" in told
    text = tmp_path / "journal.ndjson"
    text.write_text(signals("journal", "export", "--data", data))
    digest = sha256(text.read_bytes()).hexdigest()
    (tmp_path / "journal.ndjson.sha256").write_text(f"{digest}  {text.name}\n")
    told = signals("restore", text, "--data", tmp_path / "new", code=2)
    assert "'signals journal import' puts it into a folder" in told


def folder_of(where: Path, kept: bytes) -> Path:
    """The folder of a service that ended."""
    data = where / "data"
    data.mkdir()
    (data / FILE_NAME).write_bytes(kept)
    return data
