"""`.ci/run` runs every suite whatever happens, tells their times, and fails if one failed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A project whose `make` and Python only tell how they were called."""
    copy = tmp_path / "project"
    (copy / ".ci").mkdir(parents=True)
    shutil.copy(root / ".ci/run", copy / ".ci/run")
    return copy


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def ci(project: Path, make: str, python: str) -> subprocess.CompletedProcess[str]:
    script(project / "bin/make", f'echo "make $* in profile $SIGNALS_TEST"; {make}')
    script(project / ".venv/bin/python", f'echo "python $*"; {python}')
    return subprocess.run(
        [str(project / ".ci/run")],
        env=os.environ | {"PATH": f"{project / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_suites_pass(project: Path) -> None:
    done = ci(project, make="exit 0", python="exit 0")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "suites: 4 passed, 0 failed"
    assert "make test in profile ci" in done.stdout


def test_a_failure_does_not_stop_the_suites_after_it(project: Path) -> None:
    done = ci(project, make='[ "$1" != check ]', python="exit 1")
    assert done.returncode == 1
    assert "make test" in done.stdout
    assert done.stdout.count("python -m pytest") == 2
    assert done.stdout.splitlines()[-1] == "suites: 1 passed, 3 failed"


def test_a_suite_without_tests_is_said_to_have_none(project: Path) -> None:
    done = ci(project, make="exit 0", python="exit 5")
    assert done.returncode == 0
    assert done.stdout.count("no such test yet") == 2
    assert done.stdout.splitlines()[-1] == "suites: 2 passed, 0 failed"


def test_without_an_environment_nothing_is_run(project: Path) -> None:
    done = ci(project, make="exit 2", python="exit 0")
    assert done.returncode != 0
    assert "pytest" not in done.stdout
