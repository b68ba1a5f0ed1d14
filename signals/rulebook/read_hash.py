"""The content hash of a rule: of all its page says, and of what it takes from the study.

Comments and layout do not count; word lists and parameters that the page names do, for with others
the same page judges otherwise.  What is built of the facts does not count: it is not content.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from signals.rulebook.read_page import Page
from signals.study.model import Study
from signals.study.places import Node, Sequence, Table, Text, plain

_PARAMETER = re.compile(r"\$(\w+)")
_LIST_OF = frozenset({"in", "not in"})


def content_hash(page: Page, study: Study) -> str:
    """``sha256:`` and the digest of the rule's content."""
    lists, parameters = set(_lists(page.tree)), set(_parameters(page.tree))
    content = {
        "page": _normal(plain(page.tree)),
        "parameters": {name: study.parameters.get(name) for name in sorted(parameters)},
        "lists": {name: sorted(study.terms.get(name, ())) for name in sorted(lists)},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _lists(node: Node) -> Iterator[str]:
    if isinstance(node, Table):
        for key, value in node.entries:
            if key.text in _LIST_OF and isinstance(value, Text):
                yield value.text
            yield from _lists(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _lists(item)


def _parameters(node: Node) -> Iterator[str]:
    if isinstance(node, Text):
        yield from (found[1] for found in _PARAMETER.finditer(node.text))
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _parameters(item)
    else:
        for _, value in node.entries:
            yield from _parameters(value)


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return {key: _normal(item) for key, item in value.items()}
