"""What all tests share: Hypothesis profiles, the shared reference data, and a plain word on skips."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile("dev", max_examples=20, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("SIGNALS_TEST") == "ci" else "dev")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project; without it the test is left out."""
    if not SHARED.is_dir():
        pytest.skip(
            "the comparison with the reference data: there is no folder 'shared' beside the project"
        )
    return SHARED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say plainly what was left out, and why."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    lines = [
        f"{count} {'test' if count == 1 else 'tests'}: {reason}"
        for reason, count in sorted(reasons.items())
    ]
    if chosen := config.option.markexpr:
        lines.append(f"the tests outside -m '{chosen}': CONTRIBUTING.md tells how to run them")
    if lines:
        terminalreporter.section("left out")
    for line in lines:
        terminalreporter.line(line)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
