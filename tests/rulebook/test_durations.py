from datetime import timedelta

import pytest

from signals.rulebook.durations import read_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0 h", 0),
        ("48 h", 172_800),
        ("48h", 172_800),
        ("3 d", 259_200),
        ("30 min", 1_800),
        ("1 s", 1),
        ("-4 h", -14_400),
        ("+4 h", 14_400),
        (" 4 h ", 14_400),
    ],
)
def test_a_whole_number_and_a_unit(text: str, seconds: int) -> None:
    assert read_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "48", "h", "1.5 h", "2 weeks", "1 H", "1 h 30 min", "- 4 h"])
def test_anything_else_is_none(text: str) -> None:
    assert read_duration(text) is None
