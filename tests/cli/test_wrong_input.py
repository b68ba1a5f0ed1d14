"""Every command, given what it cannot use: it says where, what and what to do, and ends with 2."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command

from signals.cli.main import app
from tests.cli.conftest import Signals

ALERT = "UC-MSC|SAE-01|001-004|AE-1"
OF_FILES = [
    ["replay", "FILE"],
    ["alerts", "FILE"],
    ["facts", "FILE", "--subject", "001-004"],
    ["explain", ALERT, "FILE"],
    ["why-not", "DLT-02", "001-004", "FILE"],
    ["study", "FILE"],
    ["score", "EVENTS", "FILE"],
    ["journal", "import", "FILE", "--data", "FOLDER/new"],
    ["ctcae", "grade", "FILE"],
    ["ctcae", "compare", "5.0", "6.0", "FILE"],
]
OF_A_SERVICE = [
    ["rejected", "list"],
    ["rejected", "show", "1"],
    ["rejected", "replay"],
    ["journal", "export"],
    ["verify"],
    ["explain", ALERT],
    ["why-not", "DLT-02", "001-004"],
]
OF_A_PACK = [
    ["replay", "EVENTS", "--pack", "PACK"],
    ["replay", "EVENTS", "--against", "PACK"],
    ["run", "--data", "FOLDER/new", "--pack", "PACK"],
    ["rules", "check", "PACK"],
    ["rules", "lock", "PACK"],
    ["rules", "test", "PACK"],
    ["rules", "clocks", "PACK"],
]


def name(words: list[str]) -> str:
    return " ".join(word for word in words if word.islower() and not word.startswith("-"))


def damaged(content: bytes) -> bytes:
    packed = bytearray(gzip.compress(content * 50))
    packed[60:90] = bytes(byte ^ 0x5A for byte in packed[60:90])
    return bytes(packed)


Maker = Callable[[Path, bytes], object]
UNUSABLE: dict[str, tuple[Maker, str]] = {
    "missing": (lambda _file, _content: None, "cannot be read: No such file or directory"),
    "a folder": (lambda file, _content: file.mkdir(), "cannot be read: Is a directory"),
    "empty": (lambda file, _content: file.touch(), ""),
}


@pytest.mark.parametrize("what", UNUSABLE)
@pytest.mark.parametrize("words", OF_FILES, ids=name)
def test_a_file_that_cannot_be_used(
    signals: Signals, events: Path, tmp_path: Path, words: list[str], what: str
) -> None:
    make, says = UNUSABLE[what]
    file = tmp_path / "the-file"
    make(file, events.read_bytes())
    places = {"FILE": file, "EVENTS": events, "FOLDER/new": tmp_path / "new"}
    ran = signals(*(places.get(word, word) for word in words))
    assert ran.code == 2
    assert f"signals: {file}: {says}" in ran.err
    assert "; " in ran.err
    assert ran.out == ""
    assert not (tmp_path / "new").exists()


def test_an_empty_file_is_no_trial_without_findings(signals: Signals, tmp_path: Path) -> None:
    empty = tmp_path / "empty.ndjson"
    empty.touch()
    assert "there is no event in it; give NDJSON files" in signals("alerts", empty).err
    assert "there is no event in it" in signals("alerts", "-").err
    assert "it is empty; 'signals simulate --truth' writes one" in (
        signals("score", empty, empty).err
    )


def test_damaged_compressed_data_are_told_with_their_file(
    signals: Signals, events: Path, tmp_path: Path
) -> None:
    file = tmp_path / "damaged.gz"
    file.write_bytes(damaged(events.read_bytes()))
    ran = signals("replay", file)
    assert ran.code == 2
    assert f"signals: {file}: cannot be read: Error -3 while decompressing data" in ran.err


@pytest.mark.parametrize("words", OF_A_SERVICE, ids=name)
@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("missing", "no service has run on this folder ('signals run --data')"),
        ("without a service", "no service has run on this folder ('signals run --data')"),
        ("a file", "no service has run on this folder ('signals run --data')"),
        ("damaged", "the file of the service cannot be used there: file is not a database;"),
    ],
)
def test_a_folder_that_is_not_that_of_a_service(
    signals: Signals, tmp_path: Path, words: list[str], what: str, says: str
) -> None:
    folder = tmp_path / "data"
    if what == "a file":
        folder.touch()
    elif what != "missing":
        folder.mkdir()
    if what == "damaged":
        (folder / "signals.sqlite").write_text("no database" * 100)
    ran = signals(*words, "--data", folder)
    assert ran.code == 2
    assert f"{folder}: {says}" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    "words",
    [["run"], ["journal", "import", "EVENTS"]],
    ids=name,
)
def test_what_writes_a_folder_names_the_file_in_its_way(
    signals: Signals, events: Path, tmp_path: Path, words: list[str]
) -> None:
    file = tmp_path / "data"
    file.touch()
    ran = signals(*(str(events) if word == "EVENTS" else word for word in words), "--data", file)
    assert ran.code == 2
    assert f"{file} is a file; name the folder of a service" in ran.err


@pytest.mark.parametrize("words", OF_A_PACK, ids=name)
@pytest.mark.parametrize("what", ["missing", "a folder without a study", "not UTF-8"])
def test_a_pack_that_cannot_be_read(
    signals: Signals, events: Path, tmp_path: Path, words: list[str], what: str
) -> None:
    pack = tmp_path / "pack"
    if what != "missing":
        pack.mkdir()
    if what == "not UTF-8":
        shutil.copy("rules/uc-msc/study.yaml", pack)
        (pack / "terms.yaml").write_bytes(b"\xff\xfe terms")
    places = {"PACK": pack, "EVENTS": events, "FOLDER/new": tmp_path / "new"}
    ran = signals(*(places.get(word, word) for word in words))
    assert ran.code == 2
    assert str(pack) in ran.err
    if what == "not UTF-8":
        assert f"{pack / 'terms.yaml'} is not UTF-8 text" in ran.err
        assert "save it as UTF-8" in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["facts", "EVENTS", "--subject", "001-044"], "did you mean '001-004'?"),
        (["facts", "EVENTS", "--subject", "9"], "nothing is on record of a subject '9'; known:"),
        (
            ["facts", "EVENTS", "--subject", "001-004", "--kind", "adverse events"],
            "there is no kind of fact 'adverse events'; did you mean 'adverse event'?",
        ),
        (
            ["rules", "facts", "--kind", "adverse evnt"],
            "there is no kind of fact 'adverse evnt'; did you mean 'adverse event'?",
        ),
        (
            ["rules", "facts", "--kind", "x"],
            "no kind of fact 'x'; 'signals rules facts' lists them",
        ),
        (["explain", ALERT.lower(), "EVENTS"], f"did you mean '{ALERT}'?"),
        (["explain", "?", "EVENTS"], "no alert '?'; 'signals alerts' lists those that stand"),
        (["study", "EVENTS", "--as-of", "2025-01-01"], "no record had arrived by 2025-01-01"),
        (["study", "EVENTS", "--as-of", "2026-02-30"], "--as-of: '2026-02-30' is a date that"),
        (["score", "EVENTS", "EVENTS", "--tolerance", "soon"], "EVENTS:1: 'rule': Field required"),
        (["schemas", "EVENTS"], "EVENTS is a file; name a folder to write to"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(
    signals: Signals, events: Path, words: list[str], says: str
) -> None:
    ran = signals(*(str(events) if word == "EVENTS" else word for word in words))
    assert ran.code == 2
    assert says.replace("EVENTS", str(events)) in ran.err
    assert ran.out == ""


def test_a_subject_without_facts_of_a_kind_is_told(signals: Signals, events: Path) -> None:
    ran = signals("facts", events, "--subject", "001-004", "--kind", "neoplasm")
    assert (ran.code, ran.out) == (0, "")
    assert "001-004 has no neoplasm" in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["FILE", "-o", "OUT"], "FILE: this is a file, not a folder. Name the folder"),
        (["STUDY", "-o", "nowhere/out"], "nowhere/out: cannot be written: No such file"),
        (["STUDY", "-o", "STUDY"], "STUDY: cannot be written: Is a directory; name a file"),
        (["STUDY", "-o", "OUT", "--report", "nowhere/r.csv"], "nowhere/r.csv: cannot be written"),
        (["STUDY", "-o", "OUT", "--map", "none.yaml"], "the map cannot be read: No such file"),
        (["STUDY", "-o", "OUT", "--map", "FILE"], "FILE: the map is not UTF-8 text; save it"),
    ],
)
def test_an_import_that_cannot_run(
    signals: Signals, tmp_path: Path, words: list[str], says: str
) -> None:
    places = {"FILE": tmp_path / "file", "STUDY": tmp_path / "study", "OUT": tmp_path / "out"}
    places["FILE"].write_bytes(b"\xff\xfe")
    places["STUDY"].mkdir()
    (places["STUDY"] / "ae.csv").write_text("USUBJID,AESEQ,AETERM\nS-01,1,Rash\n")
    ran = signals("import", "sdtm", *(places.get(word, word) for word in words))
    for word, place in places.items():
        says = says.replace(word, str(place))
    assert ran.code == 2
    assert says in ran.err
    assert "Errno" not in ran.err


def commands() -> list[tuple[str, str]]:
    """Every command with its help."""
    found = []
    for word, one in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(one, "commands", None) or {"": one}
        found += [(f"{word} {name}".strip(), each.help or "") for name, each in inner.items()]
    return found


@pytest.mark.parametrize(("words", "help_"), commands(), ids=[each[0] for each in commands()])
def test_every_command_shows_an_example_of_itself(words: str, help_: str) -> None:
    assert f"Example: signals {words}" in help_
