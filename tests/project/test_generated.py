"""Files that are generated from the code, and kept in the repository, are current."""

import importlib
import subprocess
from pathlib import Path

import signals.runtime.schemas


def test_every_folder_of_schemas_is_current(root: Path) -> None:
    stale: list[str] = []
    for name in folders_of_schemas(root):
        module = importlib.import_module(f"signals.{name}.schemas")
        stale += module.stale(root / "schemas" / name)
    stale += signals.runtime.schemas.stale(root / "schemas")
    assert stale == [], "run: signals schemas schemas"


def folders_of_schemas(root: Path) -> list[str]:
    """`schemas/NAME` is written by `signals.NAME.schemas`, which can tell what is stale in it."""
    kept = subprocess.run(
        ["git", "ls-files", "schemas"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return sorted({path.split("/")[1] for path in kept if path.count("/") > 1})
