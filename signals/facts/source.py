"""The fact ``source``: a site or a feed that should be heard, or a rule that failed (DQ-07).

A site with active subjects is silent after three times its median gap between arrivals, at least 72
hours; a feed 15 minutes after its last heartbeat, or as long as the service says that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from signals.chart.arrivals import Arrivals
from signals.events import Record
from signals.events.kinds import KINDS
from signals.facts.fields import since, text, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.participation import ParticipationKind
from signals.facts.refs import ref, refs
from signals.facts.value import ANY_ORDERED, NO, YES, Coded, Value, exactly, flag, word
from signals.immutable import immutable

SITE, FEED, RULE = "site", "feed", "rule"
_SILENCE, _ERROR, _HEARTBEAT = "feed-silence", "rule-error", "feed-heartbeat"
_GAPS, _LEAST = 3, timedelta(hours=72)
_HEARTBEATS = timedelta(minutes=15)
_TO_THE_MINUTE = len("2026-03-01 09:00")


class SourceKind:
    """One fact per site and feed that was ever heard, and per rule that ever failed."""

    name = "source"
    about = ("source", "id")
    reads: tuple[str, ...] = (ParticipationKind.name,)
    hears: frozenset[str] = frozenset(KINDS)
    retold = frozenset({"state_of_source"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("expected", "A site with active subjects, or a feed with heartbeats", "DQ-07"),
            since("since_silent", "Time since it counts as silent", "DOMAIN 8"),
            yes_no("failed", "The rule could not be evaluated", "RULES.csv DQ-07"),
            text("state_of_source", "What is wrong, in words", "RULES.csv DQ-07"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Whatever was heard or spoken of."""
        yield from ctx.chart.sources()
        for kind in (_SILENCE, _ERROR):
            for record_id in ctx.chart.record_ids(kind, None):
                yield from _named(kind, ctx.view.versions(kind, None, record_id))

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The site or feed of a record; the site of a subject who comes or goes."""
        if isinstance(change, FactChange):
            for fact in (change.old, change.new):
                if fact is not None and fact.site_id is not None:
                    yield (SITE, fact.site_id)
        elif change.kind in (_SILENCE, _ERROR, _HEARTBEAT):
            yield from _named(change.kind, change.versions)
        else:
            for site in {each.site_id for each in change.versions}:
                if site is not None and _is_heard_otherwise(site, ctx):
                    yield (SITE, site)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None while nothing is known of it."""
        kind, name = str(key[0]), str(key[1])
        if kind == RULE:
            return _rule(key, name, ctx)
        told = _told_silent(kind, name, ctx) if ctx.chart.record_ids(_SILENCE, None) else []
        heard = _heard(kind, ctx.chart.arrivals(kind, name))
        last = heard.last
        if last is None and not told:
            return None
        lasting = [each for each in told if _lasts(each, last)] if told else told
        silent = None if last is None else last + heard.silent_after
        if lasting:
            silent = min(each.data.since or each.arrival for each in lasting)
        expected = bool(lasting) or (
            last is not None and (kind == FEED or _has_active_subjects(name, ctx))
        )
        values: dict[str, Value] = {
            "expected": flag(expected),
            "since_silent": ANY_ORDERED if silent is None else exactly(silent),
            "failed": NO,
            "state_of_source": word(_in_words(silent, last, ctx)),
        }
        if lasting:
            own = refs(lasting)
            values = {field: value.resting_on(*own) for field, value in values.items()}
        return Fact(
            kind=self.name,
            key=key,
            values=values,
            site_id=name if kind == SITE else None,
            clinical_at=silent,
            detail=heard,
        )

    def only_puts_off(self, fact: Fact, ctx: Context) -> bool:
        """Whether a site that was heard again counts as silent later, and nobody calls it silent."""
        if fact.key[0] != SITE or ctx.chart.record_ids(_SILENCE, None):
            return False
        arrivals, silent = ctx.chart.arrivals(SITE, str(fact.key[1])), fact.clinical_at
        if arrivals is None or arrivals.last is None or silent is None:
            return False
        # Mostly the least that it may be silent is enough, and no gaps are looked at.
        return (
            arrivals.last + _LEAST >= silent
            or arrivals.last + _heard(SITE, arrivals).silent_after >= silent
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A source does not move."""
        del key, ctx
        return None


def _named(kind: str, versions: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """The sources that the versions of a record come from or speak of."""
    for version in versions:
        if kind == _ERROR:
            if version.data.rule is not None:
                yield (RULE, version.data.rule)
        elif kind in (_SILENCE, _HEARTBEAT):
            named = _names(version)
            if named is not None:
                yield named
        elif version.site_id is not None:
            yield (SITE, version.site_id)


def _names(record: Record) -> tuple[str, str] | None:
    if record.data.feed is not None:
        return FEED, record.data.feed
    site = getattr(record.data, "site", None)
    return None if site is None else (SITE, site)


def _lasts(told: Record, last: datetime | None) -> bool:
    """Whether a silence of which the service told has no end, by word or by an arrival."""
    return told.data.until is None and (last is None or told.arrival > last)


def _told_silent(kind: str, name: str, ctx: Context) -> list[Record]:
    """What the service said of its silence."""
    return [each for each in ctx.view.of_study(_SILENCE) if _names(each) == (kind, name)]


@immutable(frozen=True, slots=True)
class _Heard:
    """When a source was last heard, and how long after that it counts as silent."""

    last: datetime | None
    silent_after: timedelta


def _heard(kind: str, arrivals: Arrivals | None) -> _Heard:
    last = arrivals.last if arrivals is not None else None
    if kind == FEED or arrivals is None:
        return _Heard(last, _HEARTBEATS)
    gap = arrivals.median_gap
    return _Heard(last, _LEAST if gap is None else max(_GAPS * gap, _LEAST))


def _is_heard_otherwise(site: str, ctx: Context) -> bool:
    """Whether a site was heard later, or more often, than its fact says."""
    arrivals, fact = ctx.chart.arrivals(SITE, site), ctx.facts.get(SourceKind.name, (SITE, site))
    if fact is None or arrivals is None or not isinstance(fact.detail, _Heard):
        return True
    before = fact.detail
    return before.last != arrivals.last or before != _heard(SITE, arrivals)


def _has_active_subjects(site: str, ctx: Context) -> bool:
    facts = ctx.facts.of_kind(ParticipationKind.name)
    for subject in ctx.chart.enrolled_at(site):
        fact = facts.get((subject,))
        if fact is not None and fact.site_id == site:
            active = fact.values["active"]
            if isinstance(active, Coded) and active.words == YES.words:
                return True
    return False


def _in_words(silent: datetime | None, last: datetime | None, ctx: Context) -> str:
    if last is None:
        return "silent" if silent is None else f"silent since {_local(silent, ctx)}"
    return f"last heard {_local(last, ctx)}"


def _local(instant: datetime, ctx: Context) -> str:
    return instant.astimezone(ctx.study.zone).isoformat(" ", "minutes")[:_TO_THE_MINUTE]


def _rule(key: Key, name: str, ctx: Context) -> Fact | None:
    errors = [each for each in ctx.view.of_study(_ERROR) if each.data.rule == name]
    if not errors:
        return None
    lasting = [each for each in errors if each.data.message is not None]
    values: dict[str, Value] = {
        "expected": NO,
        "since_silent": ANY_ORDERED,
        "failed": flag(bool(lasting)),
        "state_of_source": word("could not be evaluated" if lasting else "evaluates again"),
    }
    own = [ref(each) for each in lasting]
    return Fact(
        kind=SourceKind.name,
        key=key,
        values={field: value.resting_on(*own) for field, value in values.items()},
        clinical_at=max((each.arrival for each in lasting), default=None),
    )
