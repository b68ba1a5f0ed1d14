"""Which changes of an adverse event are significant new information (DOMAIN 4.4)."""

from __future__ import annotations

from signals.events import Record
from signals.events.kinds.adverse_event import AdverseEvent

_BOOKKEEPING = {
    "received_by_sponsor_at",
    "investigator_aware_at",
    "investigator_aware_serious_at",
    "sponsor_determined_at",
    "error_origin",
    "significant",
    "rsi_version",
    "moved_from",
}
_LISTED = ("serious", "criteria", "causality", "expected", "meddra", "term", "ctcae", "onset")
_LISTED_MORE = ("suspect_product", "infusion_ref")


def listed_changes(before: object, after: object) -> tuple[str, ...]:
    """The changed fields on the closed list: a person's word cannot make these insignificant.

    Seriousness and its criteria, a fatal outcome, causality, expectedness, the diagnosis, the
    suspect product, and the onset.  Records of other kinds have no such list.
    """
    if not (isinstance(before, AdverseEvent) and isinstance(after, AdverseEvent)):
        return ()
    changed = [
        name for name in _LISTED + _LISTED_MORE if getattr(before, name) != getattr(after, name)
    ]
    if "FATAL" in (before.outcome, after.outcome) and before.outcome != after.outcome:
        changed.append("outcome")
    return tuple(changed)


def is_significant(before: Record, after: Record) -> bool:
    """Whether a version brings significant new information over the one before.

    A change outside the list counts until a person says it does not; a version that changes
    nothing but who received it when brings nothing.
    """
    if listed_changes(before.data, after.data):
        return True
    if after.data.significant is not None:
        return bool(after.data.significant == "Y")
    names = type(after.data).model_fields.keys() - _BOOKKEEPING
    return any(getattr(before.data, name) != getattr(after.data, name) for name in names)
