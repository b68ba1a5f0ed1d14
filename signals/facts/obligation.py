"""The fact ``obligation``: one report that is due to one authority (DOMAIN 4.3, 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from signals.facts.case import CaseKind
from signals.facts.duties import Obligation
from signals.facts.fields import day, text, until, words, yes_no
from signals.facts.kind import Change, Context, Fact, FactChange, Field, Key
from signals.facts.ledger import Status
from signals.facts.value import ANY_WORD, Value, exactly, flag, word

_DUTIES = ("initial-7", "initial-15", "completion", "follow-up")


class ObligationKind:
    """One fact per obligation, as its case lists them; the key is the obligation's id."""

    name = "obligation"
    about = ("obligation",)
    reads: tuple[str, ...] = (CaseKind.name,)
    hears: frozenset[str] = frozenset()
    fields: Mapping[str, Field] = {
        field.name: field
        for field in (
            text("subject", "The subject", "EVENTS"),
            text("case", "The case it reports", "EVENTS"),
            text("term", "Term of the adverse event that names the case", "SDTM AEDECOD"),
            text("jurisdiction", "To whom it is due", "DOMAIN 4.5"),
            words("duty", _DUTIES, "Which report", "DOMAIN 4.3"),
            text("duty_text", "Which report, in words", "DOMAIN 4.3"),
            day("day0", "Local date of the receipt that started the clock", "DOMAIN 4.4, D15"),
            until("time_to_due", "Time left until the last second of the due day", "D15"),
            words(
                "status", tuple(each.value for each in Status), "What became of it", "RULE_FORMAT"
            ),
            yes_no(
                "settled_in_time",
                "Ended by the due date: by a report acknowledged and submitted, a signature, or "
                "the answer to what was assumed",
                "DOMAIN 4.4",
            ),
            text("basis", "The law or guideline", "DOMAIN 4.3"),
        )
    }

    def keys(self, ctx: Context) -> Iterator[Key]:
        """The obligations of every case."""
        for case in CaseKind().keys(ctx):
            for each in _listed(ctx.facts.get(CaseKind.name, case)):
                yield (each.obligation_id,)

    def touched_by(self, change: Change, ctx: Context) -> Iterable[Key]:
        """Those its case listed before and lists now."""
        del ctx
        if isinstance(change, FactChange) and change.kind == CaseKind.name:
            for fact in (change.old, change.new):
                for each in _listed(fact):
                    yield (each.obligation_id,)

    def derive(self, key: Key, ctx: Context) -> Fact | None:
        """The fact as its case lists it."""
        case = case_key(key)
        fact = ctx.facts.get(CaseKind.name, case)
        found = next((each for each in _listed(fact) if each.obligation_id == key[0]), None)
        if fact is None or found is None:
            return None
        return Fact(
            kind=self.name,
            key=key,
            values=_values(found, fact, case),
            subject_id=fact.subject_id,
            site_id=fact.site_id,
            case=case,
            clinical_at=found.rests_on.told.at,
        )

    def moved_to(self, key: Key, ctx: Context) -> Key | None:
        """The same duty of the case that took over."""
        case = case_key(key)
        moved = CaseKind().moved_to(case, ctx)
        if moved is None:
            return None
        jurisdiction, duty = str(key[0]).rsplit("/", 2)[1:]
        return (f"{moved[0] or '-'}/{moved[1]}/{jurisdiction}/{duty}",)


def case_key(key: Key) -> Key:
    """The key of the case in an obligation's id: subject/case/jurisdiction/duty."""
    subject, case = str(key[0]).rsplit("/", 2)[0].split("/", 1)
    return (None if subject == "-" else subject, case)


def _listed(case: Fact | None) -> tuple[Obligation, ...]:
    if case is None or not isinstance(case.detail, tuple):
        return ()
    return case.detail


def _values(obligation: Obligation, case: Fact, key: Key) -> dict[str, Value]:
    duty = "follow-up" if obligation.duty.startswith("follow-up") else obligation.duty
    notes = obligation.assumed if obligation.is_open else ()
    values: dict[str, Value] = {
        "subject": word(str(key[0])) if key[0] else ANY_WORD,
        "case": word(str(key[1])),
        "term": case.values["term"],
        "jurisdiction": word(obligation.jurisdiction),
        "duty": word(duty),
        "duty_text": word(obligation.duty_text),
        "day0": exactly(obligation.day0),
        "time_to_due": exactly(obligation.due),
        "status": word(obligation.status.value).assuming(*notes),
        "settled_in_time": flag(obligation.settled_in_time),
        "basis": word(obligation.basis),
    }
    return {name: value.resting_on(*obligation.records) for name, value in values.items()}
