"""The grade as a set: what is not known widens it and is named."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events.measured import measured
from signals.study.ctcae import Graded, Grading, Interval, Quantity, Refused, Sample, Term, grade
from signals.study.ctcae.table_file import shipped_table

V5, V6 = shipped_table("5.0"), shipped_table("6.0")


def quantity(text: str, unit: str | None) -> Quantity:
    return Quantity(Interval.of(measured(text)), unit)


def sample(test: str, result: str, unit: str | None, **given_: str | bool | None) -> Sample:
    """`low`, `high` and `base` in the unit of the result, `specimen`, and words that are known."""
    limits = {name: given_.pop(name, None) for name in ("low", "high", "base")}
    found = {name: quantity(text, unit) for name, text in limits.items() if isinstance(text, str)}
    specimen = given_.pop("specimen", None)
    return Sample(
        test=test,
        result=quantity(result, unit),
        low=found.get("low"),
        high=found.get("high"),
        baseline=found.get("base"),
        specimen=specimen if isinstance(specimen, str) else None,
        words={name: answer for name, answer in given_.items() if isinstance(answer, bool)},
    )


def only(found: tuple[Grading, ...], direction: str) -> Graded:
    (one,) = [each for each in found if each.direction == direction]
    assert isinstance(one, Graded), one
    return one


@pytest.mark.parametrize(
    ("what", "direction", "grades", "missing"),
    [
        (sample("NEUT", "1.6", "10*9/L"), "low", (0, 1), ("LLN",)),
        (sample("NEUT", "1.4", "10*9/L"), "low", (2,), ()),
        (sample("NEUT", "<0.1", "10*9/L"), "low", (4,), ()),
        (sample("NEUT", "<=0.5", "10*9/L"), "low", (3, 4), ()),
        (sample("NEUT", "<2", "10*9/L", low="1.8"), "low", (0, 1, 2, 3, 4), ()),
        (sample("NEUT", ">1.8", "10*9/L", low="1.8"), "low", (0,), ()),
        (sample("ALT", "100", "U/L"), "high", (0, 1, 2, 3, 4), ("ULN",)),
        (sample("K", "3.2", "mmol/L", low="3.5"), "low", (1, 2), ("symptomatic",)),
        (sample("K", "3.2", "mmol/L", low="3.5", symptomatic=True), "low", (2,), ()),
        (sample("K", "3.2", "mmol/L", low="3.5", symptomatic=False), "low", (1,), ()),
        (sample("K", "3.2", "mmol/L"), "low", (0, 1, 2), ("LLN", "symptomatic")),
        (sample("LIPASET", "180", "U/L", high="60", symptomatic=True), "high", (3,), ()),
        (sample("LIPASET", "180", "U/L", high="60", symptomatic=False), "high", (2,), ()),
        (sample("INR", "2.0", "1", base="1", anticoag=True), "high", (2,), ()),
        (sample("INR", "1.1", None, base="1", anticoag=True), "high", (1,), ()),
        (sample("INR", "1.1", "", base="1", anticoag=False), "high", (0,), ()),
        (sample("URATE", "500", "umol/L", high="420", physiologic_consequences=True), "high", (3,), ()),
        (sample("PHOS", "0.7", "mmol/L", low="0.8", intervention=False), "low", (1,), ()),
    ],
)  # fmt: skip
def test_what_is_not_known_widens_the_grade_and_is_named(
    what: Sample, direction: str, grades: tuple[int, ...], missing: tuple[str, ...]
) -> None:
    found = only(grade(V5, what), direction)
    assert (found.grades, found.missing) == (grades, missing)


def test_a_missing_baseline_is_a_normal_one_and_is_told() -> None:
    found = only(grade(V5, sample("ALT", "130", "U/L", high="40")), "high")
    assert (found.grades, found.baseline_missing) == ((2,), True)
    with_one = only(grade(V5, sample("ALT", "130", "U/L", high="40", base="30")), "high")
    assert (with_one.grades, with_one.baseline_missing) == ((2,), False)
    assert not only(grade(V5, sample("PLAT", "80", "10*9/L")), "low").baseline_missing


def test_eosinophils_without_a_baseline_are_graded_by_the_upper_limit() -> None:
    found = only(grade(V5, sample("EOS", "0.6", "10*9/L", high="0.5")), "high")
    assert (found.grades, found.baseline_missing) == ((1,), True)


def test_a_result_is_graded_in_the_unit_of_its_laboratory() -> None:
    # 11.5 mg/dL is 2.87 mmol/L: grade 1 in mg/dL; 2.87 is grade 1 and 2.91 grade 2 in mmol/L.
    in_mg = only(grade(V5, sample("CA", "11.6", "mg/dL", high="10.5")), "high")
    assert in_mg.grades == (2,)  # though 11.6 x 0.2495 = 2.894 mmol/L would be grade 1
    in_mmol = only(grade(V5, sample("CA", "2.894", "mmol/L", high="2.6")), "high")
    assert in_mmol.grades == (1,)
    # 55 mg/dL is 3.05 mmol/L; 54 mg/dL (2.998 mmol/L) is grade 2 either way.
    assert only(grade(V5, sample("GLUC", "55", "mg/dL", low="70")), "low").grades == (1,)
    # A unit CTCAE does not print is converted within its own system: 120 mg/L is 12 mg/dL.
    assert only(grade(V5, sample("CA", "120", "mg/L", high="105")), "high").grades == (2,)


def test_limits_and_baseline_may_stand_in_other_units_than_the_result() -> None:
    what = replace(
        sample("CREAT", "1.4", "mg/dL"),
        high=quantity("104", "umol/L"),
        baseline=quantity("44.2", "umol/L"),
    )
    # 1.4 mg/dL = 123.76 umol/L = 1.19 x ULN, and 2.8 x the baseline.
    assert only(grade(V5, what), "high").grades == (2,)
    # A limit that leaves no last decimal in the unit of the result moves no boundary: 3 x 1/3.
    third = replace(sample("HGB", "30", "g/L"), high=quantity("0.62060", "mmol/L"))
    assert only(grade(V5, third), "high").grades == (1,)
    assert only(grade(V5, replace(third, result=quantity("10", "g/L"))), "high").grades == (0,)
    unreadable = replace(what, high=quantity("104", "furlong"))
    assert only(grade(V5, unreadable), "high").missing == ("ULN",)


@pytest.mark.parametrize(
    ("what", "why", "missing"),
    [
        (sample("PLAT", "12", None), "the unit is missing", ("unit",)),
        (sample("PLAT", "12", "wat"), 'the unit "wat" is not known', ("unit",)),
        (sample("PLAT", "12", "mmol/L"), '"mmol/L" cannot be converted to "10*9/L" for the test PLAT', ("unit",)),
        (sample("GLUC", "20", "mmol/L"), "every grade is a clinical judgement: no value gives one", ()),
        (sample("GLUC", "1", "mmol/L", specimen="URINE"), "the specimen is URINE, and must be blood", ()),
        (sample("PH", "5", "[pH]"), "the specimen is missing, and must be arterial blood", ("specimen",)),
        (sample("PH", "7", "[pH]", specimen="VENOUS BLOOD"), "the specimen is VENOUS BLOOD, and must be arterial blood", ()),
        (sample("PROT", "70", "g/L", specimen="血清"), "the specimen is 血清, and must be urine", ()),
        (sample("PROT", "70", "g/L", specimen="尿液"), '"g/L" cannot be converted to "g/d" for the test PROT', ("unit",)),
    ],
)  # fmt: skip
def test_no_grade_without_a_unit_or_of_another_specimen(
    what: Sample, why: str, missing: tuple[str, ...]
) -> None:
    refused = [each for each in grade(V5, what) if isinstance(each, Refused)]
    assert (why, missing) in [(each.why, each.missing) for each in refused]


def test_proteinuria_has_limits_of_adults() -> None:
    child = replace(sample("PROT", "2", "g/d", specimen="URINE"), age=Decimal(17))
    (found,) = grade(V5, child)
    assert isinstance(found, Refused)
    assert found.why == "the limits are those of adults"
    (grown,) = grade(V5, replace(child, age=Decimal(18)))
    assert isinstance(grown, Graded)
    assert grown.grades == (2,)


def test_a_grade_inside_the_limits_of_the_laboratory_says_so() -> None:
    def within(result: str, **limits: str) -> bool | None:
        return only(grade(V5, sample("NEUT", result, "10*9/L", **limits)), "low").within_range

    assert within("1.45", low="1.40", high="7") is True
    assert within("1.40", low="1.40", high="7") is True
    assert within("1.39", low="1.40", high="7") is False
    assert within("7.1", low="1.40", high="7") is False
    assert within("<2", low="1.40", high="7") is None
    assert within("1.45") is None


@pytest.mark.parametrize(
    ("what", "direction", "in_5", "in_6"),
    [
        (sample("NEUT", "1.6", "10*9/L", low="2"), "low", (1,), (0,)),
        (sample("NEUT", "1.4", "10*9/L", low="2"), "low", (2,), (1,)),
        (sample("NEUT", "0.99", "10*9/L"), "low", (3,), (2,)),
        (sample("NEUT", "0.49", "10*9/L"), "low", (4,), (3,)),
        (sample("NEUT", "0.1", "10*9/L"), "low", (4,), (3,)),
        (sample("NEUT", "0.09", "10*9/L"), "low", (4,), (4,)),
        (sample("PLAT", "24", "10*9/L"), "low", (4,), (3,)),
        (sample("PLAT", "10", "10*9/L"), "low", (4,), (3,)),
        (sample("PLAT", "9", "10*9/L"), "low", (4,), (4,)),
        (sample("ALT", "120", "U/L", high="40", base="80"), "high", (1,), (1,)),
        (sample("ALT", "121", "U/L", high="40", base="80"), "high", (1,), (2,)),
        (sample("ALT", "161", "U/L", high="40", base="80"), "high", (1,), (3,)),
        (sample("ALT", "321", "U/L", high="40", base="80"), "high", (2,), (4,)),
        (sample("ALT", "121", "U/L", high="40", base="30"), "high", (2,), (2,)),
        (sample("GGT", "301", "U/L", high="50", base="100"), "high", (2,), (3,)),
        (sample("BILI", "101", "umol/L", high="20", base="40"), "high", (2,), (3,)),
        (sample("ALP", "600", "U/L", high="100", base="90"), "high", (3,), (1,)),
        (sample("ALP", "200", "U/L", high="100", base="210"), "high", (0,), (0,)),
        (sample("CREAT", "200", "umol/L", low="50", high="150", base="60"), "high", (3,), (1,)),
        (sample("CREAT", "130", "umol/L", low="50", high="150", base="40"), "high", (3,), (3,)),
        (sample("LIPASET", "150", "U/L", high="60", symptomatic=True), "high", (3,), (2,)),
        (sample("LIPASET", "181", "U/L", high="60", symptomatic=True), "high", (3,), (3,)),
    ],
)  # fmt: skip
def test_what_version_6_changed(
    what: Sample, direction: str, in_5: tuple[int, ...], in_6: tuple[int, ...]
) -> None:
    five, six = only(grade(V5, what), direction), only(grade(V6, what), direction)
    assert (five.version, five.grades) == ("5.0", in_5)
    assert (six.version, six.grades) == ("6.0", in_6)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (sample("LYM", "0.4", "10*9/L"), 'grade 1 reads "present" only: v6.0 gives no limits'),
        (sample("CK", "900", "U/L", high="200"), "the term was deleted in v6.0"),
        (sample("TROPONI", "1", "ug/L", high="0.04"), "the term was deleted in v6.0"),
        (sample("PROT", "2", "g/d", specimen="URINE"), "not checked: the limits of this new term of v6.0 were not at hand (it takes the place of Proteinuria)"),
    ],
)  # fmt: skip
def test_version_6_refuses_what_it_deleted_and_what_was_not_checked(what: Sample, why: str) -> None:
    refused = [each for each in grade(V6, what) if isinstance(each, Refused)]
    assert [each.why for each in refused] == [why]


def test_hyperglycaemia_of_version_6_takes_a_sample_as_fasting_and_says_so() -> None:
    def glucose(value: str, **known: bool) -> tuple[tuple[int, ...], tuple[str, ...]]:
        found = only(grade(V6, sample("GLUC", value, "mmol/L", high="6.1", **known)), "high")
        return found.grades, found.assumed

    assert glucose("13.9") == ((2,), ("fasting",))
    assert glucose("14.0") == ((3,), ("fasting",))
    assert glucose("27.9", fasting=True) == ((4,), ())
    assert glucose("27.9", fasting=False) == ((0,), ())


WORDS = ("symptomatic", "anticoag", "intervention", "physiologic_consequences")
GRADED = [term for term in V5.terms if any(limit.conditions for limit in term.limits)]
numbers = st.decimals(min_value=0, max_value=400, places=1)


@st.composite
def samples(draw: st.DrawFn) -> tuple[Term, Sample]:
    """A sample of which everything is known, but for the level of infarction of an assay."""
    term = draw(st.sampled_from(GRADED))
    low = draw(st.decimals(min_value=1, max_value=200, places=1))
    full = sample(
        term.test,
        str(draw(numbers)),
        term.units[0],
        low=str(low),
        high=str(2 * low),
        base=str(draw(numbers)),
        specimen=term.specimen.upper(),
        **dict.fromkeys(WORDS, draw(st.booleans())),
    )
    return term, full


@given(samples(), st.sets(st.sampled_from(["low", "high", "words", "result"])), numbers)
def test_knowing_more_never_gives_a_grade_that_was_not_possible_before(
    drawn: tuple[Term, Sample], unknown: set[str], bound: Decimal
) -> None:
    term, full = drawn
    x, limit = full.result.value, Fraction(bound)
    wider = Interval(x.low, max(limit, x.low or limit))
    less = replace(
        full,
        low=None if "low" in unknown else full.low,
        high=None if "high" in unknown else full.high,
        words={} if "words" in unknown else full.words,
        result=Quantity(wider, full.result.unit) if "result" in unknown else full.result,
    )
    known = only(grade(V5, full), term.direction).grades
    assert set(known) <= set(only(grade(V5, less), term.direction).grades)
