"""Writes SAS transport files (version 5), by the published record layout, for tests to read."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

Cell = str | float | None
_CARD = 80
_MOMENT = b"01JAN26:00:00:00"
_MISSING = b"." + bytes(7)
_NUMBER = 8
_WORD = 200


def write_xport(path: Path, name: str, rows: Sequence[Mapping[str, Cell]]) -> None:
    columns = list(rows[0])
    numeric = {
        column
        for column in columns
        if all(isinstance(row[column], float | int) or row[column] is None for row in rows)
    }
    widths = [_NUMBER if column in numeric else _WORD for column in columns]
    cells = b"".join(_observation(row, columns, numeric) for row in rows)
    path.write_bytes(
        _header(b"LIBRARY", b"0" * 30)
        + _card(b"SAS     SAS     SASLIB  9.1     LINUX   ".ljust(64) + _MOMENT)
        + _card(_MOMENT)
        + _header(b"MEMBER", b"000000000000000001600000000140")
        + _header(b"DSCRPTR", b"0" * 30)
        + _card(
            b"SAS     " + name.encode().ljust(8) + b"SASDATA 9.1     LINUX   ".ljust(48) + _MOMENT
        )
        + _card(_MOMENT)
        + _header(b"NAMESTR", f"000000{len(columns):04d}".encode().ljust(30, b"0"))
        + _padded(_descriptors(columns, numeric, widths))
        + _header(b"OBS", b"0" * 30)
        + _padded(cells)
    )


def _header(kind: bytes, numbers: bytes) -> bytes:
    return _card(b"HEADER RECORD*******" + kind.ljust(8) + b"HEADER RECORD!!!!!!!" + numbers)


def _card(text: bytes) -> bytes:
    return text.ljust(_CARD)


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % _CARD)


def _descriptors(columns: Sequence[str], numeric: set[str], widths: Sequence[int]) -> bytes:
    out, position = b"", 0
    for number, (column, width) in enumerate(zip(columns, widths, strict=True), start=1):
        out += struct.pack(
            ">hhhh8s40s8shhh2s8shhl52s",
            1 if column in numeric else 2, 0, width, number,
            column.encode().ljust(8), b" " * 40, b" " * 8, 0, 0, 0, b"", b" " * 8, 0, 0,
            position, b"",
        )  # fmt: skip
        position += width
    return out


def _observation(row: Mapping[str, Cell], columns: Sequence[str], numeric: set[str]) -> bytes:
    out = b""
    for column in columns:
        value = row[column]
        if column in numeric:
            out += _MISSING if value is None else _ibm(float(str(value)))
        else:
            out += ("" if value is None else str(value)).encode().ljust(_WORD)
    return out


def _ibm(value: float) -> bytes:
    """An IBM double: sign, exponent of 16 in excess of 64, and a fraction of 56 bits."""
    if value == 0:
        return bytes(8)
    sign, size, exponent = (0x80 if value < 0 else 0), abs(value), 64
    while size >= 1:
        size, exponent = size / 16, exponent + 1
    while size < 1 / 16:
        size, exponent = size * 16, exponent - 1
    return bytes([sign | exponent]) + int(size * 2**56).to_bytes(7, "big")
