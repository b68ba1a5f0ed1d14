"""What a dose level's count suggests: the classical 3+3 table, and BOIN (DOMAIN 3.5, 3.6).

BOIN: Liu and Yuan, J R Stat Soc C 2015;64:507.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil, floor

from signals.statistics.arithmetic import precise
from signals.statistics.boundaries import probability_above

ELIMINATION = Decimal("0.95")
"""A dose goes when the probability that its rate is above the target exceeds this."""

_FEWEST = 3
_LOW, _HIGH = Decimal("0.6"), Decimal("1.4")


class Action(StrEnum):
    """What a table proposes; people decide."""

    ESCALATE = "escalate"
    EXPAND = "treat 3 more at this dose"
    STAY = "stay"
    DE_ESCALATE = "de-escalate"
    DECLARE = "declare the maximum tolerated dose"
    ELIMINATE = "eliminate this dose and all above"


def three_plus_three(n: int, x: int, *, next_too_toxic: bool = False) -> Action | None:
    """The table's action for ``x`` subjects with dose-limiting toxicity among ``n`` evaluable.

    ``next_too_toxic``: the next higher dose was found too toxic.  None: the table has no row for
    this n, a person decides with BOIN beside.
    """
    if n == 3:  # noqa: PLR2004 - the table's rows
        return (Action.ESCALATE, Action.EXPAND)[x] if x < 2 else Action.DE_ESCALATE  # noqa: PLR2004
    if n == 6:  # noqa: PLR2004
        if x >= 2:  # noqa: PLR2004
            return Action.DE_ESCALATE
        return Action.DECLARE if next_too_toxic else Action.ESCALATE
    return None


@dataclass(frozen=True, slots=True)
class Boin:
    """BOIN's rates: target phi, and the limits at or beyond which the dose changes."""

    target: Decimal
    escalate_at: Decimal
    de_escalate_at: Decimal

    def action(self, n: int, x: int) -> Action | None:
        """What BOIN proposes for ``x`` of ``n``; None: nobody is evaluable yet."""
        if n == 0:
            return None
        if self.eliminated(n, x):
            return Action.ELIMINATE
        with precise():
            if x <= self.escalate_at * n:
                return Action.ESCALATE
            return Action.DE_ESCALATE if x >= self.de_escalate_at * n else Action.STAY

    def eliminated(self, n: int, x: int) -> bool:
        """Whether the dose and all above should go: at least 3 evaluable, surely too toxic."""
        return n >= _FEWEST and probability_above(self.target, x, Decimal(n)) > ELIMINATION

    def limits(self, n: int) -> tuple[int, int, int | None]:
        """For n evaluable: escalate if x <= first, de-escalate if x >= second, eliminate if >= third.

        The third is None where no count eliminates.
        """
        gone = next((x for x in range(n + 1) if self.eliminated(n, x)), None)
        with precise():
            return floor(self.escalate_at * n), ceil(self.de_escalate_at * n), gone


def boin(target: Decimal) -> Boin:
    """BOIN for a target rate, with the design's usual 0.6 phi and 1.4 phi."""
    with precise():
        return Boin(target, _limit(target * _LOW, target), _limit(target, target * _HIGH))


def _limit(lower: Decimal, upper: Decimal) -> Decimal:
    """The rate at which two rates explain the data equally well."""
    ratio = ((1 - lower) / (1 - upper)).ln()
    return ratio / (upper * (1 - lower) / (lower * (1 - upper))).ln()
