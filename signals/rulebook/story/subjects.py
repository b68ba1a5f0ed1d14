"""Who a story is about: an enrolment and the infusions, from one line a subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from signals.events.kinds.subject import Enrolment
from signals.rulebook.story.defaults import Defaults
from signals.rulebook.story.fields import field_words, set_field
from signals.rulebook.story.model import Tree, Write
from signals.rulebook.story.times import read_time
from signals.study.places import Node, Sequence, Table, Text
from signals.study.problems import Place, Problems, did_you_mean

OWN = ("id", "site", "first infusion", "infusions", "planned infusions", "enrolled", "consented")
_TIMES = ("first infusion", "infusions", "planned infusions", "enrolled", "consented")
_BEFORE = re.compile(r"([0-9]+) ([dh])")


@dataclass(frozen=True, slots=True)
class Setting:
    """What reading a story depends on: the study's zone and product, and what is left out."""

    zone: ZoneInfo
    product: str
    sites: tuple[str, ...]
    defaults: Defaults


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of a story, and the records that tell of enrolment and infusions."""

    id: str
    site: str
    place: Place
    records: tuple[Write, ...]


def site_of(subject: str | None, subjects: tuple[Subject, ...], setting: Setting) -> str | None:
    """Where a subject is treated; the usual site for a record about no subject."""
    own = [each.site for each in subjects if each.id == subject]
    return own[0] if own else setting.defaults.line.get("site")


def read_subject(node: Node, setting: Setting, problems: Problems) -> Subject | None:
    """Read ``subject: {id, dose level, first infusion, ...}``."""
    if not isinstance(node, Table):
        problems.error("ST006", node.place, "write {id: ..., first infusion: ...} here")
        return None
    id_ = node.get("id")
    if not isinstance(id_, Text):
        problems.error("ST003", node.place, "the subject has no id", 'write id: "001-004"')
        return None
    site = node.get("site")
    site_id = site.text if isinstance(site, Text) else setting.defaults.line.get("site", "")
    if site_id not in setting.sites:
        place = node.place if site is None else site.place
        help_ = did_you_mean(site_id, setting.sites)
        problems.error("ST004", place, f"'{site_id}' is not a site of the study", help_)
    times = {key: _times(node.get(key), setting.zone, problems) for key in _TIMES}
    own = _enrolment_data(node, setting, problems)
    given = sorted(times["first infusion"] + times["infusions"])
    enrolled = _enrolled(node, times, given, setting, problems)
    if enrolled is None:
        return None
    build = _Records(id_.text, site_id, node.place, own, setting)
    records = build.all(enrolled, given, times["planned infusions"])
    return Subject(id_.text, site_id, node.place, records)


def _times(node: Node | None, zone: ZoneInfo, problems: Problems) -> list[datetime]:
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    read = [_day_or_time(item, zone, problems) for item in items]
    return [time for time in read if time is not None]


def _day_or_time(node: Node, zone: ZoneInfo, problems: Problems) -> datetime | None:
    """A time; a day alone means ten in the morning."""
    if isinstance(node, Text) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.text):
        return read_time(Text(f"{node.text} 10:00", node.place), zone, problems)
    return read_time(node, zone, problems)


def _enrolment_data(node: Table, setting: Setting, problems: Problems) -> Tree:
    own: Tree = {}
    for key, value in node.entries:
        if key.text in OWN:
            continue
        known = [*OWN, *field_words(Enrolment)]
        if key.text not in known:
            help_ = did_you_mean(key.text, known)
            problems.error("ST001", key.place, f"'{key.text}' says nothing of a subject", help_)
        else:
            set_field(own, Enrolment, (key, value), setting.product, problems)
    return own


@dataclass(frozen=True, slots=True)
class _Enrolled:
    consented: datetime
    enrolled: datetime


def _enrolled(
    node: Table,
    times: dict[str, list[datetime]],
    given: list[datetime],
    setting: Setting,
    problems: Problems,
) -> _Enrolled | None:
    first = min(given + times["planned infusions"], default=None)
    enrolled = next(iter(times["enrolled"]), None) or _before("enrolled", first, setting)
    if enrolled is None:
        problems.error(
            "ST003",
            node.place,
            "neither an infusion nor the enrolment is dated",
            "write first infusion: 2026-03-02 10:00, or enrolled: 2026-02-20",
        )
        return None
    consented = next(iter(times["consented"]), None) or _before("consented", first, setting)
    return _Enrolled(min(consented or enrolled, enrolled), enrolled)


def _before(what: str, first: datetime | None, setting: Setting) -> datetime | None:
    span = _BEFORE.fullmatch(setting.defaults.subject_times.get(what, ""))
    if first is None or span is None:
        return None
    number = int(span[1])
    return first - (timedelta(days=number) if span[2] == "d" else timedelta(hours=number))


@dataclass(frozen=True, slots=True)
class _Records:
    subject: str
    site: str
    place: Place
    own: Tree
    setting: Setting

    def all(
        self, enrolled: _Enrolled, given: list[datetime], planned: list[datetime]
    ) -> tuple[Write, ...]:
        """The enrolment, the plans made on that day, and the infusions as they were given."""
        plans = [
            self._plan(number, start, enrolled.enrolled)
            for number, start in enumerate(sorted(planned), len(given) + 1)
        ]
        doses = [self._dose(number, start) for number, start in enumerate(given, 1)]
        return (self._enrolment(enrolled), *plans, *doses)

    def _enrolment(self, when: _Enrolled) -> Write:
        data: Tree = {
            "consented_at": when.consented.isoformat(),
            "enrolled_at": when.enrolled.date().isoformat(),
            **self.setting.defaults.enrolment,
            **self.own,
        }
        return self._write(when.enrolled, "enrolment", f"DM-{self.subject}", data)

    def _plan(self, number: int, start: datetime, at: datetime) -> Write:
        data = {
            "infusion_no": number,
            "planned_at": start.isoformat(),
            "planned_minutes": self._minutes(),
            "status": "PLANNED",
        }
        kept = {*data, "dose_cells_per_kg_planned"}
        blank = dict.fromkeys(self.setting.defaults.kinds.get("infusion", {}).keys() - kept)
        assigned = {"dose_level_assigned": self._level()}
        return self._write(at, "infusion", f"INF-{number}", {**blank, **data, **assigned})

    def _dose(self, number: int, start: datetime) -> Write:
        end = start + timedelta(minutes=self._minutes())
        data = {
            "infusion_no": number,
            "planned_at": start.isoformat(),
            "start": start.isoformat(),
            "end": end.isoformat(),
            "dose_level_assigned": self._level(),
            "dose_level_actual": self._level(),
        }
        return self._write(end, "infusion", f"INF-{number}", data)

    def _level(self) -> object:
        return (self.setting.defaults.enrolment | self.own).get("dose_level")

    def _minutes(self) -> int:
        return int(self.setting.defaults.kinds.get("infusion", {}).get("planned_minutes", 0))

    def _write(self, at: datetime, kind: str, record_id: str, data: Tree) -> Write:
        envelope = {"site_id": self.site}
        return Write(at, self.place, "new", kind, record_id, self.subject, data, envelope=envelope)
