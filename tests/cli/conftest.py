"""The command as its user calls it, in this process."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from signals.cli.main import main
from tests.runtime.posts import adverse_event, line, vital_signs


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


Signals = Callable[..., Ran]


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Signals:
    """Call ``signals`` with words and, if need be, something on standard input."""

    def call(*words: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["signals", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return call


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A serious event and its upgrade two days later."""
    file = tmp_path / "events.ndjson"
    later = {"_recorded_at": "2026-03-08T10:00:00+08:00"}
    sent = [
        adverse_event(),
        adverse_event(version=2, grade=5, outcome="FATAL", **later),
        vital_signs(),
    ]
    file.write_bytes(b"\n".join(line(one) for one in sent) + b"\n")
    return file
