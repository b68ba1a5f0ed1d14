"""Files of a study: both formats read alike, and every fault is said in plain words."""

import gzip
import sys
from pathlib import Path

import pytest

from signals.exchange.sdtm import Import, StudyMap, UnreadableStudyError, parse_map, read_study
from signals.exchange.sdtm.tables import read_table
from tests.exchange.studies import Rows, imported, row, said, write_csv_gz
from tests.exchange.xport import write_xport

ROWS = [
    row("AE", seq=1, AETERM="Rash, red", AESTDTC="2026-03", X=-1.4),
    row("AE", seq=12, AETERM="皮疹", AESTDTC="", X=None),
]


def test_transport_and_separated_files_read_alike(tmp_path: Path) -> None:
    write_xport(tmp_path / "ae.xpt", "AE", ROWS)
    write_csv_gz(tmp_path / "ae.csv.gz", ROWS)
    (tmp_path / "AE.CSV").write_bytes(gzip.decompress((tmp_path / "ae.csv.gz").read_bytes()))
    tables = [read_table("AE", tmp_path / n, "utf-8") for n in ("ae.xpt", "ae.csv.gz", "AE.CSV")]
    values = [[each.values for each in table.rows] for table in tables]
    assert values[0] == [
        ("TRIAL", "AE", "S-01-001", "1", "Rash, red", "2026-03", "-1.4"),
        ("TRIAL", "AE", "S-01-001", "12", "皮疹", "", ""),
    ]
    assert values[1] == values[2] == values[0]


def _write_transport(path: Path, rows: Rows) -> None:
    write_xport(path, "AE", rows)


def _write_plain(path: Path, _rows: Rows) -> None:
    path.write_text("USUBJID,AESEQ\nS-1,1\n", encoding="utf-8")


@pytest.mark.parametrize("name", ["ae.xpt", "AE.XPT", "ae.CSV", "Ae.csv.GZ"])
def test_a_domain_is_found_whatever_the_case_of_its_name(tmp_path: Path, name: str) -> None:
    write = {"xpt": _write_transport, "gz": write_csv_gz, "csv": _write_plain}
    write[name.lower().rsplit(".", 1)[1]](tmp_path / name, ROWS)
    assert list(read_study(tmp_path, StudyMap()).tables) == ["AE"]


def test_another_encoding_needs_the_map(tmp_path: Path) -> None:
    text = "STUDYID,USUBJID,AESEQ,AETERM,AESTDTC\nT,S-1,1,皮疹,2026-03-01\n"
    (tmp_path / "ae.csv").write_bytes(text.encode("gb18030"))
    with pytest.raises(
        UnreadableStudyError, match=r"ae\.csv: not text in utf-8 .*`encoding: gb18030`"
    ):
        read_study(tmp_path, StudyMap())
    study = read_study(tmp_path, parse_map("encoding: gb18030", "map.yaml"))
    assert study.rows("AE")[0]["AETERM"] == "皮疹"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ae.xpt", b"not a transport file", r"ae\.xpt: cannot be read as a SAS transport file"),
        ("ae.csv.gz", b"not gzipped", r"ae\.csv\.gz: cannot be read as a CSV file"),
        ("ae.csv", b"", r"ae\.csv: the file is empty"),
        ("ae.csv", b"USUBJID,AESEQ,AESEQ\n", r"ae\.csv: column AESEQ stands twice"),
        ("ae.csv", b'USUBJID\n"S-1\n', r"ae\.csv: cannot be read as a CSV file"),
        ("notes.txt", b"", r"none of the files dm\.xpt, .* is here"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableStudyError, match=message):
        read_study(tmp_path, StudyMap())


def test_without_the_reader_of_transport_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_xport(tmp_path / "ae.xpt", "AE", ROWS)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(UnreadableStudyError, match=r"pip install 'trial-signals\[exchange\]'"):
        read_study(tmp_path, StudyMap())


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableStudyError, match="there is no such folder"):
        read_study(tmp_path / "absent", StudyMap())


def test_two_files_for_one_domain(tmp_path: Path) -> None:
    write_xport(tmp_path / "ae.xpt", "AE", ROWS)
    write_csv_gz(tmp_path / "ae.csv.gz", ROWS)
    with pytest.raises(UnreadableStudyError, match=r"both ae\.csv\.gz and ae\.xpt hold domain AE"):
        read_study(tmp_path, StudyMap())


def test_a_row_whose_cells_do_not_fit_is_left_out_and_reported(tmp_path: Path) -> None:
    lines = "STUDYID,USUBJID,AESEQ,AETERM,AESTDTC\nT,S-1,1,A,2026-03-01\nT,S-1,2,A,B,2026-03-01\n"
    (tmp_path / "ae.csv").write_text(lines, encoding="utf-8")
    run = Import(read_study(tmp_path, StudyMap()))
    assert len(list(run.lines())) == 1
    assert said(run) == [("AE", 2, "", "6 cells, 5 columns", "row not read")]


def test_absent_domains_and_other_files_are_named(tmp_path: Path) -> None:
    write_xport(tmp_path / "cm.xpt", "CM", [row("CM", CMTRT="X")])
    _, run = imported(tmp_path, AE=[row("AE", AETERM="A", AESTDTC="2026-03-01")])
    absent = {each.domain for each in run.findings if each.what == "domain absent"}
    assert absent == {"DM", "DS", "EX", "LB", "VS"}
    assert [each.domain for each in run.findings if each.what == "file not read"] == ["CM"]
    assert run.understood


def test_a_column_under_another_name(tmp_path: Path) -> None:
    ae = [row("AE", AETERM="A", START="2026-03-01")]
    (event,), _ = imported(tmp_path, "columns: {AE: {AESTDTC: start}}", AE=ae)
    assert event["data"]["onset"] == "2026-03-01"


def test_the_map_names_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableStudyError,
        match=r"ae\.xpt: there is no column BEGIN, which the map names for AESTDTC",
    ):
        imported(tmp_path, "columns: {AE: {AESTDTC: BEGIN}}", AE=ROWS)


def test_importing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    write_xport(tmp_path / "ae.xpt", "AE", ROWS)
    runs = [list(Import(read_study(tmp_path, StudyMap())).lines()) for _ in range(2)]
    assert runs[0] == runs[1]
    assert len(runs[0]) == 2
