"""All outcomes of a trial, in the order of the registered text (DOMAIN 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from signals.outcomes.cytopenia import anaemia, thrombocytopenia
from signals.outcomes.dose import dose_limiting_toxicity, maximum_tolerated_dose
from signals.outcomes.episodes import bleeding, infection
from signals.outcomes.fever import febrile_neutropenia
from signals.outcomes.incidence import incidence_of_events
from signals.outcomes.infusion_reactions import incidence_of_reactions
from signals.outcomes.model import Outcome
from signals.outcomes.person import Person, Trial, persons
from signals.outcomes.recovery import (
    recovery_of_haemoglobin,
    recovery_of_neutrophils,
    recovery_of_platelets,
)
from signals.outcomes.response import (
    duration_of_remission,
    event_free_survival,
    incidence_of_relapse,
    overall_survival,
    time_to_remission,
)
from signals.outcomes.supportive_care import anti_infectives, transfusions
from signals.outcomes.tumours import incidence_of_tumours

_Table: TypeAlias = Callable[[Trial, list[Person]], Outcome]

TABLES: Mapping[str, _Table] = {
    "O1": lambda trial, _: dose_limiting_toxicity(trial),
    "O2": incidence_of_events,
    "O3": lambda trial, _: maximum_tolerated_dose(trial),
    "O4": recovery_of_neutrophils,
    "O5": lambda trial, people: febrile_neutropenia(trial, people)[0],
    "O6": lambda trial, people: febrile_neutropenia(trial, people)[1],
    "O7": thrombocytopenia,
    "O8": recovery_of_platelets,
    "O9": anaemia,
    "O10": recovery_of_haemoglobin,
    "O11": lambda trial, people: infection(trial, people)[0],
    "O12": lambda trial, people: infection(trial, people)[1],
    "O13": lambda trial, people: bleeding(trial, people)[0],
    "O14": lambda trial, people: bleeding(trial, people)[1],
    "O15": transfusions,
    "O16": anti_infectives,
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
