"""The real study, compared cell by cell with its files as other code reads them."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from signals.events import Record, read_event
from signals.events.units import SI_UNITS, to_si
from signals.exchange.sdtm import Import, StudyMap, counts, read_map, read_study
from tests.exchange.pilot import Line, figures, read_pilot

UTC = ZoneInfo("UTC")
PAGE = "docs/validation/cdisc-pilot.md"
MAP = "docs/validation/cdisc-pilot.yaml"


@dataclass(frozen=True)
class Imported:
    run: Import
    lines: Sequence[str]
    events: Mapping[str, Sequence[dict[str, Any]]]


@pytest.fixture(scope="module")
def pilot(shared: Path) -> dict[str, list[Line]]:
    return read_pilot(shared)


@pytest.fixture(scope="module")
def imported(shared: Path, root: Path) -> Imported:
    run = Import(read_study(shared / "data" / "cdisc-pilot", read_map(root / MAP)))
    lines = list(run.lines())
    events: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        event = json.loads(line)
        events.setdefault(event["schema"].removesuffix("/1"), []).append(event)
    return Imported(run, lines, events)


def by_key(events: Sequence[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    found = {(event["subject_id"], event["record_id"]): event["data"] for event in events}
    assert len(found) == len(events)
    return found


def cells(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Give the fields of an event under the names of their columns; blank where unknown."""
    return {column: data.get(name, "") for column, name in names.items()}


def test_every_adverse_event_arrives_cell_by_cell(
    pilot: dict[str, list[Line]], imported: Imported
) -> None:
    plain = {
        "AETERM": "term_verbatim", "AESTDTC": "onset", "AEENDTC": "end", "AESER": "serious",
        "AEOUT": "outcome", "AEACN": "action_taken",
    }  # fmt: skip
    criteria = {
        "AESDTH": "death", "AESLIFE": "life_threatening", "AESHOSP": "hospitalization",
        "AESDISAB": "disability", "AESCONG": "congenital",
    }  # fmt: skip
    coded = {"AEDECOD": "pt_name", "AEBODSYS": "soc_name"}
    events = by_key(imported.events["adverse-event"])
    assert len(events) == len(pilot["ae"]) == 1191
    for line in pilot["ae"]:
        data = events[line["USUBJID"], f"AE-{line['AESEQ']}"]
        given = cells(data, plain) | cells(data["criteria"], criteria)
        given |= cells(data["meddra"], coded)
        assert given == {column: line[column] for column in given}
        assert "grade" not in data
        assert "other_medically_important" not in data["criteria"]


def test_causality_follows_the_map(pilot: dict[str, list[Line]], imported: Imported) -> None:
    meant = {"NONE": "UNRELATED", "REMOTE": "UNLIKELY", "POSSIBLE": "POSSIBLE",
             "PROBABLE": "LIKELY"}  # fmt: skip
    events = by_key(imported.events["adverse-event"])
    for line in pilot["ae"]:
        data = events[line["USUBJID"], f"AE-{line['AESEQ']}"]
        judged = data.get("causality", {}).get("investigator", [])
        expected = (
            [{"product": "XANOMELINE", "assessment": meant[line["AEREL"]]}] if line["AEREL"] else []
        )
        assert judged == expected


def test_every_event_is_accepted_without_a_problem(imported: Imported) -> None:
    for line in imported.lines:
        record = read_event(line, zone=UTC)
        assert isinstance(record, Record), record
        assert record.problems == ()


def test_partial_dates_are_partial_dates_of_the_record(imported: Imported) -> None:
    lines = [line for line in imported.lines if '"adverse-event/1"' in line]
    records = [read_event(line, zone=UTC) for line in lines]
    precisions = Counter(record.data.onset.precision for record in records)  # type: ignore[union-attr]
    assert precisions == {"day": 1165, "month": 15, "year": 11}


def test_every_laboratory_result_arrives(pilot: dict[str, list[Line]], imported: Imported) -> None:
    units = {"THOU/uL": "10*3/uL", "MILL/uL": "10*6/uL", "NO UNITS": ""}
    names = {
        "LBTESTCD": "test", "LBORRES": "result_raw", "LBORNRLO": "range_low",
        "LBORNRHI": "range_high", "LBDTC": "collected_at",
    }  # fmt: skip
    events = by_key(imported.events["lab-result"])
    assert len(events) == len(pilot["lb"])
    for line in pilot["lb"]:
        data = events[line["USUBJID"], f"LB-{line['LBSEQ']}"]
        given = cells(data, names)
        assert given == {column: line[column] for column in given}
        assert data.get("unit_raw", "") == units.get(line["LBORRESU"], line["LBORRESU"])
        assert data.get("specimen") == ("URINE" if line["LBCAT"] == "URINALYSIS" else None)


def test_our_conversions_agree_with_the_study_where_both_convert_to_one_unit(
    imported: Imported, pilot: dict[str, list[Line]]
) -> None:
    ucum = {"GI/L": "10*9/L"}
    events = by_key(imported.events["lab-result"])
    compared: Counter[str] = Counter()
    for line in pilot["lb"]:
        test, unit = line["LBTESTCD"], ucum.get(line["LBSTRESU"], line["LBSTRESU"])
        if SI_UNITS.get(test) != unit or not re.fullmatch(r"[0-9]*\.?[0-9]+", line["LBORRES"]):
            continue
        data = events[line["USUBJID"], f"LB-{line['LBSEQ']}"]
        assert to_si(test, Decimal(data["result_raw"]), data["unit_raw"]) == Decimal(
            line["LBSTRESN"]
        )
        compared[test] += 1
    assert set(compared) >= {"ALB", "BILI", "CA", "CREAT", "GLUC", "K", "PLAT", "URATE", "WBC"}


def test_every_vital_sign_arrives_once(pilot: dict[str, list[Line]], imported: Imported) -> None:
    names = {"SYSBP": "systolic_mmHg", "DIABP": "diastolic_mmHg", "PULSE": "pulse_per_min"}
    expected = Counter(
        (x["USUBJID"], x["VSDTC"], x["VSTPT"], x["VSTESTCD"], x["VSORRES"])
        for x in pilot["vs"]
        if x["VSTESTCD"] in {*names, "TEMP"} and x["VSSTAT"] != "NOT DONE"
    )
    arrived: Counter[tuple[str, ...]] = Counter()
    for event in imported.events["vital-signs"]:
        data = event["data"]
        read = {test: data[name] for test, name in names.items() if name in data}
        read |= {"TEMP": data["temperature"]["value"]} if "temperature" in data else {}
        place = (event["subject_id"], data["at"], data.get("timepoint", ""))
        arrived.update((*place, test, value) for test, value in read.items())
    assert arrived == expected


def test_temperatures_keep_their_unit_and_place(
    pilot: dict[str, list[Line]], imported: Imported
) -> None:
    units, places = {"F": "[degF]", "C": "Cel"}, {"ORAL CAVITY": "ORAL", "EAR": "TYMPANIC"}
    expected = Counter(
        (x["VSORRES"], units[x["VSORRESU"]], places[x["VSLOC"]])
        for x in pilot["vs"]
        if x["VSTESTCD"] == "TEMP"
    )
    given = [event["data"].get("temperature") for event in imported.events["vital-signs"]]
    assert Counter((t["value"], t["unit"], t["route"]) for t in given if t) == expected


def test_exposure_and_subjects(pilot: dict[str, list[Line]], imported: Imported) -> None:
    infusions = by_key(imported.events["infusion"])
    assert len(infusions) == len(pilot["ex"])
    for line in pilot["ex"]:
        data = infusions[line["USUBJID"], f"EX-{line['EXSEQ']}"]
        assert cells(data, {"EXTRT": "product_id", "EXSTDTC": "start", "EXENDTC": "end"}) == {
            name: line[name] for name in ("EXTRT", "EXSTDTC", "EXENDTC")
        }
    treated = {x["USUBJID"]: x["RFSTDTC"] for x in pilot["dm"] if x["RFSTDTC"]}
    enrolled = {x["subject_id"]: x["data"]["enrolled_at"] for x in imported.events["enrolment"]}
    assert enrolled == treated


def test_sites_are_those_of_dm(pilot: dict[str, list[Line]], imported: Imported) -> None:
    sites = {line["USUBJID"]: line["SITEID"] for line in pilot["dm"]}
    for events in imported.events.values():
        assert all(event["site_id"] == sites[event["subject_id"]] for event in events)


def test_rows_without_a_place_are_reported_one_by_one(
    pilot: dict[str, list[Line]], imported: Imported
) -> None:
    rowwise = {(each.domain, each.row, each.what.value) for each in imported.run.findings}
    for number, line in enumerate(pilot["ae"], start=1):
        assert (("AE", number, "not mapped") in rowwise) == (line["AESCAN"] == "Y")
    for number, line in enumerate(pilot["vs"], start=1):
        without = line["VSTESTCD"] in ("WEIGHT", "HEIGHT")
        assert (("VS", number, "not mapped") in rowwise) == without
    for number, line in enumerate(pilot["lb"], start=1):
        assert (("LB", number, "unit not known") in rowwise) == (line["LBORRESU"] == "FRACTION")


def test_without_a_map_no_adverse_event_is_lost(shared: Path) -> None:
    study = read_study(shared / "data" / "cdisc-pilot", StudyMap())
    only_events = {"AE": study.tables["AE"], "DM": study.tables["DM"]}
    run = Import(type(study)(study.map, only_events))
    assert sum('"adverse-event/1"' in line for line in run.lines()) == 1191
    unknown = Counter(each.value for each in run.findings if each.column == "AEREL")
    assert unknown == {"NONE": 322, "REMOTE": 161}


def test_the_figures_of_the_page_are_true(
    pilot: dict[str, list[Line]], imported: Imported, root: Path
) -> None:
    written = _figures_on(root / PAGE)
    events = {f"events {kind}": count for kind, count in imported.run.events_by_kind.items()}
    said = {
        f"{domain}, {what}": count
        for domain, found in counts(imported.run.findings).items()
        for what, count in found.items()
        if domain
    }
    assert written == {**figures(pilot), **events, **said}


def _figures_on(page: Path) -> dict[str, int]:
    rows = [line.strip("| \n").split("|") for line in page.read_text(encoding="utf-8").splitlines()]
    pairs = [(row[0].strip(), row[-1].strip().replace(",", "")) for row in rows if len(row) > 1]
    found = [(name, int(number)) for name, number in pairs if number.isdigit()]
    assert len(dict(found)) == len(found)
    return dict(found)
