"""Every panel of the dashboards asks for a figure, and for labels, that exist."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.metric_names import asked


def panels(root: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((root / "deploy" / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            yield f"{file.stem}: {panel['title']}", panel


def test_every_query_asks_for_what_exists(root: Path, metrics: dict[str, set[str]]) -> None:
    for place, panel in panels(root):
        for target in panel["targets"]:
            wanted = asked(target["expr"])
            assert wanted, place
            for name, labels in wanted.items():
                assert name in metrics, place
                assert labels <= metrics[name], place


def test_legends_name_labels_that_their_query_keeps(
    root: Path, metrics: dict[str, set[str]]
) -> None:
    for place, panel in panels(root):
        for target in panel["targets"]:
            grouped = re.findall(r"by \(([^)]*)\)", target["expr"])
            bare = target["expr"] in metrics
            kept = (
                metrics[target["expr"]] if bare else {one for g in grouped for one in g.split(", ")}
            )
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= kept, place


def test_every_figure_is_shown_somewhere(root: Path, metrics: dict[str, set[str]]) -> None:
    shown = {
        name
        for _, panel in panels(root)
        for target in panel["targets"]
        for name in asked(target["expr"])
    }
    assert set(metrics) - shown == set()


@pytest.mark.parametrize("file", ["signals-service", "signals-kafka"])
def test_panels_do_not_overlap(root: Path, file: str) -> None:
    board = json.loads((root / f"deploy/grafana/dashboards/{file}.json").read_text())
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_panels_read_the_source_that_is_provisioned(root: Path) -> None:
    file = root / "deploy/grafana/provisioning/datasources/prometheus.yaml"
    (source,) = YAML(typ="safe").load(file)["datasources"]
    for place, panel in panels(root):
        assert panel["datasource"]["uid"] == source["uid"], place
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {source["uid"]}, (
            place
        )
