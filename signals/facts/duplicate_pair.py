"""The fact ``duplicate pair``: two records that may tell of one thing (DQ-06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent
from signals.facts.adverse_event import term_of
from signals.facts.decisions import ruling_on_two
from signals.facts.duplicates import EVENT, entered_by, near, within_a_day
from signals.facts.fields import text, yes_no
from signals.facts.infusion_reactions import is_listed, names_of
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange
from signals.facts.refs import refs
from signals.facts.value import ANY_WORD, NO, Value, flag

_CASE = "case"
_REACTION, _ALLERGY = "infusion related reaction", "allergic reaction"


class DuplicatePairKind:
    """One fact per pair of adverse events, or of cases, that have something in common."""

    name = "duplicate pair"
    about = ("subject", "record", "other record")
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = frozenset({EVENT, _CASE, "decision"})
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            yes_no("same_term_within_a_day", "Same term, onset at most a day apart", "DQ-06"),
            yes_no("sources_differ", "First entered by different sources", "DQ-06"),
            yes_no("same_worldwide_id", "One worldwide id", "E2B C.1.8.1"),
            yes_no(
                "content_differs",
                "An adverse event of one case has none in the other that agrees with it",
                "DQ-06",
            ),
            yes_no("same_other_id", "One other id", "E2B C.1.9.1.r.2"),
            yes_no(
                "infusion_and_allergic_reaction",
                "Infusion related reaction and allergic reaction, onset at most a day apart",
                "CTCAE v5.0, note on both terms",
            ),
            text("term", "The term of the first", "CTCAE, MedDRA"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every pair that lies close together."""
        for subject in ctx.chart.subjects(EVENT):
            for record_id in ctx.chart.record_ids(EVENT, subject):
                yield from _of_event(ctx, subject, record_id)
        for subject in ctx.chart.subjects(_CASE):
            for record_id in ctx.chart.record_ids(_CASE, subject):
                yield from _of_case(ctx, subject, record_id)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The pairs of the record, by any of its versions; those that a ruling names."""
        if not isinstance(change, RecordChange):
            return
        if change.kind == EVENT:
            yield from _of_event(ctx, change.subject_id, change.record_id)
            yield from _of_cases_with(ctx, change.subject_id, change.record_id)
        elif change.kind == _CASE:
            yield from _of_case(ctx, change.subject_id, change.record_id)
        elif change.kind == "decision":
            yield from _ruled_on(change)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact while both records stand and have something in common."""
        pair = [_current(ctx, key[0], str(name)) for name in key[1:]]
        if pair[0] is None or pair[1] is None:
            return None
        first, other = pair[0], pair[1]
        values = (
            _of_events(first, other, ctx) if first.kind == EVENT else _of_cases(first, other, ctx)
        )
        if not any(values[name] != NO for name in _REASONS):
            return None
        own = refs([first, other])
        ruled = ruling_on_two(ctx.view, "duplicate", [first, other]) is not None
        return Fact(
            kind=self.name,
            key=key,
            values={name: value.resting_on(*own) for name, value in values.items()},
            subject_id=key[0],
            site_id=first.site_id,
            decided=frozenset({"ADJUDICATION"}) if ruled else frozenset(),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """A pair does not move; its records do."""
        del key, ctx
        return None


_CONTENT = ("onset", "end", "grade", "serious", "criteria", "causality", "outcome", "expected")
"""What two tellings of one event must agree on."""

_REASONS = (
    "same_term_within_a_day",
    "same_worldwide_id",
    "same_other_id",
    "infusion_and_allergic_reaction",
)


def _current(ctx: Context, subject: str | None, name: str) -> Record | None:
    kind, record_id = name.split("/", 1)
    return ctx.view.current(kind, subject, record_id)


def _pair(subject: str | None, kind: str, one: str, other: str) -> Key:
    first, second = sorted((f"{kind}/{one}", f"{kind}/{other}"))
    return (subject, first, second)


def _of_event(ctx: Context, subject: str | None, record_id: str) -> Iterator[Key]:
    versions = ctx.chart.ever(EVENT, subject, record_id)
    close = (other for version in versions for other in near(ctx.chart, subject, version))
    for other in dict.fromkeys(close):
        if other != record_id:
            yield _pair(subject, EVENT, record_id, other)


def _of_case(ctx: Context, subject: str | None, record_id: str) -> Iterator[Key]:
    for other in ctx.chart.record_ids(_CASE, subject):
        if other != record_id:
            yield _pair(subject, _CASE, record_id, other)


def _of_cases_with(ctx: Context, subject: str | None, event_id: str) -> Iterator[Key]:
    for record_id in ctx.chart.record_ids(_CASE, subject):
        versions = ctx.view.versions(_CASE, subject, record_id)
        if any(event_id in (each.data.adverse_events or ()) for each in versions):
            yield from _of_case(ctx, subject, record_id)


def _ruled_on(change: RecordChange) -> Iterator[Key]:
    for version in change.versions:
        ruled = version.data.adjudication
        if ruled is not None and ruled.record_id and ruled.other_record_id:
            one, other = (
                each.rpartition("/")[2] for each in (ruled.record_id, ruled.other_record_id)
            )
            for kind in (EVENT, _CASE):
                yield _pair(change.subject_id, kind, one, other)


def _of_events(first: Record, other: Record, ctx: Context) -> dict[str, Value]:
    close = within_a_day(first, other)
    same_term = bool(names_of(first.data) & names_of(other.data))
    both = (_REACTION, _ALLERGY)
    reaction_and_allergy = any(
        is_listed(one.data, {both[0]}) and is_listed(two.data, {both[1]})
        for one, two in ((first, other), (other, first))
    )
    return {
        "same_term_within_a_day": close if same_term else NO,
        "sources_differ": flag(entered_by(ctx.view, first) != entered_by(ctx.view, other)),
        "same_worldwide_id": NO,
        "content_differs": NO,
        "same_other_id": NO,
        "infusion_and_allergic_reaction": close
        if reaction_and_allergy and _of_one_infusion(first, other)
        else NO,
        "term": term_of(first),
    }


def _of_one_infusion(first: Record, other: Record) -> bool:
    """Unless the site links them to two: their onsets lie close together."""
    linked = {each.data.infusion_ref for each in (first, other)} - {None}
    return len(linked) < len((first, other))


def _of_cases(first: Record, other: Record, ctx: Context) -> dict[str, Value]:
    one, two = first.data, other.data
    shared = set(one.other_ids or ()) & set(two.other_ids or ())
    same_id = one.worldwide_id is not None and one.worldwide_id == two.worldwide_id
    return {
        "same_term_within_a_day": NO,
        "sources_differ": flag(entered_by(ctx.view, first) != entered_by(ctx.view, other)),
        "same_worldwide_id": flag(same_id),
        "content_differs": flag(same_id and _contents_differ(first, other, ctx)),
        "same_other_id": flag(bool(shared)),
        "infusion_and_allergic_reaction": NO,
        "term": ANY_WORD,
    }


def _contents_differ(first: Record, other: Record, ctx: Context) -> bool:
    one, two = _events_of(first, ctx), _events_of(other, ctx)
    return not (_all_told_by(one, two) and _all_told_by(two, one))


def _events_of(case: Record, ctx: Context) -> list[AdverseEvent]:
    found = (
        ctx.view.current(EVENT, case.subject_id, event_id)
        for event_id in case.data.adverse_events or ()
    )
    return [each.data for each in found if each is not None]


def _all_told_by(events: list[AdverseEvent], others: list[AdverseEvent]) -> bool:
    return all(any(_agree(each, other) for other in others) for each in events)


def _agree(one: AdverseEvent, other: AdverseEvent) -> bool:
    """Whether nothing that both state differs; what one leaves out contradicts nothing."""
    named = names_of(one) & names_of(other) or not (names_of(one) and names_of(other))
    stated = ((getattr(one, name), getattr(other, name)) for name in _CONTENT)
    return bool(named) and all(a == b for a, b in stated if a is not None and b is not None)
