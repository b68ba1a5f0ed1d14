"""Import a study: its events one by one, and the report when all of them were given."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from signals.exchange.sdtm.domains import (
    adverse_events,
    demographics,
    disposition,
    exposure,
    laboratory,
    vital_signs,
)
from signals.exchange.sdtm.draft import Draft
from signals.exchange.sdtm.event import entry_assumed, event_of, line_of, questions
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.study import Study
from signals.exchange.sdtm.study_map import RecordedAt

MAPPINGS: dict[str, ModuleType] = {
    "DM": demographics,
    "DS": disposition,
    "EX": exposure,
    "AE": adverse_events,
    "LB": laboratory,
    "VS": vital_signs,
}
ALWAYS_READ = {"STUDYID", "DOMAIN", "USUBJID"}
WHY_NOT_READ = {
    "AESEV": "intensity is not a CTCAE grade; the map can make it one, under grade",
    "AGE": "an age is not a year of birth",
    "LBSTRESN": "the original result is read, so that its unit and limits are the laboratory's",
    "VSSTRESN": "the original result is read",
}
Progress = Callable[[str, int], None]


@dataclass
class Import:
    """One run over a study; the counts and findings are complete once `lines` is exhausted."""

    study: Study
    progress: Progress = lambda _domain, _row: None
    events_by_kind: Counter[str] = field(default_factory=Counter)
    events_by_domain: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Give the events, one a line, by domain and in the order of its rows."""
        self.findings += [*_stated(self.study), *self.study.findings]
        for domain, mapping in MAPPINGS.items():
            if domain in self.study.tables:
                self.findings += _columns_not_read(self.study, domain, mapping)
                yield from self._lines_of(domain, mapping)

    @property
    def understood(self) -> bool:
        """Whether every row was understood."""
        return all(finding.what.is_note for finding in self.findings)

    def _lines_of(self, domain: str, mapping: ModuleType) -> Iterator[str]:
        for item in mapping.drafts(self.study):
            if isinstance(item, Finding):
                self.findings.append(item)
                continue
            self.progress(domain, item.row.number)
            line = self._line(item)
            if line is not None:
                self.events_by_kind[item.kind] += 1
                self.events_by_domain[domain] += 1
                yield line

    def _line(self, draft: Draft) -> str | None:
        event = event_of(draft, self.study)
        if event is None or event["study_id"] is None:
            self.findings.append(_no_envelope(draft, event))
            return None
        assumed = entry_assumed(draft, self.study)
        self.findings += [assumed] if assumed else []
        line = line_of(event)
        self.findings += questions(draft, line, self.study)
        return line


def _no_envelope(draft: Draft, event: dict[str, Any] | None) -> Finding:
    column = f"{draft.domain}DTC" if event is None else "STUDYID"
    lacking = "no row of the study names a date" if event is None else "no study is named"
    return Finding(
        draft.domain, draft.row.number, draft.key, column, "", What.KEY_UNUSABLE,
        f"{lacking}, so there can be no event",
    )  # fmt: skip


def _stated(study: Study) -> Iterator[Finding]:
    """State what holds for every event and does not stand in the data."""
    zone = f"times without an offset, and days, are those of {study.map.zone}"
    yield Finding("", None, "", "", study.map.zone, What.ASSUMED, zone)
    entry = {
        RecordedAt.LATEST_DAY_NAMED: "a row counts as entered at the end of the latest day that "
        "it names among the dates that its event carries and --DTC",
        RecordedAt.STUDY_END: "every row counts as entered at the end of the study's last day",
    }[study.map.recorded_at]
    yield Finding("", None, "", "", study.map.recorded_at.value, What.ASSUMED, entry)


def _columns_not_read(study: Study, domain: str, mapping: ModuleType) -> Iterator[Finding]:
    table = study.tables[domain]
    read = ALWAYS_READ | {f"{domain}SEQ"} | mapping.columns_read(study)
    for column in table.index:
        filled = sum(1 for row in table.rows if row[column])
        if column not in read and filled:
            why = WHY_NOT_READ.get(column, "the event format has no place for it")
            yield Finding(domain, None, "", column, f"{filled} rows", What.COLUMN_NOT_READ, why)
