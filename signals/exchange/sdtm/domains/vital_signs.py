"""VS: one record for the measurements of a subject at one time, time point, position and visit."""

from collections.abc import Iterator

from signals.exchange.sdtm.draft import Draft
from signals.exchange.sdtm.keys import Keys, not_mapped
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.tables import Row
from signals.exchange.sdtm.words import TEMPERATURE_ROUTE, TEMPERATURE_UNIT, folded

PER_MINUTE = frozenset({"BEATS/MIN", "BREATHS/MIN", "BPM", "/MIN"})
MEASURES = {
    "SYSBP": ("systolic_mmHg", frozenset({"MMHG"})),
    "DIABP": ("diastolic_mmHg", frozenset({"MMHG"})),
    "PULSE": ("pulse_per_min", PER_MINUTE),
    "HR": ("pulse_per_min", PER_MINUTE),
    "RESP": ("respiration_per_min", PER_MINUTE),
    "OXYSAT": ("spo2_pct", frozenset({"%"})),
    "TEMP": ("temperature", frozenset()),
}
SET = ("USUBJID", "VSDTC", "VSTPT", "VSPOS", "VISITNUM")
READ = frozenset({*SET, "VSTESTCD", "VSORRES", "VSORRESU", "VSLOC", "VSSTAT"})


def drafts(study: Study) -> Iterator[Draft | Finding]:
    """Map the rows of VS, set by set, in the order of the first row of each."""
    keys = Keys("VS")
    for together in _sets(study.rows("VS")):
        yield from _record(keys, together)


def columns_read(_study: Study) -> frozenset[str]:
    """Name the columns of VS that the mapping looks at."""
    return READ


def _sets(rows: tuple[Row, ...]) -> list[list[Row]]:
    """Gather the rows of each set; a measure that comes again begins a further set."""
    gathered: dict[tuple[object, ...], list[Row]] = {}
    times: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in SET)
        measure = MEASURES.get(row["VSTESTCD"], (row["VSTESTCD"],))[0]
        again = times[key, measure] = times.get((key, measure), -1) + 1
        gathered.setdefault((key, again), []).append(row)
    return list(gathered.values())


def _record(keys: Keys, rows: list[Row]) -> Iterator[Draft | Finding]:
    measured = [row for row in rows if row["VSTESTCD"] in MEASURES and row["VSORRES"]]
    draft, findings = keys.start("vital-signs", (measured or rows)[0])
    yield from findings
    if draft is None:
        return
    for row in rows:
        yield from _measure(draft, row)
    if draft.data:
        _place(draft)
        yield draft


def _place(draft: Draft) -> None:
    row = draft.row
    draft.dated_by("VSDTC")
    for path, column in (("at", "VSDTC"), ("timepoint", "VSTPT")):
        if row[column]:
            draft.put(path, row[column], row, column)


def _measure(draft: Draft, row: Row) -> Iterator[Finding]:
    code = row["VSTESTCD"]
    if row["VSSTAT"] and not row["VSORRES"]:
        yield Finding(
            "VS", row.number, draft.key, "VSSTAT", row["VSSTAT"], What.NOT_DONE,
            f"{code} was not measured",
        )  # fmt: skip
    elif code not in MEASURES:
        yield not_mapped(draft, "VSTESTCD", "the event format has no such vital sign", row)
    elif code == "TEMP":
        _temperature(draft, row)
    else:
        yield from _number(draft, row, *MEASURES[code])


def _number(draft: Draft, row: Row, path: str, units: frozenset[str]) -> Iterator[Finding]:
    if folded(row["VSORRESU"]) in units:
        draft.put(path, row["VSORRES"], row, "VSORRES")
    else:
        why = f"{row['VSTESTCD']} is read in {', '.join(sorted(units))}; the value was left out"
        yield Finding(
            "VS", row.number, draft.key, "VSORRESU", row["VSORRESU"], What.UNIT_NOT_KNOWN, why
        )


def _temperature(draft: Draft, row: Row) -> None:
    unit, place = row["VSORRESU"], row["VSLOC"]
    draft.put("temperature.value", row["VSORRES"], row, "VSORRES")
    if unit:
        draft.put("temperature.unit", TEMPERATURE_UNIT.get(unit, unit), row, "VSORRESU")
    if place:
        draft.put("temperature.route", TEMPERATURE_ROUTE.get(folded(place), place), row, "VSLOC")
