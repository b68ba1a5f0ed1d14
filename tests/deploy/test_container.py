"""The container file builds what it copies, runs as nobody, and is pinned."""

import fnmatch
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from signals import __version__
from tests.deploy.commands import strange

Steps = list[tuple[str, str]]


@pytest.fixture(scope="module")
def steps(root: Path) -> Steps:
    text = (root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    words = (line.split(maxsplit=1) for line in whole.splitlines() if line.strip())
    return [(name, rest) for name, rest in words]


def of(steps: Steps, name: str) -> list[str]:
    return [rest for step, rest in steps if step == name]


def copied(steps: Steps) -> list[str]:
    """What is copied from the repository."""
    return [
        source
        for rest in of(steps, "COPY")
        if not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]


def test_every_base_is_pinned_to_a_version(steps: Steps) -> None:
    for image in of(steps, "FROM"):
        assert re.match(r"python:3\.12\.\d+-slim-bookworm( AS \w+)?$", image), image


def test_it_runs_as_nobody_in_particular(steps: Steps) -> None:
    assert of(steps, "USER") == ["10001:10001"]
    last = steps.index(("USER", "10001:10001"))
    assert "RUN" not in {name for name, _ in steps[last:]}


def test_what_it_copies_is_there_and_reaches_the_builder(root: Path, steps: Steps) -> None:
    ignored = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert ignored[1] == "*"
    for source in copied(steps):
        assert (root / source).exists(), source
        assert source in allowed, source
        assert not any(fnmatch.fnmatch(source, line) for line in ignored[2:] if line[0] != "!")


def test_the_package_is_built_from_what_it_copies(root: Path, steps: Steps, tmp_path: Path) -> None:
    source, made = tmp_path / "src", tmp_path / "made"
    source.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "--", *copied(steps)],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    for name in listed:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (wheel,) = made.glob("*.whl")
    assert __version__ in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "signals/cli/main.py" in names
    assert "signals/_data/rules/uc-msc/study.yaml" in names
    assert any(name.startswith("signals/_data/schemas/") for name in names)


def test_it_runs_a_command_that_there_is(steps: Steps) -> None:
    (entry,) = of(steps, "ENTRYPOINT")
    (words,) = of(steps, "CMD")
    assert json.loads(entry) == ["signals"]
    assert strange(json.loads(words), {}) == []
    assert json.loads(words)[-1] in of(steps, "VOLUME")


def test_it_names_no_registry(root: Path) -> None:
    text = (root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert not re.search(r"https?://|index-url|\b[\w-]+\.(io|com|org|net)\b", text)
    assert f"signals:{__version__}" in text
