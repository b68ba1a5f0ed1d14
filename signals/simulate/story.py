"""What scenarios write with: a subject's script, the tape and the truth, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any, NamedTuple

from signals.simulate.draw import days, hours, stamp, stream
from signals.simulate.script import Script
from signals.simulate.tape import Place, Tape
from signals.simulate.terms import TERMS
from signals.simulate.truth import Kind, Truth

CRITERIA = (
    "death",
    "life_threatening",
    "hospitalization",
    "disability",
    "congenital",
    "other_medically_important",
)
PRODUCT = "UC-MSC"
JURISDICTION = "CN-CDE"


def opinion(assessment: str | None) -> list[dict[str, str]]:
    """One party's causality; None is an opinion not yet given."""
    return [] if assessment is None else [{"product": PRODUCT, "assessment": assessment}]


def criteria(*met: str) -> dict[str, str]:
    """All criteria of seriousness, Y where met."""
    return {name: "Y" if name in met else "N" for name in CRITERIA}


def adverse_event(
    term: str,
    grade: int | None,
    onset: str | None,
    received: datetime,
    *met: str,
    investigator: str | None = "UNRELATED",
    sponsor: str | None = "UNRELATED",
    **more: Any,
) -> dict[str, Any]:
    """The data of an adverse event; serious if a criterion is met, else not.

    The investigator learned of it two hours before the sponsor, unless ``more`` says otherwise.
    """
    known = TERMS[term]
    aware = stamp(received - hours(2))
    serious = {"investigator_aware_serious_at": aware, "narrative": f"{term}: see source notes."}
    return {
        "term_verbatim": known.words,
        "term": term,
        "meddra": {"version": "20.1", "pt_name": term, "soc_name": known.soc},
        "ctcae": {"version": "5.0", "term": term},
        "onset": onset,
        "ongoing": True,
        "grade": grade,
        "serious": "Y" if met else "N",
        "criteria": criteria(*met),
        "causality": {"investigator": opinion(investigator), "sponsor": opinion(sponsor)},
        "action_taken": "DOSE NOT CHANGED",
        "outcome": "NOT RECOVERED/NOT RESOLVED",
        "investigator_aware_at": aware,
        "received_by_sponsor_at": stamp(received),
        "reporter": {"role": "PHYSICIAN", "country": "CN"},
        "suspect_product": PRODUCT,
        **(serious if met else {}),
        **more,
    }


class Reaction(NamedTuple):
    """A reaction of grade 2 or more, for the clusters of lots and donors."""

    lot: str
    donor: str
    subject: str
    when: datetime


@dataclass(slots=True)
class Story:
    """One subject's part of the trial as it is written down."""

    script: Script
    tape: Tape
    truth: Truth
    other: Place
    reactions: list[Reaction]

    @property
    def subject(self) -> str:
        """The subject's number."""
        return self.script.entry.subject

    def chance(self, topic: str) -> Random:
        """The chance of one topic of this subject."""
        return stream(self.script.seed, self.subject, topic)

    def day(self, offset: int) -> str:
        """A date, counted from the first infusion."""
        return (self.script.first + days(offset)).isoformat()

    def put(
        self, kind: str, record_id: str, data: dict[str, Any], when: datetime, **more: Any
    ) -> None:
        """Send the next version of a record of this subject."""
        self.tape.put(kind, self.script.place, record_id, data, when, **more)

    def new(self, kind: str, prefix: str, data: dict[str, Any], when: datetime, **more: Any) -> str:
        """Send a new record; its id."""
        record_id = self.tape.number(self.script.place, prefix)
        self.put(kind, record_id, data, when, **more)
        return record_id

    def enter(self, data: dict[str, Any], received: datetime, **more: Any) -> str:
        """Send a new adverse event, entered ten minutes after the sponsor received it."""
        return self.new("adverse-event", "AE", data, received + hours(1 / 6), **more)

    def revise(
        self, record_id: str, data: dict[str, Any], received: datetime, reason: str, **more: Any
    ) -> None:
        """Send the next version of an adverse event, with the receipt of what it says."""
        said = {**data, "received_by_sponsor_at": stamp(received)}
        self.put("adverse-event", record_id, said, received + hours(1 / 6), reason=reason, **more)

    def tell(
        self, rule: str, since: datetime, why: str, kind: Kind = "planted", **about: str | None
    ) -> None:
        """Note a finding about this subject; keywords name what else it is about."""
        named = {name.replace("_", " "): value for name, value in about.items()}
        self.truth.tell(rule, {"subject": self.subject, **named}, since, why, kind)

    def tell_event(
        self, rules: str, record_id: str, since: datetime, why: str, kind: Kind = "planted"
    ) -> None:
        """Note findings of several rules (separated by blanks) about one adverse event."""
        for rule in rules.split():
            self.tell(rule, since, why, kind, adverse_event=record_id)

    def tell_case(
        self, rules: str, record_id: str, since: datetime, why: str, kind: Kind = "planted"
    ) -> None:
        """Note findings of several rules about the case of one adverse event."""
        for rule in rules.split():
            self.tell(rule, since, why, kind, case=record_id)

    def tell_record(self, rule: str, record: str, since: datetime, why: str) -> None:
        """Note a finding about a record, written kind/id."""
        self.tell(rule, since, why, record=record)

    def tell_check(self, check: str, record: str, since: datetime, why: str) -> None:
        """Note a contradiction (DQ-04) in a record, written kind/id."""
        self.tell("DQ-04", since, why, record=record, check=check)

    def obligation(self, record_id: str, duty: str) -> str:
        """The id of an obligation of a case of this subject."""
        return f"{self.subject}/{record_id}/{JURISDICTION}/{duty}"

    def tell_obligation(
        self, rule: str, record_id: str, duty: str, since: datetime, why: str
    ) -> None:
        """Note a finding about one obligation."""
        about: dict[str, str | None] = {"obligation": self.obligation(record_id, duty)}
        self.truth.tell(rule, about, since, why)

    def submit(
        self, record_id: str, duties: tuple[str, ...], when: datetime, report: str = "INITIAL"
    ) -> None:
        """Report a case to the authority, acknowledged within the hour."""
        data = {
            "case_id": record_id,
            "jurisdiction": JURISDICTION,
            "report": report,
            "covers": [self.obligation(record_id, duty) for duty in duties],
            "case_version": 1,
            "submitted_at": stamp(when),
            "authority_ack": stamp(when + hours(0.5)),
        }
        self.new("report-submission", "SUB", data, when + hours(1))

    def decide(self, kind: str, role: str, reason: str, when: datetime, **about: Any) -> str:
        """Record a person's decision on something of this subject."""
        by = role.lower().replace("_", "-")
        data = {
            "kind": kind.upper(),
            "decided_at": stamp(when),
            "by": by,
            "role": role,
            "reason": reason,
            kind.lower(): about,
        }
        return self.new("decision", "DEC", data, when, source="inbox")


def iso(day: date) -> str:
    """A date as it is written on the wire."""
    return day.isoformat()
