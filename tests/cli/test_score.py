"""``signals simulate``, ``signals score`` and a replay under two packs."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Signals

MOST_A_MONTH = 1.0
"""Critical or high alerts of the background that a subject may cause in a month."""


def simulated(signals: Signals, folder: Path, seed: int, *size: str) -> tuple[Path, Path]:
    events, truth = folder / "events.ndjson", folder / "truth.ndjson"
    ran = signals("simulate", *size, "--seed", seed, "-o", events, "--truth", truth)
    assert ran.code == 0
    return events, truth


@pytest.fixture
def trial(signals: Signals, tmp_path: Path) -> tuple[Path, Path]:
    return simulated(signals, tmp_path, 1, "--short")


def check(signals: Signals, trial: tuple[Path, Path]) -> None:
    """All that is planted is found in time, nothing else but background, and of that little."""
    ran = signals("score", *trial, "--json")
    told = json.loads(ran.out)
    failing = [each for each in told["planted"] if each["outcome"] != "found"]
    assert failing == []
    assert told["extra"] == []
    assert ran.code == 0
    grave = (each for each in told["alerts"] if each["priority"] in {"critical", "high"})
    background = sum(each["count"] for each in grave if each["source"] == "background")
    assert background / told["subject_months"] <= MOST_A_MONTH


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.ci) for seed in (2, 3))]
)
def test_all_that_is_planted_in_the_short_trial_is_found(
    signals: Signals, tmp_path: Path, seed: int
) -> None:
    check(signals, simulated(signals, tmp_path, seed, "--short"))


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_and_in_the_whole_trial(signals: Signals, tmp_path: Path, seed: int) -> None:
    check(signals, simulated(signals, tmp_path, seed))


def test_a_finding_that_nobody_planted_is_extra(
    signals: Signals, trial: tuple[Path, Path], tmp_path: Path
) -> None:
    events, truth = trial
    lines = truth.read_text().splitlines()
    of_rule = [line for line in lines if json.loads(line)["rule"] == "SAE-13"]
    assert of_rule
    fewer = tmp_path / "fewer.ndjson"
    fewer.write_text("".join(f"{line}\n" for line in lines if line not in of_rule))
    assert signals("score", events, fewer).code == 1


def test_two_packs_are_compared(signals: Signals, root: Path, tmp_path: Path, events: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(root / "rules", rules)
    page = rules / "uc-msc/expedited/sae-12.yaml"
    page.write_text(page.read_text().replace("priority: critical", "priority: high"))
    pack = ("--pack", root / "rules/uc-msc")
    assert signals("replay", events, *pack, "--against", root / "rules/uc-msc").code == 0
    changed = signals("replay", events, *pack, "--against", rules / "uc-msc", "--json")
    assert changed.code == 1
    assert "SAE-12" in str(changed.out)


def test_a_replay_judges_the_study_of_its_file(
    signals: Signals, events: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.ndjson"
    other.write_text(events.read_text().replace('"UC-MSC"', '"TRIAL-2"'))
    ran = signals("replay", other, "--json")
    assert ran.code == 0
    assert {json.loads(line)["study_id"] for line in ran.out.splitlines()} == {"TRIAL-2"}
