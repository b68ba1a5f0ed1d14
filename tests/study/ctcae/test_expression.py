"""The language of limits: what it reads, what it answers, and what it says of a mistake."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.study.ctcae.expression import ExpressionError, Known, read_expression
from signals.study.ctcae.interval import ANY, Interval, Truth, below, exactly


def known(
    words: dict[str, bool] | None = None, without_baseline: Truth = None, **numbers: str
) -> Known:
    """Numbers as text: 3 is one number, 2..4 an interval, and what is left out is not known."""
    found = {}
    for name, text in numbers.items():
        low, dots, high = text.partition("..")
        found[name] = Interval(
            Fraction(low) if low else None, Fraction(high if dots else low) if high or low else None
        )
    return Known(found, words or {}, without_baseline)


@pytest.mark.parametrize(
    ("text", "facts", "answer"),
    [
        ("x < 2", known(x="1.9"), True),
        ("x < 2", known(x="2"), False),
        ("x <= 2", known(x="2"), True),
        ("x >= 2", known(x="2"), True),
        ("x > 2", known(x="2"), False),
        ("x < LLN", known(x="1"), None),
        ("x < 2", known(x="1..3"), None),
        ("x < 2", known(x="1..2"), None),
        ("x <= 2", known(x="1..2"), True),
        ("x > ULN + 20", known(x="181", ULN="160"), True),
        ("x > 20 + ULN", known(x="180", ULN="160"), False),
        ("x > 1.5*BASE", known(x="3", BASE="2"), False),
        ("x > 1 or x < LLN", known(x="2"), True),
        ("x > 1 and x < LLN", known(x="0"), False),
        ("x > 1 and x < LLN", known(x="2"), None),
        ("not x < 1", known(x="2"), True),
        ("not not x < 1", known(x="2"), False),
        ("symptomatic", known(), None),
        ("symptomatic", known({"symptomatic": False}), False),
        ("symptomatic and x > 1", known({"symptomatic": True}, x="2"), True),
        ("x > 1 or symptomatic and x > 9", known(x="2"), True),
        ("(x > 1 or symptomatic) and x > 9", known(x="2"), False),
        ("x > 1 if base_high else x > 9", known(x="5", BASE="3", ULN="2"), True),
        ("x > 1 if base_high else x > 9", known(x="5", BASE="2", ULN="2"), False),
        ("x > 1 if base_low else x > 9", known(x="5", BASE="1", LLN="2"), True),
        ("x > 1 if base_high else x > 9", known(x="5", BASE="2"), None),
        ("x > 1 if base_high else x > 9", known(x="10", BASE="2"), True),
        ("x > 1 if base_high else x > 2 if symptomatic else x > 9", known(x="5", BASE="1", ULN="2"), None),
        # Without a baseline: base_high and base_low are no, a comparison what the term says.
        ("base_high or base_low", known(without_baseline=False), False),
        ("base_high", known(without_baseline=True), False),
        ("x > BASE", known(x="5", without_baseline=False), False),
        ("x > ULN and x > BASE", known(x="5", ULN="4", without_baseline=True), True),
    ],
)  # fmt: skip
def test_an_expression_is_yes_no_or_not_known(text: str, facts: Known, answer: Truth) -> None:
    assert read_expression(text).of(facts) is answer


def test_the_names_of_an_expression_are_those_it_asks_for() -> None:
    text = "(x < LLN if not base_high else symptomatic) or x > 3*BASE"
    assert read_expression(text).names() == {"x", "LLN", "BASE", "ULN", "symptomatic"}


@pytest.mark.parametrize(
    ("text", "message", "position", "word"),
    [
        ("x < UNL", "'UNL' is no name of a limit", 4, "UNL"),
        ("x <", "a name is missing at the end", 3, ""),
        ("", "a name is missing at the end", 0, ""),
        ("x", "a comparison (<, <=, >, >=) is expected here", 1, ""),
        ("x = 3", "'=' means nothing in a limit", 2, ""),
        ("x < 3 3", "'3' is not expected here", 6, ""),
        ("(x < 3", "')' is expected here, and the limit ends", 6, ""),
        ("(x < 3 or", "a name is missing at the end", 9, ""),
        ("x < 3 if base_high", "'else' is expected here, and the limit ends", 18, ""),
        ("x < 3 if base_high then", "'else' is expected here, not 'then'", 19, ""),
        ("x < 3*4", "a number is multiplied by a name, as in 3*ULN", 6, ""),
        ("x < ULN + BASE", "a sum holds one name at most", 10, ""),
        ("x.real < 3", "'.' means nothing in a limit", 1, ""),
    ],
)
def test_a_mistake_is_told_with_its_place(
    text: str, message: str, position: int, word: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_expression(text)
    assert (str(caught.value), caught.value.position, caught.value.word) == (
        message,
        position,
        word,
    )


numbers = st.fractions(min_value=0, max_value=10, max_denominator=4)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(numbers), draw(numbers)))
    if low == high:
        return exactly(low)
    ends = draw(st.booleans()), draw(st.booleans())
    return Interval(low, high, *ends) if draw(st.booleans()) else Interval(low, None, ends[0])


def holds(interval: Interval, number: Fraction) -> bool:
    above = interval.low is None or number > interval.low or not interval.low_open
    under = interval.high is None or number < interval.high or not interval.high_open
    inside = (interval.low is None or number >= interval.low) and (
        interval.high is None or number <= interval.high
    )
    return above and under and inside


@given(intervals(), intervals(), numbers, numbers)
def test_what_is_said_of_intervals_is_so_of_every_number_in_them(
    first: Interval, second: Interval, one: Fraction, other: Fraction
) -> None:
    answer = below(first, second)
    if answer is not None and holds(first, one) and holds(second, other):
        assert (one < other) is answer


def test_of_what_nothing_is_known_nothing_is_said() -> None:
    assert below(ANY, exactly(Fraction(1))) is None
    assert below(exactly(Fraction(1)), ANY) is None
