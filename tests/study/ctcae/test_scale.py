"""A scale works out each grade once; what it remembers is what it would say of the result alone."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from signals.study.ctcae import Interval, Quantity, Refused, Sample, Term, scale_of
from signals.study.ctcae.interval import exactly
from signals.study.ctcae.table_file import shipped_table

TERMS = [term for version in ("5.0", "6.0") for term in shipped_table(version).terms]
FINE = Fraction(1, 20)
NUMBERS = st.integers(0, 4_000).map(lambda number: number * FINE)
# The numbers at which limits turn are multiples of those of the sample, or printed in the table.
ENDS = st.none() | NUMBERS


def _span(one: Fraction | None, other: Fraction | None, *open_: bool) -> Interval:
    if one is None or other is None:
        return Interval(one, other, *open_)
    return Interval(min(one, other), max(one, other), *open_)


SPANS = st.builds(_span, ENDS, ENDS, st.booleans(), st.booleans())
RESULTS = st.lists(NUMBERS.map(exactly) | SPANS, min_size=2, max_size=30)


@st.composite
def samples(draw: st.DrawFn) -> tuple[Term, Sample]:
    term = draw(st.sampled_from(TERMS))
    unit = draw(st.sampled_from(term.units))

    def some() -> Quantity | None:
        low, more = draw(NUMBERS), draw(st.sampled_from((Fraction(0), FINE, Fraction(3))))
        return draw(st.sampled_from((None, Quantity(Interval(low, low + more), unit))))

    words = {"symptomatic": True} if draw(st.booleans()) else {}
    sample = Sample(
        test=term.test,
        result=Quantity(Interval(), unit),
        low=some(),
        high=some(),
        baseline=some(),
        specimen=term.specimen,
        words=words,
    )
    return term, sample


@given(samples(), RESULTS)
def test_a_scale_that_graded_others_grades_as_a_fresh_one(
    of: tuple[Term, Sample], results: list[Interval]
) -> None:
    term, sample = of
    used = scale_of(term, "5.0", sample)
    if isinstance(used, Refused):
        return
    limits = (sample.low, sample.high, sample.baseline)
    ends = [end for each in limits if each for end in (each.value.low, each.value.high)]
    times = [end * by for end in ends if end for by in (1, Fraction(3, 2), 3, 5)]
    spans = [Interval(None, end, False, is_open) for end in times for is_open in (True, False)]
    for result in (*results, *map(exactly, times), *spans):
        fresh = scale_of(term, "5.0", sample)
        assert not isinstance(fresh, Refused)
        assert used.grade(result) == fresh.grade(result), (term.term, result)
