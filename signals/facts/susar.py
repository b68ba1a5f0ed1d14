"""Whether one version of an adverse event must be reported at once (DOMAIN 4.2, 4.4).

SUSAR: serious, suspected, unexpected; and the four minimum criteria: an identifiable patient, an
identifiable reporter, a suspect product and an event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from signals.chart.view import View
from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts import causality
from signals.facts.causality import Opinion
from signals.facts.decisions import ruling
from signals.facts.expectedness import Expectedness, expectedness, never_expected
from signals.facts.exposure import Exposure, exposure, started
from signals.facts.infusion_reactions import is_listed
from signals.facts.onset import onset
from signals.facts.seriousness import Gravity, Seriousness, gravity, seriousness
from signals.facts.spans import Instants
from signals.facts.told import Told
from signals.facts.value import Ref
from signals.study.model import Jurisdiction, Study


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one version says on each element of a SUSAR."""

    told: Told
    serious: Seriousness
    gravity: Gravity
    investigator: Opinion
    sponsor: Opinion
    causality: str
    causality_assumed: str
    expected: Expectedness
    missing_criteria: tuple[str, ...]
    records: tuple[Ref, ...]
    excluded: bool = False

    @property
    def reportable(self) -> bool:
        """All elements hold, recorded or assumed."""
        return (
            self.serious.serious
            and self.causality != "not related"
            and self.expected.word != "expected"
            and not self.missing_criteria
            and not self.excluded
        )

    @property
    def grave(self) -> bool:
        """Fatal or life-threatening, recorded or assumed."""
        return self.gravity != "neither"

    def before(self, law: Jurisdiction) -> Assessment:
        """The same by the rules of one authority, where they differ (DOMAIN 4.2, 4.5)."""
        found = self
        if law.causality == "sponsor":
            sponsor = self.sponsor
            found = replace(
                found,
                causality=causality.for_expedited_reporting(sponsor, sponsor),
                causality_assumed=causality.why_assumed("not related", sponsor),
            )
        if law.exclusions and "related" not in (self.investigator, self.sponsor):
            found = replace(found, excluded=is_listed(self.told.data, law.exclusions))
        if not law.fatal_expected and self.gravity == "fatal":
            found = replace(found, expected=never_expected(self.expected, law.code))
        return found


@dataclass(frozen=True, slots=True)
class Assessor:
    """Assesses versions of one adverse event in one view of the chart."""

    study: Study
    view: View
    subject: str | None
    exposed: Exposure
    adjudicated: str | None

    @classmethod
    def of(cls, study: Study, view: View, subject: str | None, record_id: str) -> Self:
        """For one adverse event."""
        return cls(
            study=study,
            view=view,
            subject=subject,
            exposed=exposure(view, subject),
            adjudicated=ruling(view, "adverse-event", subject, record_id, "neoplasm"),
        )

    def assess(self, told: Told, known: list[Record]) -> Assessment:
        """Assess a version; ``known`` are all versions of the event in the view."""
        data = told.data
        product = self.study.suspect_product
        investigator = causality.investigators(data, product)
        sponsor = causality.sponsors(data, product)
        began = onset(told.record, [each for each in known if each.version <= told.record.version])
        grave = gravity(data, self.study)
        latest = (began.high or told.at).date()
        treated = any(_may_precede(each, began) for each in self.exposed.given)
        suspected = treated or "related" in (investigator, sponsor)
        return Assessment(
            told=told,
            serious=seriousness(data, self.study, self.adjudicated),
            gravity=grave,
            investigator=investigator,
            sponsor=sponsor,
            causality=causality.for_expedited_reporting(investigator, sponsor),
            causality_assumed=causality.why_assumed(investigator, sponsor),
            expected=expectedness(data, latest, grave, self.view),
            missing_criteria=self._missing_criteria(told.record, data, suspected=suspected),
            records=(told.source, *self.exposed.records),
        )

    def _missing_criteria(
        self, record: Record, data: AdverseEvent, *, suspected: bool
    ) -> tuple[str, ...]:
        present = {
            "identifiable patient": record.subject_id is not None,
            "identifiable reporter": record.site_id is not None or self._enrolment_site(),
            "suspect product": suspected,
            "event": any((data.term, data.term_verbatim, data.ctcae and data.ctcae.term)),
        }
        return tuple(name for name, there in present.items() if not there)

    def _enrolment_site(self) -> bool:
        return any(each.site_id for each in self.view.of_person("enrolment", self.subject))


def _may_precede(infusion: Record, began: Instants) -> bool:
    """Whether the infusion may have begun on or before the latest possible onset."""
    start = started(infusion).low
    return start is None or began.high is None or start <= began.high
