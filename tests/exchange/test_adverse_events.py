"""AE to adverse-event: every cell arrives as it stands, or the report says which did not."""

from pathlib import Path

import pytest

from tests.exchange.studies import imported, only, row, said


def test_fields_of_an_adverse_event(tmp_path: Path) -> None:
    ae = row(
        "AE", AETERM="皮疹", AEDECOD="Rash", AEBODSYS="Skin disorders", AELLTCD=10037868,
        AESTDTC="2026-03", AEENDTC="2026-03-09", AEDTC="2026-03-05", AESER="Y", AESDTH="N",
        AESLIFE="Y", AESHOSP="N", AESDISAB="N", AESCONG="N", AESMIE="Y",
        AEOUT="RECOVERED/RESOLVED", AEACN="DRUG WITHDRAWN", AETOXGR="3", AEREL="PROBABLE",
    )  # fmt: skip
    assert only(tmp_path, "product: UC-MSC", AE=[ae]) == {
        "term_verbatim": "皮疹",
        "meddra": {"llt": 10037868, "pt_name": "Rash", "soc_name": "Skin disorders"},
        "onset": "2026-03",
        "end": "2026-03-09",
        "serious": "Y",
        "criteria": {
            "death": "N",
            "life_threatening": "Y",
            "hospitalization": "N",
            "disability": "N",
            "congenital": "N",
            "other_medically_important": "Y",
        },
        "outcome": "RECOVERED/RESOLVED",
        "action_taken": "DRUG WITHDRAWN",
        "grade": 3,
        "causality": {"investigator": [{"product": "UC-MSC", "assessment": "LIKELY"}]},
        "suspect_product": "UC-MSC",
    }


def test_severity_is_no_grade_unless_the_map_says_so(tmp_path: Path) -> None:
    ae = row("AE", AETERM="Rash", AESTDTC="2026-03-01", AESEV="SEVERE")
    assert "grade" not in only(tmp_path, AE=[ae])
    stated = "grade:\n  column: AESEV\n  words: {MILD: 1, MODERATE: 2, SEVERE: 3}\n"
    assert only(tmp_path, stated, AE=[ae])["grade"] == 3


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("NOT RELATED", "UNRELATED"),
        ("UNLIKELY RELATED", "UNLIKELY"),
        ("Possible", "POSSIBLE"),
        ("PROBABLE", "LIKELY"),
        ("DEFINITE", "DEFINITE"),
        ("CERTAIN", "DEFINITE"),
    ],
)
def test_standard_words_of_causality(tmp_path: Path, word: str, meant: str) -> None:
    data = only(tmp_path, AE=[row("AE", AETERM="Rash", AESTDTC="2026-03-01", AEREL=word)])
    assert data["causality"]["investigator"] == [{"assessment": meant}]


def test_a_word_of_causality_that_only_the_map_knows(tmp_path: Path) -> None:
    ae = [row("AE", AETERM="Rash", AESTDTC="2026-03-01", AEREL="REMOTE")]
    data = only(tmp_path, "causality: {remote: UNLIKELY}", AE=ae)
    assert data["causality"]["investigator"] == [{"assessment": "UNLIKELY"}]


def test_an_unknown_word_is_kept_and_reported(tmp_path: Path) -> None:
    ae = [row("AE", seq=4, AETERM="Rash", AESTDTC="2026-03-01", AEREL="REMOTE")]
    (event,), run = imported(tmp_path, AE=ae)
    assert event["data"]["causality"]["investigator"] == [{"assessment": "REMOTE"}]
    assert said(run) == [("AE", 1, "AEREL", "REMOTE", "not understood")]
    (finding,) = [each for each in run.findings if each.row]
    assert finding.key == "S-01-001/AE-4"
    assert "UNRELATED" in finding.why
    assert not run.understood


@pytest.mark.parametrize("date", ["2026-02-30", "2026---04", "March 2026"])
def test_an_impossible_date_is_kept_and_reported(tmp_path: Path, date: str) -> None:
    ae = [row("AE", AETERM="Rash", AESTDTC=date, AEDTC="2026-03-05", AESER="Y")]
    (event,), run = imported(tmp_path, AE=ae)
    assert event["data"]["onset"] == date
    assert event["data"]["serious"] == "Y"
    assert said(run) == [("AE", 1, "AESTDTC", date, "not understood")]


@pytest.mark.parametrize(("word", "ongoing"), [("ONGOING", True), ("BEFORE", False)])
def test_whether_it_still_lasts(tmp_path: Path, word: str, ongoing: bool) -> None:
    ae = [row("AE", AETERM="Rash", AESTDTC="2026-03-01", AEENRTPT=word)]
    assert only(tmp_path, AE=ae)["ongoing"] is ongoing


def test_criteria_without_a_place_are_reported_and_become_no_other_criterion(
    tmp_path: Path,
) -> None:
    ae = [
        row("AE", seq=1, AETERM="A", AESTDTC="2026-03-01", AESCAN="Y", AESOD="N"),
        row("AE", seq=2, AETERM="B", AESTDTC="2026-03-01", AESCAN="N", AESOD="Y"),
    ]
    events, run = imported(tmp_path, AE=ae)
    assert all("criteria" not in event["data"] for event in events)
    assert said(run) == [
        ("AE", 1, "AESCAN", "Y", "not mapped"),
        ("AE", 2, "AESOD", "Y", "not mapped"),
    ]


def test_repeated_rows_stay_records_of_their_own(tmp_path: Path) -> None:
    same = {"AETERM": "Rash", "AESTDTC": "2026-03-01"}
    events, run = imported(tmp_path, AE=[row("AE", seq=1, **same), row("AE", seq=2, **same)])
    assert [event["record_id"] for event in events] == ["AE-1", "AE-2"]
    assert len({event["event_id"] for event in events}) == 2
    assert run.understood


def test_a_key_used_twice_or_blank_loses_no_adverse_event(tmp_path: Path) -> None:
    same = {"AETERM": "Rash", "AESTDTC": "2026-03-01"}
    rows = [row("AE", seq=1, **same), row("AE", seq=1, **same), row("AE", seq=None, **same)]
    events, run = imported(tmp_path, AE=rows)
    assert [event["record_id"] for event in events] == ["AE-1", "AE-row2", "AE-row3"]
    assert said(run) == [
        ("AE", 2, "AESEQ", "1", "key unusable"),
        ("AE", 3, "AESEQ", "", "key unusable"),
    ]


def test_an_adverse_event_without_subject_arrives(tmp_path: Path) -> None:
    events, _ = imported(tmp_path, AE=[row("AE", subject="", AETERM="A", AESTDTC="2026-03-01")])
    assert [(each["subject_id"], each["site_id"]) for each in events] == [(None, None)]


def test_a_qualifier_that_the_map_names_fills_a_field(tmp_path: Path) -> None:
    ae = [row("AE", seq=1, AETERM="A", AESTDTC="2026-03-01"),
          row("AE", seq=2, AETERM="B", AESTDTC="2026-03-01")]  # fmt: skip
    supplement = [
        {"RDOMAIN": "AE", "USUBJID": "S-01-001", "IDVAR": "AESEQ", "IDVARVAL": number,
         "QNAM": "CTCGRADE", "QVAL": grade}
        for number, grade in ((" 2", "4"), ("9", "1"))
    ]  # fmt: skip
    events, run = imported(tmp_path, "grade: {column: CTCGRADE}", AE=ae, SUPPAE=supplement)
    assert [event["data"].get("grade") for event in events] == [None, 4]
    assert said(run) == [("SUPPAE", 2, "CTCGRADE", "1", "not mapped")]


def test_a_qualifier_without_a_place_is_named(tmp_path: Path) -> None:
    ae = [row("AE", AETERM="A", AESTDTC="2026-03-01")]
    supplement = [{"RDOMAIN": "AE", "USUBJID": "S-01-001", "IDVAR": "AESEQ", "IDVARVAL": "1",
                   "QNAM": "AETRTEM", "QVAL": "Y"}]  # fmt: skip
    _, run = imported(tmp_path, AE=ae, SUPPAE=supplement)
    unread = [(each.domain, each.column, each.value) for each in run.findings
              if each.what == "column not read"]  # fmt: skip
    assert unread == [("AE", "AETRTEM", "1 rows")]
