import json

from hypothesis import given
from hypothesis import strategies as st

from signals.rulebook.lock import Locked, lock_text, read_lock
from signals.rulebook.pack import Pack, read_pack, updated_lock
from signals.study.problems import Problems
from tests.rulebook.kinds import DICTIONARY
from tests.rulebook.packs import minimal, with_rule


def packed(files: dict[str, str]) -> tuple[Pack, list[str]]:
    pack, problems = read_pack(files, DICTIONARY)
    assert pack is not None, problems
    return pack, [each.code for each in problems]


def locked(files: dict[str, str]) -> dict[str, str]:
    """The same files with a lock that fits."""
    return {**files, "rules.lock": lock_text(updated_lock(files, packed(files)[0]))}


def test_a_new_rule_gets_number_one() -> None:
    pack, codes = packed(minimal())
    assert codes == ["SR053"]
    assert pack.rules[0].version == 1
    pack, codes = packed(locked(minimal()))
    assert (pack.rules[0].version, codes) == (1, [])


def test_a_changed_rule_gets_the_next_number_and_an_unchanged_one_keeps_its_own() -> None:
    files = locked(with_rule("", "TST-02"))
    changed = files | {"tst/tst-02.yaml": files["tst/tst-02.yaml"].replace("high", "low")}
    pack, codes = packed(changed)
    assert codes == ["SR053"]
    assert [rule.version for rule in pack.rules] == [1, 2]
    pack, codes = packed(locked(changed))
    assert ([rule.version for rule in pack.rules], codes) == ([1, 2], [])


def test_a_rule_that_is_changed_back_gets_a_new_number_too() -> None:
    first = locked(minimal())
    page = first["tst/tst-01.yaml"]
    second = locked(first | {"tst/tst-01.yaml": page.replace("high", "low")})
    third = locked(second | {"tst/tst-01.yaml": page})
    assert json.loads(third["rules.lock"])["rules"]["TST-01"]["number"] == 3


def test_a_comment_changes_no_number() -> None:
    files = locked(minimal())
    files["tst/tst-01.yaml"] += "# a remark\n"
    assert packed(files)[1] == []


def test_a_rule_that_has_gone_stays_in_the_lock_and_is_missed() -> None:
    files = locked(with_rule("", "TST-02"))
    del files["tst/tst-02.yaml"]
    pack, problems = read_pack(files, DICTIONARY)
    assert pack is None
    assert [(each.code, each.message) for each in problems] == [
        ("SR052", "the rule 'TST-02' has gone, and its code may never be used again")
    ]


def test_a_page_that_cannot_be_read_is_not_taken_for_gone() -> None:
    files = locked(with_rule("", "TST-02"))
    files["tst/tst-02.yaml"] = ""
    assert [each.code for each in read_pack(files, DICTIONARY)[1]] == ["SR004"]


def test_a_lock_that_cannot_be_read_is_told() -> None:
    for text in (
        "",
        "[]",
        '{"rules": []}',
        '{"rules": {"A": 1}}',
        '{"rules": {"A": {"number": "x"}}}',
    ):
        problems = Problems()
        assert read_lock(text, problems) == {}
        assert [each.message for each in problems.all()] == ["the lock cannot be read"], text


def test_no_lock_is_an_empty_one() -> None:
    problems = Problems()
    assert read_lock(None, problems) == {}
    assert problems.all() == []


@given(st.dictionaries(st.from_regex(r"[A-Z]{3}-\d{2}", fullmatch=True), st.integers(1, 99)))
def test_what_is_written_is_read_back(numbers: dict[str, int]) -> None:
    lock = {code: Locked(number, f"sha256:{number}") for code, number in numbers.items()}
    assert read_lock(lock_text(lock), Problems()) == lock
