"""The adverse events of the disease and its treatment: expected on every such ward.

They are made so that few alerts follow: judged unrelated by both parties at entry, away from
infusions, and outside every set of terms that has a rule of its own.  Where an alert does follow
by ordinary practice, it is noted as background.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from signals.simulate.draw import clock, days, hours
from signals.simulate.story import Story, adverse_event, iso, opinion

_MILD: tuple[str, ...] = ("Nausea", "Mucositis oral", "Constipation", "Anorexia", "Fatigue")
_MILD += ("Insomnia", "Alopecia", "Cough", "Back pain", "Hypokalemia", "Epistaxis")
_LABORATORY = {"Neutrophil count decreased": 4, "Platelet count decreased": 4, "Anemia": 3}
_LATE_CAUSALITY, _WORSENS = 0.05, 0.15
_AFTER_WINDOW = 16


def everyday_events(story: Story) -> None:
    """Mild events and cytopenias, some of which worsen, all of which end."""
    chance = story.chance("adverse events")
    for term in chance.sample(_MILD, chance.randint(4, 9)):
        onset = _free_day(story, chance.randint(-5, 45))
        _mild(story, term, onset)
    for term, grade in _LABORATORY.items():
        if chance.random() < 0.8:  # noqa: PLR2004 - some sites report cytopenias, some do not
            onset = _free_day(story, chance.randint(2, 6))
            _ending(story, term, grade, onset, onset + days(chance.randint(9, 20)))


def _free_day(story: Story, offset: int) -> date:
    """The first day from an offset on that is neither an infusion's nor the day after one."""
    taken = story.script.dose_days
    day = story.script.first + days(offset)
    while day in taken or day - days(1) in taken:
        day += days(1)
    return day


def _received(story: Story, onset: date, topic: str) -> datetime:
    return clock(onset, 18) + hours(story.chance(topic).uniform(0.5, 30))


def _mild(story: Story, term: str, onset: date) -> None:
    chance = story.chance(f"adverse event {term}")
    end = onset + days(chance.randint(3, 12))
    offset = (onset - story.script.first).days
    if offset >= _AFTER_WINDOW and chance.random() < _LATE_CAUSALITY:
        _judged_late(story, term, onset)
    elif chance.random() < _WORSENS:
        _worsening(story, term, onset)
    else:
        _ending(story, term, chance.choice((1, 1, 2)), onset, end)


def _enter(
    story: Story, term: str, grade: int, onset: date, **more: Any
) -> tuple[str, dict[str, Any]]:
    received = _received(story, onset, f"receipt {term}")
    data = adverse_event(term, grade, iso(onset), received, **more)
    return story.enter(data, received), data


def _ending(story: Story, term: str, grade: int, onset: date, end: date) -> None:
    record_id, data = _enter(story, term, grade, onset)
    _end(story, record_id, data, end)


def _end(story: Story, record_id: str, data: dict[str, Any], end: date) -> None:
    received = clock(end + days(2), 11)
    if story.script.alive(received):
        over = {"end": iso(end), "ongoing": False, "outcome": "RECOVERED/RESOLVED"}
        story.revise(record_id, {**data, **over}, received, "FOLLOW_UP")


def _worsening(story: Story, term: str, onset: date) -> None:
    """Grade 1, from a free day on grade 2."""
    record_id, data = _enter(story, term, 1, onset)
    worse = _free_day(story, (onset - story.script.first).days + 3)
    received = clock(worse, 19)
    if story.script.alive(received):
        data = {**data, "grade": 2}
        story.revise(record_id, data, received, "PROGRESSION", effective_from=iso(worse))
        _end(story, record_id, data, worse + days(6))


def _judged_late(story: Story, term: str, onset: date) -> None:
    """The investigator's opinion comes after two and a half days: DQ-01 asks for it."""
    record_id, data = _enter(story, term, 1, onset, investigator=None)
    received = _received(story, onset, f"receipt {term}")
    story.tell_event("DQ-01", record_id, received + hours(48), "causality came late", "background")
    judged = {"investigator": opinion("UNRELATED"), "sponsor": opinion("UNRELATED")}
    story.revise(record_id, {**data, "causality": judged}, received + hours(60), "FOLLOW_UP")


def complications(story: Story) -> None:
    """Febrile neutropenia, and infections after it; some prolong the stay and so are serious."""
    chance, script = story.chance("complications"), story.script
    if script.fever_days:
        _febrile_neutropenia(story, serious=chance.random() < 0.2)  # noqa: PLR2004 - share
    if chance.random() < 0.1:  # noqa: PLR2004 - share with pneumonia
        _infection(story, "Lung infection", 3, chance.randint(16, 30), ("hospitalization",))
    if chance.random() < 0.04:  # noqa: PLR2004 - share with sepsis
        met = ("life_threatening", "hospitalization")
        _infection(story, "Sepsis", 4, chance.randint(16, 26), met)


def _febrile_neutropenia(story: Story, *, serious: bool) -> None:
    script = story.script
    onset = min(script.fever_days)
    received = clock(onset + days(1), 11)
    met = ("hospitalization",) if serious else ()
    data = adverse_event("Febrile neutropenia", 3, iso(onset), received, *met)
    record_id = story.enter(data, received)
    fever = clock(onset, 14)
    story.tell("LAB-02", fever, "fever while neutropenic", "background")
    if serious:
        why = "febrile neutropenia prolonged the stay"
        story.tell_event("SAE-01", record_id, received, why, "background")
    _end(story, record_id, data, max(script.fever_days) + days(1))


def _infection(story: Story, term: str, grade: int, after: int, met: tuple[str, ...]) -> None:
    """More than a week after the last infusion, so that INF-01 does not ask."""
    day = max(story.script.first + days(after), story.script.last + days(9))
    received = clock(day, 20)
    data = adverse_event(term, grade, iso(day), received, *met)
    record_id = story.enter(data, received)
    story.tell_event("SAE-01", record_id, received, f"{term} after chemotherapy", "background")
    _end(story, record_id, data, day + days(12))
