"""What the pages at the top of the project promise exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGES = ["README.md", "CONTRIBUTING.md"]


def targets(root: Path) -> set[str]:
    return set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_of_a_page_exists(root: Path, page: str) -> None:
    text = (root / page).read_text()
    named = set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE))
    named |= set(re.findall(r"`make ([a-z]+)`", text))
    assert named
    assert named - targets(root) == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(root: Path, page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (root / page).read_text())
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_help_lists_every_command(root: Path) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("the list of commands: make is not installed")
    shown = subprocess.run(
        [make, "--silent", "help"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^make ([a-z]+)", shown, re.MULTILINE)) == targets(root) - {
        "interpreter"
    }
