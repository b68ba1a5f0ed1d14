"""``alert``: what the alert says, to whom, and how it ends."""

from __future__ import annotations

from collections.abc import Collection

from signals.rulebook.expression import read_expression
from signals.rulebook.read_page import Page
from signals.rulebook.read_schema import DECISIONS, SIGN_OFFS
from signals.rulebook.spec import AlertSpec, Ends, Expression
from signals.study.places import Node, Text
from signals.study.problems import Problems, did_you_mean

_BY_DECISION, _NEEDS_SIGN_OFF = "by decision:", "needs sign-off:"


def read_alert(page: Page, criteria: Collection[str], problems: Problems) -> AlertSpec | None:
    """The alert, or None with a problem SR012, SR030 or SR044."""
    shape = page.shape.alert
    ends = next(_ends(node, problems) for key, node in page.entries("alert") if key.text == "ends")
    sign_off_when: Expression | None = None
    if shape.sign_off_when is not None:
        sign_off_when = read_expression(page.text("alert", "sign_off_when"), criteria, problems)
    if ends is None:
        return None
    return AlertSpec(
        topic=shape.topic,
        about=shape.about,
        headline=shape.headline,
        ends=ends[0],
        group=shape.group,
        send_to=shape.send_to,
        due=shape.due,
        duties=shape.duties,
        decision=ends[1],
        sign_off_when=sign_off_when,
        replaces=shape.replaces,
        next_steps=shape.next_steps,
        notify_possible=shape.notify_possible,
    )


def _ends(node: Node, problems: Problems) -> tuple[Ends, str | None] | None:
    if isinstance(node, Text):
        for ends, start, kinds in (
            (Ends.BY_DECISION, _BY_DECISION, DECISIONS),
            (Ends.NEEDS_SIGN_OFF, _NEEDS_SIGN_OFF, SIGN_OFFS),
        ):
            if node.text.startswith(start):
                kind = node.text.removeprefix(start).strip()
                return _decision(ends, kind, kinds, node, problems)
        for ends in Ends:
            if node.text == ends.value and ends is not Ends.BY_DECISION:
                return ends, None
    given = node.text if isinstance(node, Text) else "what stands here"
    problems.error(
        "SR012",
        node.place,
        f"'{given}' does not say how an alert ends",
        "write 'when no longer true', 'needs sign-off', 'never', or, in quotation marks, "
        f'"{_BY_DECISION} " and one of {", ".join(DECISIONS)}',
    )
    return None


def _decision(
    ends: Ends, kind: str, kinds: tuple[str, ...], node: Text, problems: Problems
) -> tuple[Ends, str | None] | None:
    if kind in kinds:
        return ends, kind
    problems.error(
        "SR044",
        node.place,
        f"'{kind}' is not a kind of decision that ends an alert",
        did_you_mean(kind, kinds),
    )
    return None
