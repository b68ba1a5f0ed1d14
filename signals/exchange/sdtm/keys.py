"""Record ids: the domain and its sequence number, unique within the subject."""

from signals.exchange.sdtm.draft import Draft
from signals.exchange.sdtm.report import Finding, What
from signals.exchange.sdtm.tables import Row


class Keys:
    """Gives the rows of one domain their record ids."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.taken: set[tuple[str, str]] = set()

    def record_id(self, row: Row) -> tuple[str, Finding | None]:
        """Name a row by --SEQ; by its row number where that is blank or used twice."""
        number = row[f"{self.domain}SEQ"].strip()
        wanted = f"{self.domain}-{number}"
        if number and (row["USUBJID"], wanted) not in self.taken:
            self.taken.add((row["USUBJID"], wanted))
            return wanted, None
        why = "was used by an earlier row of the subject" if number else "is blank"
        fallback = f"{self.domain}-row{row.number}"
        return fallback, Finding(
            self.domain, row.number, f"{row['USUBJID'] or '-'}/{fallback}", f"{self.domain}SEQ",
            number, What.KEY_UNUSABLE, f"the sequence number {why}; the row number stands for it",
        )  # fmt: skip

    def start(self, kind: str, row: Row) -> tuple[Draft | None, list[Finding]]:
        """Begin the draft of a row; None where it names no subject and its kind needs one."""
        record_id, finding = self.record_id(row)
        findings = [finding] if finding else []
        if row["USUBJID"] or kind == "adverse-event":
            return Draft(self.domain, kind, row, record_id, row["USUBJID"] or None), findings
        nobody = Finding(
            self.domain, row.number, f"-/{record_id}", "USUBJID", "", What.KEY_UNUSABLE,
            "the row names no subject, and nothing can be recorded about nobody",
        )  # fmt: skip
        return None, [*findings, nobody]


def not_mapped(draft: Draft, column: str, why: str, row: Row | None = None) -> Finding:
    """Say that the value of a column has no place in the event of a draft."""
    at = row or draft.row
    return Finding(draft.domain, at.number, draft.key, column, at[column], What.NOT_MAPPED, why)
