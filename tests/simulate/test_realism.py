"""The courses look like the disease: ranges stated as assumptions in docs/simulator/README.md."""

from statistics import median

import pytest

from signals.simulate import Trial
from signals.simulate.blood import Counts, course
from signals.simulate.script import AUTOLOGOUS, CHEMOTHERAPY, Script


def after_anchor(script: Script) -> dict[int, Counts]:
    """The counts of the 42 days after the anchor, by day."""
    by_day = {(day - script.anchor).days: counts for day, counts in course(script).items()}
    return {day: counts for day, counts in by_day.items() if 0 < day <= 42}


def of_arm(trial: Trial, arm: str) -> list[dict[int, Counts]]:
    return [after_anchor(each) for each in trial.scripts if each.arm == arm]


def recovered(counts: dict[int, Counts]) -> int:
    """The first day after the last with neutrophils below 0.5."""
    return max(day for day, each in counts.items() if each.anc < 0.5) + 1


@pytest.mark.parametrize(
    ("arm", "nadir", "recovery", "longest"),
    [(CHEMOTHERAPY, (12, 20), (21, 27), 33), (AUTOLOGOUS, (5, 9), (10, 14), 18)],
)
def test_neutrophils_fall_and_recover_when_they_should(
    full_trial: Trial,
    arm: str,
    nadir: tuple[int, int],
    recovery: tuple[int, int],
    longest: int,
) -> None:
    courses = of_arm(full_trial, arm)
    lowest = [min(each, key=lambda day: each[day].anc) for each in courses]
    assert nadir[0] <= median(lowest) <= nadir[1]
    assert recovery[0] <= median(map(recovered, courses)) <= recovery[1]
    assert max(map(recovered, courses)) <= longest


def test_everybody_becomes_neutropenic_and_thrombocytopenic(full_trial: Trial) -> None:
    for arm in (CHEMOTHERAPY, AUTOLOGOUS):
        for counts in of_arm(full_trial, arm):
            assert min(each.anc for each in counts.values()) < 0.5
            assert min(each.plt for each in counts.values()) < 50


def test_transfusions_hold_the_counts(full_trial: Trial) -> None:
    for counts in of_arm(full_trial, CHEMOTHERAPY):
        given = [each.transfused for each in counts.values()]
        assert 0 <= sum("PLATELET" in each for each in given) <= 10
        assert 0 <= sum("RBC" in each for each in given) <= 6
        assert min(each.hgb for each in counts.values()) > 55
    units = [
        sum("PLATELET" in each.transfused for each in counts.values())
        for counts in of_arm(full_trial, CHEMOTHERAPY)
    ]
    assert 2 <= median(units) <= 7


def test_shares_of_complications_and_fates(full_trial: Trial) -> None:
    total = len(full_trial.scripts)
    assert 0.40 <= sum(bool(each.fever_days) for each in full_trial.scripts) / total <= 0.75
    dead = sum(each.end in ("DEAD", "SCRIPTED") for each in full_trial.scripts)
    assert 0.08 <= dead / total <= 0.30
    relapsed = sum(each.relapse is not None for each in full_trial.scripts)
    assert 0.05 <= relapsed / total <= 0.30


def test_fever_only_while_neutropenic_and_never_at_an_infusion(full_trial: Trial) -> None:
    for script in full_trial.scripts:
        counts = course(script)
        assert not script.fever_days & script.dose_days
        for day in script.fever_days:
            assert counts[day].anc < 1.0
