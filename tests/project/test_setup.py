"""`make setup` installs once, again when the project's needs change, and says why it failed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

INSTALLS = "installing"
FAILS = 'echo "error: command cc failed" >&2; exit 1'


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A project with our Makefile only."""
    copy = tmp_path / "project"
    copy.mkdir()
    shutil.copy(root / "Makefile", copy)
    (copy / "pyproject.toml").write_text("")
    return copy


def setup(project: Path, install: str) -> subprocess.CompletedProcess[str]:
    """Run `make setup` with a `uv` that makes an empty environment and installs as told."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("the set-up by make: make is not installed")
    uv = project / "bin/uv"
    uv.parent.mkdir(exist_ok=True)
    uv.write_text(f'#!/bin/sh\nif [ "$1" = venv ]; then mkdir .venv; else {install}; fi\n')
    uv.chmod(0o755)
    return subprocess.run(
        [make, "setup"],
        cwd=project,
        env=os.environ | {"PATH": f"{uv.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_done_once(project: Path) -> None:
    assert INSTALLS in setup(project, f"echo {INSTALLS}").stdout
    assert INSTALLS not in setup(project, f"echo {INSTALLS}").stdout


def test_it_is_done_again_when_the_dependencies_change(project: Path) -> None:
    setup(project, f"echo {INSTALLS}")
    done = (project / ".venv/set-up").stat().st_mtime
    os.utime(project / "pyproject.toml", (done + 1, done + 1))
    assert INSTALLS in setup(project, f"echo {INSTALLS}").stdout


def test_a_failure_says_what_is_needed_and_the_next_run_tries_again(project: Path) -> None:
    failed = setup(project, FAILS)
    assert failed.returncode != 0
    assert "error: command cc failed" in failed.stderr
    assert "durable-rules is built from source and needs a C compiler" in failed.stderr
    assert INSTALLS in setup(project, f"echo {INSTALLS}").stdout
