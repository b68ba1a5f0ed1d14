"""The panel of a running service: what should not happen is counted and logged."""

from __future__ import annotations

import logging

from signals.facts.kind import Fact
from signals.facts.registry import dictionary
from signals.rulebook.errors import MatcherError
from signals.rulebook.pack import Pack
from signals.rulebook.panel import Listeners, Panel
from signals.rulebook.spec import Verdict
from signals.runtime.metrics import Metrics

_log = logging.getLogger("signals")


def watched_panel(pack: Pack, metrics: Metrics) -> Panel:
    """The panel of a pack; ops hear of disagreements and errors."""

    def disagreed(rule: str, fact: Fact, judge: Verdict, matcher: Verdict) -> None:
        metrics.disagreed(rule)
        _log.error("%s on %s: judge says %s, matcher %s", rule, fact.key, judge, matcher)

    def matcher_failed(fact: Fact, error: MatcherError) -> None:
        metrics.matcher_failed()
        _log.error("the matcher failed on %s %s: %s", fact.kind, fact.key, error)

    def rule_failed(rule: str, fact: Fact, error: Exception) -> None:
        metrics.rule_failed(rule)
        _log.error("%s cannot be judged on %s: %r", rule, fact.key, error)

    listeners = Listeners(disagreed, matcher_failed, rule_failed)
    panel = Panel(pack.by_kind, dictionary(), listeners=listeners)
    for code, why in panel.refused.items():
        _log.warning("the matcher gives no second opinion on %s: %s", code, why)
    metrics.judged_by(pack.study.study_id, pack.hash, panel.refused)
    return panel
