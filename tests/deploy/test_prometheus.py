"""The alert rules fire when they must and only then, ask for what exists, and have their pages."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.metric_names import asked


@pytest.fixture(scope="session")
def folder(root: Path) -> Path:
    return root / "deploy" / "prometheus"


@pytest.fixture(scope="session")
def alerts(folder: Path) -> list[dict[str, Any]]:
    groups = YAML(typ="safe").load(folder / "alerts.yaml")["groups"]
    return [rule for group in groups for rule in group["rules"]]


def promtool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("the alert rules of Prometheus: promtool is not installed (Debian: prometheus)")
    return subprocess.run(
        [tool, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_each_alert_fires_beyond_its_limit_and_not_at_it(folder: Path) -> None:
    ran = promtool("test", "rules", "alerts.test.yaml", folder=folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_prometheus_takes_the_configuration(folder: Path) -> None:
    ran = promtool("check", "config", "--syntax-only", "prometheus.yaml", folder=folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_alert_is_tested_on_both_sides(folder: Path, alerts: list[dict[str, Any]]) -> None:
    tests = YAML(typ="safe").load(folder / "alerts.test.yaml")["tests"]
    tried = [
        (one["alertname"], bool(one["exp_alerts"])) for t in tests for one in t["alert_rule_test"]
    ]
    names = {alert["alert"] for alert in alerts}
    assert {name for name, fires in tried if fires} == names
    assert {name for name, fires in tried if not fires} == names


def test_every_alert_asks_for_figures_that_exist(
    alerts: list[dict[str, Any]], metrics: dict[str, set[str]]
) -> None:
    for alert in alerts:
        for name, labels in asked(alert["expr"]).items():
            assert name in metrics, alert["alert"]
            assert labels <= metrics[name], alert["alert"]


def test_the_words_of_an_alert_name_labels_that_it_has(
    alerts: list[dict[str, Any]], metrics: dict[str, set[str]]
) -> None:
    for alert in alerts:
        has = {"instance", "job"}.union(*(metrics[name] for name in asked(alert["expr"])))
        named = set(re.findall(r"\$labels\.(\w+)", alert["annotations"]["summary"]))
        assert named <= has, alert["alert"]


def test_every_alert_has_a_page_and_every_page_an_alert(
    root: Path, alerts: list[dict[str, Any]]
) -> None:
    pages = {f"docs/ops/runbooks/{page.name}" for page in (root / "docs/ops/runbooks").iterdir()}
    assert {alert["annotations"]["runbook"] for alert in alerts} == pages
    for alert in alerts:
        assert alert["annotations"]["runbook"].endswith(f"/{alert['alert']}.md")


def test_a_page_tells_meaning_proof_mend_and_end(root: Path) -> None:
    for page in (root / "docs/ops/runbooks").iterdir():
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.stem}\n"), page
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Prove it", "Mend it", "It is mended when"], page


def test_a_page_names_figures_that_exist(root: Path, metrics: dict[str, set[str]]) -> None:
    for page in (root / "docs/ops/runbooks").iterdir():
        named = set(re.findall(r"\bsignals_\w+", page.read_text(encoding="utf-8")))
        assert named <= set(metrics), page
