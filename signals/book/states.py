"""The states of an alert and what leads from one to the next (RULE_FORMAT, states of an alert).

The only table of its kind: one case a line, the first that fits counts.
"""

from __future__ import annotations

from signals.book.alert import State
from signals.immutable import immutable
from signals.rulebook.spec import Ends, Verdict

ENDED = frozenset({State.CLEARED, State.WITHDRAWN})


@immutable(frozen=True, slots=True)
class Situation:
    """All that the next state of an alert depends on.

    ``corrected``: since the last revision a record of its evidence got a CORRECTION or VOID.
    ``by_rules``: the answer comes from a change of rules; ``held``: an earlier change of rules made
    it untrue, and nobody ended it.  ``signed``, ``upheld``: a withdrawal is signed, or refused for
    this evidence.  ``decided``: the decision that ends the rule is in force.  ``met``: the duty
    was met by a report.  ``moved``: its id was joined, moved or replaced.
    """

    state: State | None
    verdict: Verdict
    ends: Ends
    waits: bool = False
    corrected: bool = False
    by_rules: bool = False
    held: bool = False
    signed: bool = False
    upheld: bool = False
    decided: bool = False
    met: bool = False
    moved: bool = False

    @property
    def ends_by_itself(self) -> bool:
        """The rule ends when it is no longer true."""
        return self.ends is Ends.WHEN_NO_LONGER_TRUE

    @property
    def kept_by_rules(self) -> bool:
        """Untrue by a change of rules, not by its evidence: it stays until a person ends it."""
        return self.by_rules or (self.held and not self.corrected)


@immutable(frozen=True, slots=True)
class Outcome:
    """The next state (None: still nothing to publish); ``holds`` False: firing, though untrue.

    ``held``: it stays open only because a change of rules, not the evidence, made it untrue.
    """

    state: State | None
    holds: bool = True
    held: bool = False


def next_state(s: Situation) -> Outcome:
    """The state after looking at the answer once more."""
    if s.state is None or s.state in ENDED:
        return Outcome(_from_nothing_or_ended(s))
    if s.moved:  # its place was taken: whatever it waited for is asked under the other id
        return Outcome(State.WITHDRAWN)
    if s.state is State.POSSIBLE:
        return Outcome(_from_possible(s))
    if s.state is State.FIRING:
        return _from_firing(s)
    return _from_withdrawal_pending(s)


def _from_nothing_or_ended(s: Situation) -> State | None:
    if s.decided:  # by decision: what the decision ended stays ended while it is in force
        return s.state
    if s.verdict is Verdict.YES:  # nothing, cleared, withdrawn -> firing
        return State.FIRING
    if s.verdict is Verdict.UNKNOWN:  # nothing, cleared, withdrawn -> possible
        return State.POSSIBLE
    if s.state is not None and s.waits and s.ends_by_itself:  # its sign-off was taken back
        return State.WITHDRAWAL_PENDING
    return s.state


def _from_possible(s: Situation) -> State:
    if s.decided or s.verdict is Verdict.NO:  # possible -> cleared
        return State.CLEARED
    if s.verdict is Verdict.YES:  # possible -> firing
        return State.FIRING
    return State.POSSIBLE


def _from_firing(s: Situation) -> Outcome:
    if s.decided:  # by decision, and that decision is in force, true or not
        return Outcome(State.CLEARED)
    if s.verdict is not Verdict.NO:
        return Outcome(_not_certain(s))
    if s.signed:  # a person ends what a change of rules or holds: no left open
        return Outcome(State.WITHDRAWN)
    if s.upheld:  # refused, until the evidence changes again
        return Outcome(State.FIRING)
    if s.kept_by_rules:  # untrue by a change of rules
        return Outcome(State.FIRING, holds=False, held=True)
    if s.waits:  # the rule's own ending asks for a signature
        return Outcome(State.WITHDRAWAL_PENDING)
    return _untrue(s)


def _untrue(s: Situation) -> Outcome:
    match s.ends:
        case Ends.NEEDS_SIGN_OFF:
            return Outcome(State.WITHDRAWAL_PENDING)
        case Ends.WHEN_NO_LONGER_TRUE if s.corrected and not s.met:  # one revision
            return Outcome(State.WITHDRAWN)
        case Ends.WHEN_NO_LONGER_TRUE:
            return Outcome(State.CLEARED)
        case _ if s.corrected:  # by decision, never: the evidence itself was wrong
            return Outcome(State.WITHDRAWAL_PENDING)
        case _:  # by decision, never: stays, marked
            return Outcome(State.FIRING, holds=False)


def _from_withdrawal_pending(s: Situation) -> Outcome:
    if s.decided:  # by decision: that decision, on the corrected facts
        return Outcome(State.WITHDRAWN)
    if s.verdict is not Verdict.NO:  # true again
        return Outcome(_not_certain(s))
    if s.signed:  # a named person signed
        return Outcome(State.WITHDRAWN)
    if s.upheld:  # refused
        return Outcome(State.FIRING)
    if not s.ends_by_itself or s.waits:
        return Outcome(State.WITHDRAWAL_PENDING)
    if s.kept_by_rules:  # a change of rules ends nothing
        return Outcome(State.WITHDRAWAL_PENDING, held=True)
    return Outcome(State.CLEARED if s.met else State.WITHDRAWN)  # met by a report, or signed off


def _not_certain(s: Situation) -> State:
    if s.verdict is Verdict.UNKNOWN and s.ends_by_itself:  # firing -> possible
        return State.POSSIBLE
    return State.FIRING  # the others stay firing and show what is missing
