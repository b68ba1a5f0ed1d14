"""What the pages at the top of the project promise exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from signals.cli.main import app

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


def documents(root: Path) -> list[Path]:
    return [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]


def test_every_link_of_the_documents_leads_somewhere(root: Path) -> None:
    dead = [
        f"{page.relative_to(root)}: {link}"
        for page in documents(root)
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert dead == []


def commands() -> dict[str, set[str]]:
    """Every command with its options."""
    found: dict[str, set[str]] = {}
    for word, one in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(one, "commands", None)
        named = {word: one} if inner is None else {f"{word} {name}": inner[name] for name in inner}
        for name, each in named.items():
            options = (
                part for param in each.params for part in (*param.opts, *param.secondary_opts)
            )
            found[name] = {part for part in options if part.startswith("-")} | {"--help"}
    return found


def calls(page: Path) -> list[str]:
    """What a page has a reader type: lines of its examples, and what stands in backticks."""
    text = page.read_text()
    lines = re.findall(r"^(?:\$ )?(signals [a-z].*)$", text, re.MULTILINE)
    return [*lines, *re.findall(r"`(signals [a-z][^`]*)`", text)]


def test_every_command_and_option_of_the_documents_exists(root: Path) -> None:
    known = commands()
    groups = {name.split()[0] for name in known if " " in name}
    wrong, named = [], set()
    for page in documents(root):
        for call in calls(page):
            words = re.split(r"[|>#]", call)[0].split()[1:]
            name = " ".join(words[:2]) if words[0] in groups else words[0]
            options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
            named.add(name)
            if name in groups and len(words) == 1:
                continue  # the group as a whole
            if name not in known or options - known[name]:
                wrong.append(f"{page.relative_to(root)}: {call}")
    assert wrong == []
    assert set(known) - named == set(), "no page names these commands"


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
