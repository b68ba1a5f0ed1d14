"""The fact ``liver injury``: the gravest pair of transaminase and bilirubin of a person (LAB-07)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from signals.events import Record
from signals.facts.decisions import ruling_decision
from signals.facts.fields import ratio, text, words, yes_no
from signals.facts.kind import Change, Context, Fact, Field, Key, RecordChange, results_of_tests
from signals.facts.lab_values import LAB, results_of, taken
from signals.facts.liver_injury import (
    NO_BASELINE,
    TESTS,
    Pair,
    gravest,
    is_raised_bilirubin,
    is_raised_transaminase,
    pairs,
    ratio_to_phosphatase,
)
from signals.facts.refs import refs
from signals.facts.value import Ordered, Scalar, Value, flag, word
from signals.facts.watch import OF_THE_PERSON, numbers, watch_of, watched

_QUESTION = "alternative_cause"
_DECIDED = "ADJUDICATION alternative_cause"
_CHOLESTATIC, _HEPATOCELLULAR = 2, 5
_HUNDREDTH = Decimal("0.01")


class LiverInjuryKind:
    """One fact per person with a pair, under the number that is watched."""

    name = "liver injury"
    about = ("subject",)
    reads: tuple[str, ...] = ()
    hears: frozenset[str] = OF_THE_PERSON | {"decision"} | results_of_tests(TESTS)
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            text("transaminase", "Record of the transaminase", "DOMAIN 8"),
            words("test", ("alt", "ast"), "Which transaminase", "SDTM LBTESTCD"),
            ratio("transaminase_over_uln", "In multiples of its upper limit", "DOMAIN 8"),
            yes_no("baseline_raised", "It was above its limit before", "DOMAIN 7.4"),
            ratio("transaminase_over_baseline", "In multiples of its baseline", "DOMAIN 9"),
            ratio("bilirubin_over_uln_30d", "Highest within 30 days, by its limit", "DOMAIN 8"),
            ratio("alp_over_uln_7d", "Nearest within 7 days, by its limit", "DOMAIN 8"),
            words(
                "pattern",
                ("hepatocellular", "mixed", "cholestatic", "not known"),
                "R = (transaminase/ULN) / (ALP/ULN): 5 and more, between, 2 and less",
                "DOMAIN 8",
            ),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """Every subject with a therapy or an infusion."""
        yield from watched(ctx)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """The person, by infusion, by raised values; by the rest once there is a pair."""
        if not isinstance(change, RecordChange):
            return ()
        if change.kind in OF_THE_PERSON:
            return numbers(change, ctx)
        if change.kind not in (LAB, "decision"):
            return ()
        if change.kind == LAB:
            own = results_of(change, TESTS)
            if any(is_raised_transaminase(each) or is_raised_bilirubin(each) for each in own):
                return numbers(change, ctx)
        else:
            own = [each for each in change.versions if _asks(each)]
        if not own:
            return ()
        return [key for key in numbers(change, ctx) if ctx.facts.get(self.name, key) is not None]

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact, or None without a pair."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        found = pairs(ctx.view, seen) if seen is not None and seen.number == key[0] else []
        if seen is None or not found:
            return None
        ruled = _ruled(found, ctx)
        open_ = [each for each in found if not _is_covered(each, ruled)]
        pair = gravest(open_ or found)
        shown = (pair.transaminase, pair.bilirubin)
        return Fact(
            kind=self.name,
            key=key,
            values=_values(pair),
            subject_id=key[0],
            site_id=seen.site_id,
            clinical_at=max(taken(each)[1] for each in shown),
            decided=frozenset() if open_ else frozenset({_DECIDED}),
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """Under the number that is watched, where the person has several."""
        seen = watch_of(ctx.view, key[0], ctx.study)
        return None if seen is None or seen.number == key[0] else (seen.number,)


def _asks(decision: Record) -> bool:
    asked = decision.data.adjudication
    return asked is not None and asked.question == _QUESTION


def _ruled(found: list[Pair], ctx: Context) -> list[Record]:
    """The decisions in force by which a transaminase has another cause."""
    decisions = [
        ruling_decision(
            ctx.view,
            "lab-result",
            each.transaminase.subject_id,
            each.transaminase.record_id,
            _QUESTION,
        )
        for each in found
    ]
    return [each for each in decisions if each is not None and _is_yes(each)]


def _is_yes(decision: Record) -> bool:
    return bool(decision.data.adjudication.answer == "YES")


def _is_covered(pair: Pair, ruled: list[Record]) -> bool:
    """Whether another cause was found for it, or for one beside which it was on file by then."""
    record = pair.transaminase
    return any(
        each.data.adjudication.record_id.rpartition("/")[2] == record.record_id
        or record.arrival <= (each.data.decided_at or each.arrival)
        for each in ruled
    )


def _values(pair: Pair) -> dict[str, Value]:
    own = refs([pair.transaminase])
    bilirubin = refs([pair.bilirubin])
    alp = refs([pair.alp_record]) if pair.alp_record is not None else ()
    before = refs([pair.baseline]) if pair.baseline is not None else ()
    notes = (NO_BASELINE,) if pair.baseline is None else ()
    return {
        "transaminase": word(pair.transaminase.record_id).resting_on(*own),
        "test": word(str(pair.transaminase.data.test).lower()).resting_on(*own),
        "transaminase_over_uln": _to_hundredths(pair.over_limit, ROUND_FLOOR).resting_on(*own),
        "baseline_raised": flag(pair.baseline_raised).resting_on(*before).assuming(*notes),
        "transaminase_over_baseline": _to_hundredths(pair.over_baseline, ROUND_FLOOR).resting_on(
            *own, *before
        ),
        "bilirubin_over_uln_30d": _to_hundredths(
            pair.bilirubin_over_limit, ROUND_CEILING
        ).resting_on(*bilirubin),
        "alp_over_uln_7d": _to_hundredths(pair.alp, ROUND_FLOOR).resting_on(*alp),
        "pattern": word(_pattern(pair)).resting_on(*own, *alp),
    }


def _to_hundredths(multiple: Ordered, rounding: str) -> Ordered:
    """Down where a rule asks for so much and more, up where it asks for more than so much.

    So that rounding never carries a value over a limit of two decimals.
    """
    return replace(
        multiple,
        low=_rounded(multiple.low, rounding),
        high=_rounded(multiple.high, rounding),
    )


def _rounded(bound: Scalar | None, rounding: str) -> Decimal | None:
    return bound.quantize(_HUNDREDTH, rounding) if isinstance(bound, Decimal) else None


def _pattern(pair: Pair) -> str:
    r = ratio_to_phosphatase(pair)
    if r is None:
        return "not known"
    if r >= _HEPATOCELLULAR:
        return "hepatocellular"
    return "cholestatic" if r <= _CHOLESTATIC else "mixed"
