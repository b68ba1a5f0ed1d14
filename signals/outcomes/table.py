"""All outcomes of a trial, in the order of the registered text (DOMAIN 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from signals.outcomes.dose import dose_limiting_toxicity, maximum_tolerated_dose
from signals.outcomes.incidence import incidence_of_events
from signals.outcomes.infusion_reactions import incidence_of_reactions
from signals.outcomes.model import Outcome
from signals.outcomes.person import Person, Trial, persons
from signals.outcomes.response import (
    duration_of_remission,
    event_free_survival,
    incidence_of_relapse,
    overall_survival,
    time_to_remission,
)
from signals.outcomes.tumours import incidence_of_tumours

_Table: TypeAlias = Callable[[Trial, list[Person]], Outcome]

TABLES: Mapping[str, _Table] = {
    "O1": lambda trial, _: dose_limiting_toxicity(trial),
    "O2": incidence_of_events,
    "O3": lambda trial, _: maximum_tolerated_dose(trial),
    "O17": time_to_remission,
    "O18": duration_of_remission,
    "O19": event_free_survival,
    "O20": overall_survival,
    "O21": incidence_of_reactions,
    "O22": incidence_of_tumours,
    "O23": incidence_of_relapse,
}
"""How each outcome is drawn from the persons of a trial."""


def outcomes(trial: Trial) -> list[Outcome]:
    """Every outcome, as known at the trial's time."""
    people = persons(trial)
    return [table(trial, people) for table in TABLES.values()]
