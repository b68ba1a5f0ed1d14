"""What the pages for ops promise."""

from pathlib import Path

import pytest

from tests.deploy.metric_names import documented

PAGES = ("metrics.md", "kafka.md")


@pytest.fixture(scope="session")
def metrics(root: Path) -> dict[str, set[str]]:
    """Every metric of the pages for ops, with its labels."""
    pages = [(root / "docs" / "ops" / page).read_text(encoding="utf-8") for page in PAGES]
    found = documented(pages)
    assert len(found) > 20
    return found
