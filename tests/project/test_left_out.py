"""A run of the tests says plainly what it left out, and why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest
from pathlib import Path

def test_needs_the_reference_data(shared: Path) -> None:
    assert shared.is_dir()

@pytest.mark.soak
def test_hours() -> None: ...

def test_plain() -> None: ...
"""


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A project with our settings and fixtures, and no reference data beside it."""
    copy = tmp_path / "project"
    (copy / "tests").mkdir(parents=True)
    shutil.copy(root / "pyproject.toml", copy)
    shutil.copy(root / "tests/conftest.py", copy / "tests")
    (copy / "tests/test_some.py").write_text(TESTS)
    return copy


def run(project: Path, *options: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=project,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_skip_and_a_suite_left_out_are_told(project: Path, workers: str) -> None:
    shown = run(project, "-n", workers)
    assert "left out" in shown
    assert (
        "1 test: the comparison with the reference data: "
        "there is no folder 'shared' beside the project"
    ) in shown
    assert "the tests outside -m 'not ci and not soak'" in shown
    assert "1 passed, 1 skipped" in shown


def test_with_the_reference_data_the_comparison_is_made(project: Path) -> None:
    (project.parent / "shared").mkdir()
    assert "2 passed" in run(project)


def test_nothing_is_told_when_nothing_was_left_out(project: Path) -> None:
    (project.parent / "shared").mkdir()
    shown = run(project, "-m", "")
    assert "3 passed" in shown
    assert "left out" not in shown
