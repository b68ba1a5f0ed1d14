"""A book that somebody changed by hand is not that of its journal."""

import sqlite3
from pathlib import Path

import pytest

from signals.rulebook.pack import Pack
from signals.runtime.schema import FILE_NAME
from signals.runtime.verify import Verification, in_words


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            (
                "UPDATE revision SET alert = replace(alert, '\"critical\"', '\"low\"')"
                " WHERE alert_id = 'UC-MSC|SAE-12|001-004'"
            ),
            'SAE-12|001-004 revision 1, priority: stored "low", afresh "critical"',
        ),
        (
            "DELETE FROM revision WHERE alert_id = 'UC-MSC|SAE-12|001-004'",
            "position 3: UC-MSC|SAE-12|001-004 revision 1: stored -, afresh published",
        ),
        (
            "INSERT INTO revision VALUES (99, 'UC-MSC|SAE-13|001-009', 1, 2, '', '{}')",
            "position 2: UC-MSC|SAE-13|001-009 revision 1: stored published, afresh -",
        ),
        (
            "UPDATE revision SET alert = '{' WHERE alert_id = 'UC-MSC|SAE-12|001-004'",
            "revision 1, text: stored {, afresh -",
        ),
        (
            "UPDATE revision SET position = 2 WHERE alert_id = 'UC-MSC|SAE-12|001-004'",
            "SAE-12|001-004 revision 1, step: stored (2, ",
        ),
        (
            "UPDATE revision SET seq = 0 WHERE alert_id = 'UC-MSC|SAE-12|001-004'",
            "SAE-12|001-004 revision 1: stored published as 0, afresh after ",
        ),
        (
            "DELETE FROM book WHERE alert_id = 'UC-MSC|SAE-12|001-004'",
            "UC-MSC|SAE-12|001-004, what the book keeps: stored -, afresh {",
        ),
    ],
)
def test_what_somebody_changed_is_found(
    tmp_path: Path, kept: bytes, pack: Pack, statement: str, told: str
) -> None:
    (tmp_path / FILE_NAME).write_bytes(kept)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute(statement)
    verification = Verification(tmp_path, pack)
    assert list(verification.steps()) == [1, 2, 3]
    assert any(told in in_words(one) for one in verification.differences), [
        in_words(one) for one in verification.differences
    ]
