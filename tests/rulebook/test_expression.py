from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.rulebook.expression import all_of, any_of, criteria_of, read_expression
from signals.rulebook.spec import AllOf, AnyOf, Expression, Is, Not
from signals.study.places import Text
from signals.study.problems import Place, Problems

NAMES = ["a", "b", "began in the window", "began in", "c"]
A, B, C = Is("a"), Is("b"), Is("c")


def read(text: str, *, skip: int = 0) -> tuple[Expression | None, list[tuple[str, int, int, str]]]:
    problems = Problems()
    node = Text(text, Place("p.yaml", 3, 11, len(text)), 0)
    expression = read_expression(node, NAMES, problems, skip=skip)
    return expression, [
        (each.code, each.column - 11, each.length, each.message) for each in problems.all()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", A),
        ("began in the window", Is("began in the window")),
        ("began in   the window", Is("began in the window")),
        ("a and b and c", AllOf((A, B, C))),
        ("a or b or c", AnyOf((A, B, C))),
        ("not a", Not(A)),
        ("not not a", Not(Not(A))),
        ("not a and b", AllOf((Not(A), B))),
        ("not (a and b)", Not(AllOf((A, B)))),
        ("(a and b) or c", AnyOf((AllOf((A, B)), C))),
        ("a and (b or c)", AllOf((A, AnyOf((B, C))))),
        ("((a))", A),
        ("began in and began in the window", AllOf((Is("began in"), Is("began in the window")))),
        ("not(a)or(b)", AnyOf((Not(A), B))),
    ],
)
def test_an_expression_is_what_it_says(text: str, expected: Expression) -> None:
    assert read(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "code", "column", "length", "message"),
    [
        ("a and b or c", "SR031", 8, 2, "'or' stands beside 'and' without brackets"),
        ("a or b and c", "SR031", 7, 3, "'and' stands beside 'or' without brackets"),
        ("(a and b or c)", "SR031", 9, 2, "'or' stands beside 'and' without brackets"),
        ("a and", "SR030", 0, 5, "the expression ends too early"),
        ("not", "SR030", 0, 3, "the expression ends too early"),
        ("(a and b", "SR030", 0, 1, "a bracket is not closed"),
        ("(a not b)", "SR030", 3, 3, "a bracket is not closed"),
        ("a)", "SR030", 1, 1, "')' is one too many here"),
        ("a not b", "SR030", 2, 3, "'not' is one too many here"),
        ("and a", "SR030", 0, 3, "'and' stands where a criterion is wanted"),
        ("a and or b", "SR030", 6, 2, "'or' stands where a criterion is wanted"),
        ("()", "SR030", 1, 1, "')' stands where a criterion is wanted"),
    ],
)
def test_what_cannot_be_read_is_marked(
    *, text: str, code: str, column: int, length: int, message: str
) -> None:
    assert read(text) == (None, [(code, column, length, message)])


def test_a_name_that_is_no_criterion_is_marked_and_the_rest_is_read() -> None:
    assert read("a and d and e") == (
        AllOf((A, Is("d"), Is("e"))),
        [
            ("SR032", 6, 1, "'d' is not a criterion of this rule"),
            ("SR032", 12, 1, "'e' is not a criterion of this rule"),
        ],
    )


def test_what_stands_before_when_is_not_part_of_it() -> None:
    assert read("when a or b", skip=5) == (AnyOf((A, B)), [])


def test_all_of_none_and_any_of_none() -> None:
    assert all_of([]) == AllOf(())
    assert any_of(["a", "b"]) == AnyOf((A, B))


def test_the_criteria_are_named_from_left_to_right() -> None:
    expression, _ = read("(a and b) or not (c or a)")
    assert list(criteria_of(expression)) == ["a", "b", "c", "a"]
    assert list(criteria_of(None)) == []


def written(expression: Expression) -> str:
    match expression:
        case Is(name):
            return name
        case Not(inner):
            return f"not ({written(inner)})"
        case AllOf(parts):
            return " and ".join(f"({written(part)})" for part in parts)
        case AnyOf(parts):
            return " or ".join(f"({written(part)})" for part in parts)


def several(
    make: Callable[[tuple[Expression, ...]], Expression],
) -> Callable[[st.SearchStrategy[Expression]], st.SearchStrategy[Expression]]:
    return lambda inner: st.lists(inner, min_size=2, max_size=3).map(lambda each: make(tuple(each)))


LEAVES: st.SearchStrategy[Expression] = st.sampled_from([Is(name) for name in NAMES])
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda inner: several(AllOf)(inner) | several(AnyOf)(inner) | inner.map(Not),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_what_is_written_with_brackets_is_read_back(expression: Expression) -> None:
    assert read(written(expression)) == (expression, [])


@given(
    st.lists(st.sampled_from(["a", "b", "and", "or", "not", "(", ")", "began", "in"]), max_size=9)
)
def test_no_text_breaks_the_reader(words: list[str]) -> None:
    expression, told = read(" ".join(words))
    assert (expression is None) <= bool(told)
