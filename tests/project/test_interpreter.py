"""`make` must find a Python that fits by running it, and say plainly when there is none."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = shutil.which("make")

BROKEN_SHIM = """\
#!/bin/sh
echo "the command exists in these Python versions: 3.12.1" >&2
exit 127
"""

SILENT_SHIM = """\
#!/bin/sh
echo "Python 3.12.1"
exit 0
"""


def interpreter(folder: Path, name: str, version: tuple[int, int], *, venv: bool = True) -> str:
    """Put a working Python of a pretended version into a folder; returns its path."""
    pretend = f"import sys; sys.version_info = ({version[0]}, {version[1]}, 0, 'final', 0); "
    if not venv:
        pretend += "sys.modules['ensurepip'] = None; "
    text = f'#!/bin/sh\nexec {sys.executable} -c "{pretend} exec(sys.argv[2])" "$@"\n'
    return script(folder, name, text)


def script(folder: Path, name: str, text: str) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def find(root: Path, *folders: Path) -> subprocess.CompletedProcess[str]:
    if MAKE is None:
        pytest.skip("the search for an interpreter: make is not installed")
    return subprocess.run(
        [MAKE, "--silent", "--no-print-directory", "interpreter"],
        cwd=root,
        env={"PATH": ":".join(str(folder) for folder in folders)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["python3.12", "python3.11", "python3", "python"])
def test_any_usual_name_is_found(root: Path, tmp_path: Path, name: str) -> None:
    path = interpreter(tmp_path / "bin", name, (3, 11))
    assert find(root, tmp_path / "bin").stdout.strip() == path


@pytest.mark.parametrize(
    ("version", "fits"),
    [((2, 7), False), ((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), False)],
)
def test_only_3_11_and_3_12_fit(
    root: Path, tmp_path: Path, version: tuple[int, int], *, fits: bool
) -> None:
    interpreter(tmp_path / "bin", "python3", version)
    assert (find(root, tmp_path / "bin").returncode == 0) is fits


def test_the_newest_that_fits_is_taken(root: Path, tmp_path: Path) -> None:
    interpreter(tmp_path / "bin", "python3", (3, 11))
    interpreter(tmp_path / "bin", "python3.11", (3, 11))
    newest = interpreter(tmp_path / "bin", "python3.12", (3, 12))
    assert find(root, tmp_path / "bin").stdout.strip() == newest


@pytest.mark.parametrize("shim", [BROKEN_SHIM, SILENT_SHIM])
def test_a_shim_that_does_not_run_code_is_passed_over(
    root: Path, tmp_path: Path, shim: str
) -> None:
    script(tmp_path / "bin", "python3.12", shim)
    works = interpreter(tmp_path / "bin", "python3.11", (3, 11))
    assert find(root, tmp_path / "bin").stdout.strip() == works


def test_a_shim_does_not_hide_a_real_one_later_on_the_path(root: Path, tmp_path: Path) -> None:
    script(tmp_path / "shims", "python3.12", BROKEN_SHIM)
    works = interpreter(tmp_path / "bin", "python3.12", (3, 12))
    assert find(root, tmp_path / "shims", tmp_path / "bin").stdout.strip() == works


def test_one_without_the_venv_module_is_passed_over(root: Path, tmp_path: Path) -> None:
    interpreter(tmp_path / "bin", "python3.12", (3, 12), venv=False)
    works = interpreter(tmp_path / "bin", "python", (3, 11))
    assert find(root, tmp_path / "bin").stdout.strip() == works


def test_when_there_is_none_it_says_which_is_needed(root: Path, tmp_path: Path) -> None:
    interpreter(tmp_path / "bin", "python3", (3, 13))
    found = find(root, tmp_path / "bin")
    assert found.returncode != 0
    assert found.stdout == ""
    assert "needs Python 3.11 or 3.12 with its venv module" in found.stderr
    assert "Install one and try again" in found.stderr
