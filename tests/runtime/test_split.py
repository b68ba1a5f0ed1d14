"""What a sender posts is cut into events, and nothing of it is thrown away."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.runtime.intake import Piece
from signals.runtime.split import split

A, B = b'{"a": 1}', b'{"b": [1.40, "]"]}'
CASES = {
    "nothing": (b" \n ", []),
    "one object": (A, [A]),
    "one object over several lines": (b'{\n "a":\n 1\n}', [b'{\n "a":\n 1\n}']),
    "a byte order mark before it": (b"\xef\xbb\xbf" + A, [A]),
    "lines": (A + b"\r\n\n" + B + b"\n", [A, B]),
    "a line that is no event among others": (b"{x\n" + B, [b"{x", B]),
    "an object broken off over several lines": (b'{\n "a":', [b'{\n "a":']),
    "an array": (b" [" + A + b" ,\n" + B + b"] ", [A, B]),
    "an empty array": (b"[ ]", []),
    "an array broken off": (b"[" + A + b', {"b":', [A, b'{"b":']),
    "an array with something behind it": (b"[" + A + b"] x", [A + b"] x"]),
    "an array of a number": (b"[12]", [b"12"]),
    "no JSON": (b"hello", [b"hello"]),
    "bytes that are no text": (b"\xff\xfe", [b"\xff\xfe"]),
}


@pytest.mark.parametrize(("body", "parts"), CASES.values(), ids=CASES)
def test_a_body_is_cut_into_events(body: bytes, parts: list[bytes]) -> None:
    cleaned = [Piece(piece.raw.rstrip(b"\r"), piece.place) for piece in split(body, "post")]
    assert cleaned == [Piece(part, f"post:{n}") for n, part in enumerate(parts, start=1)]


values = st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.none()), max_size=3)


@given(st.lists(values, max_size=5), st.sampled_from([None, 1]))
def test_an_array_is_its_elements(events: list[dict[str, object]], indent: int | None) -> None:
    pieces = split(json.dumps(events, indent=indent).encode(), "post")
    assert [json.loads(piece.raw) for piece in pieces] == events


@given(st.binary(max_size=60))
def test_any_bytes_are_cut_without_an_exception(body: bytes) -> None:
    split(body, "post")
    split(b"[" + body, "post")


def test_deep_nesting_is_one_piece() -> None:
    body = b"[" * 100_000
    assert len(split(body, "post")) == 1
