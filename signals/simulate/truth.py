"""The truth: which alerts the script of the trial calls for, from when, and why.

It is written by intent: whoever scripts an event states its consequences by the rules of the
domain.  Nothing here reads an event or a rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from signals.simulate.draw import stamp

Kind = Literal["planted", "background"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One alert that must come (planted) or may come (background)."""

    rule: str
    about: dict[str, str | None]
    since: datetime
    until: datetime | None
    why: str
    kind: Kind

    def to_json(self) -> dict[str, Any]:
        """The finding as a line of the truth file."""
        return {
            "rule": self.rule,
            "about": self.about,
            "from": stamp(self.since),
            "until": stamp(self.until) if self.until else None,
            "why": self.why,
            "kind": self.kind,
        }


@dataclass(slots=True)
class Truth:
    """All findings of a trial up to its data cut."""

    cut: datetime
    _found: dict[tuple[str, ...], Finding] = field(default_factory=dict)

    def tell(
        self,
        rule: str,
        about: dict[str, str | None],
        since: datetime,
        why: str,
        kind: Kind = "planted",
        *,
        until: datetime | None = None,
    ) -> None:
        """Note a finding; of background findings about one thing the earliest stays."""
        if since > self.cut:
            return
        finding = Finding(rule, about, since, until, why, kind)
        name = json.dumps(about, sort_keys=True)
        key = (rule, name, kind, stamp(since) if kind == "planted" else "")
        before = self._found.get(key)
        if before is None or since < before.since:
            self._found[key] = finding

    def findings(self) -> Iterator[Finding]:
        """The findings by time, then by rule and what they are about."""
        yield from sorted(
            self._found.values(),
            key=lambda each: (each.since, each.rule, json.dumps(each.about, sort_keys=True)),
        )
