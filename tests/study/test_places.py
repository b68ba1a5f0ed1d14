from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from signals.study.places import Sequence, Table, Text, plain, read_yaml
from signals.study.problems import Place, Problems


def read(text: str) -> tuple[object, list[tuple[str, int, int, str]]]:
    problems = Problems()
    node = read_yaml(text, "a.yaml", problems)
    told = [(each.code, each.line, each.column, each.message) for each in problems.all()]
    return (None if node is None else plain(node)), told


def test_every_scalar_is_text() -> None:
    text = "a: NO\nb: 012\nc: 12:30\nd: 1.10\ne: 2026-03-01\nf: ~\ng:\nh: 'yes'\n"
    assert read(text) == (
        {
            "a": "NO",
            "b": "012",
            "c": "12:30",
            "d": "1.10",
            "e": "2026-03-01",
            "f": "~",
            "g": "",
            "h": "yes",
        },
        [],
    )


def test_places_count_lines_and_columns_from_one() -> None:
    problems = Problems()
    node = read_yaml("a:\n  bc: {de: fgh, i: [j, 'kl']}\n", "a.yaml", problems)
    assert isinstance(node, Table)
    inner = node.get("a")
    assert isinstance(inner, Table)
    assert inner.entries[0][0].place == Place("a.yaml", 2, 3, 2)
    flow = inner.get("bc")
    assert isinstance(flow, Table)
    assert flow.entries[0][0].place == Place("a.yaml", 2, 8, 2)
    assert flow.entries[0][1].place == Place("a.yaml", 2, 12, 3)
    words = flow.get("i")
    assert isinstance(words, Sequence)
    assert words.items[1].place == Place("a.yaml", 2, 24, 4)


def test_a_part_of_a_line_has_its_own_place_and_of_folded_lines_the_whole() -> None:
    problems = Problems()
    node = read_yaml("a: one two\nb: 'one two'\nc: >\n  one\n  two\n", "a.yaml", problems)
    assert isinstance(node, Table)
    parts = [value.part(4, 3) for _, value in node.entries if isinstance(value, Text)]
    assert parts == [
        Place("a.yaml", 1, 8, 3),
        Place("a.yaml", 2, 9, 3),
        Place("a.yaml", 3, 4, 1),
    ]


def test_the_second_of_two_equal_keys_is_an_error_and_does_not_win() -> None:
    assert read("a: 1\nb: 2\na: 3\n") == (
        {"a": "1", "b": "2"},
        [("SR002", 3, 1, "the key 'a' stands here twice; the first is in line 1")],
    )


def test_what_hides_meaning_is_not_allowed() -> None:
    cases = [
        ("a: &x 1\n", 4, "an anchor ('&x') is not allowed"),
        ("a: *x\n", 4, "an alias ('*x') is not allowed"),
        ("a: !!int 1\n", 4, "a tag ('tag:yaml.org,2002:int') is not allowed"),
        ("<<: {b: 1}\n", 1, "merge keys ('<<') are not allowed"),
    ]
    for text, column, message in cases:
        assert read(text)[1] == [("SR003", 1, column, message)], text


def test_a_second_document_is_not_read() -> None:
    node, told = read("a: 1\n---\nb: 2\n")
    assert node == {"a": "1"}
    assert told == [("SR003", 2, 1, "a second document ('---') is not allowed")]


def test_an_empty_file_says_so() -> None:
    for text in ("", "\n", "# only a comment\n"):
        assert read(text) == (None, [("SR004", 1, 1, "the file is empty")])


def test_what_is_not_yaml_says_where() -> None:
    cases = [('a: "open\n', 1), ("a: [1, 2\nb: 3\n", 2), ("a: b: c\n", 1), ("\ta: 1\n", 1)]
    for text, line in cases:
        node, told = read(text)
        assert node is None
        assert [(code, at) for code, at, _, _ in told] == [("SR001", line)], text
        assert told[0][3].startswith("this is not YAML: ")


def test_a_page_of_brackets_is_no_crash() -> None:
    told = [("SR001", 1, 1, "this is nested too deeply to be a page")]
    assert read("[" * 5000) == (None, told)


def test_a_key_is_a_word() -> None:
    assert read("[a, b]: 1\n")[1] == [("SR001", 1, 1, "a key must be a word")]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    node, told = read(text)
    assert node is not None or told


TREES = st.recursive(
    st.text(alphabet="abc: #-'\"{}[],中1", min_size=1, max_size=8).map(str.strip).filter(bool),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text(alphabet="abcxyz", min_size=1, max_size=4), inner, min_size=1)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(alphabet="abcxyz", min_size=1, max_size=4), TREES, min_size=1))
def test_what_another_writer_wrote_is_read_back(tree: object) -> None:
    out = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_style = '"'  # type: ignore[assignment]
    writer.dump(tree, out)
    assert read(out.getvalue()) == (tree, [])
