"""The files of one study, read and joined: what the mappings of the domains look into."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from signals.exchange.sdtm.dates import latest_day
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study_map import StudyMap
from signals.exchange.sdtm.supplemental import join_supplemental
from signals.exchange.sdtm.tables import Row, Table, UnreadableStudyError, read_table, study_files

DOMAINS = ("DM", "DS", "EX", "AE", "LB", "VS")


@dataclass(frozen=True)
class Study:
    """A study as read: its map, its tables by domain, and what was found while reading."""

    map: StudyMap
    tables: Mapping[str, Table]
    findings: tuple[Finding, ...] = field(default=())

    def rows(self, domain: str) -> tuple[Row, ...]:
        """Give the rows of a domain; none where the study lacks it."""
        table = self.tables.get(domain)
        return table.rows if table else ()

    def site_of(self, subject: str) -> str | None:
        """Name the site of a subject: SITEID of DM, or the part of USUBJID that the map says."""
        if self.map.site is None:
            return self._sites.get(subject)
        parts = subject.split("-")
        part = self.map.site.usubjid_part
        return parts[part - 1] if part <= len(parts) else None

    @cached_property
    def _sites(self) -> dict[str, str | None]:
        return {row["USUBJID"]: row["SITEID"] or None for row in self.rows("DM")}

    @cached_property
    def last_day(self) -> date | None:
        """The latest day that any row of the study names, in any column of dates."""
        return latest_day(set(self._dates()), self.map.zone_info)

    def _dates(self) -> Iterator[str]:
        for table in self.tables.values():
            columns = [name for name in table.index if name.endswith("DTC")]
            yield from (text for row in table.rows for name in columns if (text := row[name]))


def read_study(folder: Path, study_map: StudyMap) -> Study:
    """Read a folder of SDTM files. Raises UnreadableStudyError where that cannot be done."""
    files = study_files(folder)
    if not any(domain in files for domain in DOMAINS):
        raise UnreadableStudyError(
            f"{folder}: none of the files {', '.join(f'{each.lower()}.xpt' for each in DOMAINS)} "
            "is here, nor the same as .csv or .csv.gz."
        )
    tables: dict[str, Table] = {}
    findings = list(_absent_and_unread(files))
    for domain in (each for each in DOMAINS if each in files):
        table = read_table(domain, files[domain], study_map.encoding)
        if f"SUPP{domain}" in files:
            supplement = f"SUPP{domain}"
            extra = read_table(supplement, files[supplement], study_map.encoding)
            table, unjoined = join_supplemental(table, extra)
            findings += [*_ragged(extra), *unjoined]
        tables[domain] = table.renamed(study_map.columns.get(domain, {}))  # type: ignore[call-overload]
        findings += _ragged(table)
    return Study(study_map, tables, tuple(findings))


def _absent_and_unread(files: Mapping[str, Path]) -> Iterator[Finding]:
    for domain in DOMAINS:
        if domain not in files:
            yield Finding(
                domain, None, "", "", "", What.DOMAIN_ABSENT, "the folder holds no such file"
            )
    known = {*DOMAINS, *(f"SUPP{domain}" for domain in DOMAINS if domain in files)}
    for domain, path in files.items():
        if domain not in known:
            why = "the import reads DM, DS, EX, AE, LB, VS and their supplemental qualifiers"
            yield Finding(domain, None, "", "", path.name, What.FILE_NOT_READ, why)


def _ragged(table: Table) -> Iterable[Finding]:
    return (
        Finding(
            table.domain, number, "", "", cells, What.ROW_NOT_READ,
            "the cells do not fit the columns, so none of them can be trusted",
        )
        for number, cells in table.ragged
    )  # fmt: skip
