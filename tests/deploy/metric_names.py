"""Metric names and labels: those of the pages for ops, and those that an expression asks for.

That the pages tell what a scrape shows is tested with the service and with the workers.
"""

import re
from collections.abc import Iterable

_ASKED = re.compile(r"\b(signals_\w+)(?:\{([^}]*)\})?")
_GROUPED = re.compile(r"\bby \(([^)]*)\)")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"")
OF_PROMETHEUS = {"instance", "job", "le"}


def documented(pages: Iterable[str]) -> dict[str, set[str]]:
    """Metric names and labels of the tables of the pages."""
    found: dict[str, set[str]] = {}
    for line in "\n".join(pages).splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0].startswith("`signals_"):
            for name in re.findall(r"`(signals_\w+)`", cells[0]):
                found[name] = set(re.findall(r"`(\w+)`", cells[1]))
    return found


def asked(expression: str) -> dict[str, set[str]]:
    """Metric names of an expression, with the labels it selects or groups by."""
    groups = (labels.split(",") for labels in _GROUPED.findall(expression))
    grouped = {label.strip() for labels in groups for label in labels} - OF_PROMETHEUS
    return {
        re.sub(r"_(bucket|sum|count)$", "", name): {*grouped, *_LABEL.findall(labels)}
        for name, labels in _ASKED.findall(expression)
    }
