"""Which records of a person bear on adverse events and cases at all.

Most statuses say that the subject lives, and most decisions are about alerts: neither changes what
is known of an adverse event or owed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from signals.events import Record
from signals.facts.causality import investigators, sponsors
from signals.facts.deaths import implies_death
from signals.facts.decisions import settles
from signals.facts.lab_values import KEPT
from signals.facts.seriousness import seriousness
from signals.study.model import Study


def bears(versions: Sequence[Record]) -> bool:
    """Whether any version of a record bears on an adverse event.

    A status does by a death, a decision by what it settles, a record of another kind always.  One
    version is enough: a later one that takes it back bears on it too.  Without any, it is the
    enrolment of another number, by which this one is linked.
    """
    return not versions or any(_bears(each) for each in versions)


@lru_cache(maxsize=KEPT)
def is_plain(version: Record, study: Study) -> bool:
    """Whether a version of an adverse event says nothing serious, and the parties do not disagree.

    A correction may make another of the versions before it.
    """
    if version.change_reason == "CORRECTION" or seriousness(version.data, study, None).serious:
        return False
    product = study.suspect_product
    opinions = {investigators(version.data, product), sponsors(version.data, product)}
    return len(opinions) == 1 or "missing" in opinions


def _bears(record: Record) -> bool:
    if record.kind == "subject-status":
        return implies_death(record)
    return record.kind != "decision" or settles(record)
