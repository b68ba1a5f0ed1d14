"""The wheel carries the packs and schemas, and the code finds them wherever it runs."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT_FILES = ["pyproject.toml", "README.md", "LICENSE", "NOTICE"]
PACKAGE_FILES = ["__init__.py", "py.typed", "resources.py"]


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """A small checkout: the package's own files, one pack and one schema."""
    project = tmp_path / "checkout"
    (project / "signals").mkdir(parents=True)
    for name in PROJECT_FILES:
        shutil.copy(root / name, project / name)
    for name in PACKAGE_FILES:
        shutil.copy(root / "signals" / name, project / "signals" / name)
    write(project / "rules/trial/study.yaml", "study: TRIAL\n")
    write(project / "schemas/alert.json", "{}\n")
    return project


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


def unpacked_wheel(project: Path, to: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)],
        cwd=project,
        check=True,
        capture_output=True,
    )
    (wheel,) = to.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(to / "site")
    return to / "site"


def folder(name: str, path: Path, elsewhere: Path) -> subprocess.CompletedProcess[str]:
    """What `resources.folder` says when `signals` is imported from a path."""
    code = f"from signals.resources import folder; print(folder({name!r}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=elsewhere,
        env=os.environ | {"PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installed_wheel_finds_its_own_copy(checkout: Path, tmp_path: Path) -> None:
    site = unpacked_wheel(checkout, tmp_path / "dist")
    assert (site / "signals/_data/rules/trial/study.yaml").read_text() == "study: TRIAL\n"
    for name in ("rules", "schemas"):
        found = folder(name, site, tmp_path)
        assert found.stdout.strip() == str(site / "signals/_data" / name), found.stderr


def test_a_foreign_folder_beside_the_package_is_not_mistaken_for_ours(
    checkout: Path, tmp_path: Path
) -> None:
    site = unpacked_wheel(checkout, tmp_path / "dist")
    (site / "rules").mkdir()
    assert folder("rules", site, tmp_path).stdout.strip() == str(site / "signals/_data/rules")


def test_a_checkout_reads_the_folder_that_is_edited(checkout: Path, tmp_path: Path) -> None:
    assert folder("rules", checkout, tmp_path).stdout.strip() == str(checkout / "rules")


def test_a_damaged_installation_says_where_it_looked(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / "schemas")
    found = folder("schemas", checkout, tmp_path)
    assert found.returncode != 0
    assert "the folder 'schemas' that ships with Signals is missing" in found.stderr
    assert str(checkout / "schemas") in found.stderr
    assert "install Signals again" in found.stderr


def test_the_wheel_holds_everything_that_is_kept_in_the_repository(
    root: Path, tmp_path: Path
) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "signals", "rules", "schemas"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    site = unpacked_wheel(root, tmp_path / "dist")
    missing = [name for name in listed if not (site / in_wheel(name)).is_file()]
    assert listed
    assert missing == []


def in_wheel(name: str) -> str:
    return name if name.startswith("signals/") else f"signals/_data/{name}"


def test_the_wheel_holds_no_tests_and_states_its_licence(root: Path, tmp_path: Path) -> None:
    site = unpacked_wheel(root, tmp_path / "dist")
    tops = {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"signals"}
    (licences,) = site.glob("*.dist-info/licenses")
    assert {path.name for path in licences.iterdir()} == {"LICENSE", "NOTICE"}
