"""Supplemental qualifiers (SUPP--): each becomes a further column of the row that it qualifies."""

from collections import defaultdict
from collections.abc import Iterator

from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.tables import Row, Table


def join_supplemental(table: Table, supplement: Table) -> tuple[Table, list[Finding]]:
    """Add the qualifiers (QNAM, QVAL) to the rows that IDVAR and IDVARVAL name.

    A qualifier whose row is not there, or whose name is a column already, is a finding.
    """
    cells: dict[int, dict[str, str]] = defaultdict(dict)
    findings: list[Finding] = []
    names: dict[str, None] = {}
    by_key = _rows_by_key(table, {row["IDVAR"] for row in supplement.rows})
    for row in supplement.rows:
        name, parents = row["QNAM"].upper(), by_key.get(_key_of(row), [])
        reason = _refusal(table, name, parents, cells)
        if reason:
            findings.append(_not_joined(supplement, row, reason))
            continue
        names[name] = None
        for parent in parents:
            cells[parent.number][name] = row["QVAL"]
    return table.joined(tuple(names), cells), findings


Key = tuple[str, str, str]


def _key_of(row: Row) -> Key:
    return row["USUBJID"], row["IDVAR"].upper(), _number(row["IDVARVAL"])


def _rows_by_key(table: Table, variables: set[str]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in table.rows:
        for key in _keys(row, variables):
            found[key].append(row)
    return found


def _keys(row: Row, variables: set[str]) -> Iterator[Key]:
    """Name a row by each variable in use; without one the subject alone is the key, as for DM."""
    for variable in variables:
        value = row[variable.upper()] if variable else ""
        if value or not variable:
            yield row["USUBJID"], variable.upper(), _number(value)


def _number(text: str) -> str:
    """Write a key alike, whether the file pads it or writes the number with a fraction."""
    bare = text.strip()
    whole, _, fraction = bare.partition(".")
    return whole if whole.isdigit() and not fraction.strip("0") else bare


def _refusal(
    table: Table, name: str, parents: list[Row], cells: dict[int, dict[str, str]]
) -> str | None:
    if not name:
        return "the qualifier has no name (QNAM)"
    if name in table.index:
        return f"{table.domain} has a column of this name already"
    if not parents:
        return f"{table.domain} has no row with this key"
    if any(name in cells[parent.number] for parent in parents):
        return "the row has this qualifier already"
    return None


def _not_joined(supplement: Table, row: Row, why: str) -> Finding:
    key = f"{row['USUBJID'] or '-'}/{row['IDVAR']}={row['IDVARVAL'].strip()}"
    return Finding(
        supplement.domain, row.number, key, row["QNAM"], row["QVAL"], What.NOT_MAPPED, why
    )
