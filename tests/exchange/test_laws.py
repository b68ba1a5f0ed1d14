"""Whatever stands in the cells: every event is accepted, and no adverse event is lost."""

from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from signals.events import Record, read_event
from signals.exchange.sdtm import Import, Study, parse_map
from signals.exchange.sdtm.tables import Row, Table

STATED = parse_map(
    """
product: UC-MSC
infusions: {treatments: [CELLS]}
enrolled_at: RFSTDTC
disposition: {ADVERSE EVENT: WITHDRAWN}
specimen_by_category: {URINALYSIS: URINE}
""",
    "map.yaml",
)
COLUMNS = {
    "DM": "SITEID RFICDTC RFSTDTC BRTHDTC SEX ARMCD DTHFL DTHDTC DMDTC",
    "DS": "DSSEQ DSCAT DSSCAT DSDECOD DSSTDTC DSDTC",
    "EX": "EXSEQ EXTRT EXDOSE EXDOSU EXROUTE EXOCCUR EXSTDTC EXENDTC EXLOT",
    "AE": "AESEQ AETERM AELLTCD AESTDTC AEENDTC AEDTC AESER AESDTH AESCAN AEREL AEOUT AETOXGR",
    "LB": "LBSEQ LBTESTCD LBCAT LBORRES LBORRESU LBORNRLO LBORNRHI LBDTC LBFAST LBSTAT LBBLFL",
    "VS": "VSSEQ VSTESTCD VSORRES VSORRESU VSLOC VSSTAT VSDTC VSTPT VSPOS VISITNUM",
}
words = st.sampled_from(
    [
        "Y",
        "N",
        "1",
        "2",
        "3.5",
        "<0.1",
        "2026",
        "2026-03",
        "2026-03-04",
        "2026-02-30",
        "2026-03-04T10:00",
        "CELLS",
        "COMPLETED",
        "DEATH",
        "POSSIBLE",
        "mL",
        "mg/dL",
        "SYSBP",
        "TEMP",
        "F",
        "mmHg",
        "K",
    ]
)
cell = st.one_of(st.just(""), words, st.text(max_size=8).map(str.rstrip))


@st.composite
def studies(draw: st.DrawFn) -> Study:
    tables: dict[str, Table] = {}
    for domain, names in COLUMNS.items():
        columns = ["STUDYID", "USUBJID", *names.split()]
        index = {name: place for place, name in enumerate(columns)}
        lines = draw(st.lists(st.tuples(*[cell] * (len(columns) - 2)), max_size=3))
        subjects = draw(st.lists(st.sampled_from(["", "S-1", "S-2"]), min_size=3, max_size=3))
        rows = tuple(
            Row(number, index, ("TRIAL", subject, *line))
            for number, (subject, line) in enumerate(zip(subjects, lines, strict=False), start=1)
        )
        tables[domain] = Table(domain, Path(f"{domain.lower()}.xpt"), index, rows)
    return Study(STATED, tables)


@given(studies())
def test_events_are_accepted_and_adverse_events_arrive(study: Study) -> None:
    run = Import(study)
    records = [read_event(line, zone=ZoneInfo("UTC")) for line in run.lines()]
    assert all(isinstance(record, Record) for record in records)
    ids = {record.event_id for record in records if isinstance(record, Record)}
    assert len(ids) == len(records)
    if study.last_day is not None:
        assert run.events_by_kind["adverse-event"] == len(study.rows("AE"))


@given(studies())
def test_every_problem_of_an_event_is_in_the_report(study: Study) -> None:
    run = Import(study)
    records = [read_event(line, zone=ZoneInfo("UTC")) for line in run.lines()]
    problems = sum(len(record.problems) for record in records if isinstance(record, Record))
    assert problems == sum(each.what == "not understood" for each in run.findings)


@given(studies())
def test_no_clinical_date_lies_after_its_entry(study: Study) -> None:
    run = Import(study)
    list(run.lines())
    assert not [each for each in run.findings if "later than the entry" in each.why]
