"""``signals rules clocks``: which duties run, and by which law."""

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Signals

KEYS = ["jurisdiction", "duty", "who", "limit", "basis", "citation", "mark", "effective"]


def test_every_duty_names_its_law_and_how_far_it_was_checked(signals: Signals, root: Path) -> None:
    ran = signals("rules", "clocks", root / "rules/uc-msc", "--json")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert all(list(one) == KEYS and one["citation"] for one in found)
    assert {one["mark"] for one in found} <= {"V", "P", "unverified"}
    limits = {one["duty"]: (one["limit"], one["effective"]) for one in found}
    assert {one["jurisdiction"] for one in found} == {"CN-CDE"}
    assert limits["fatal or life-threatening"] == ("7 days after receipt", "2018-04-27")
    assert limits["other"] == ("15 days after receipt", "2018-04-27")
    assert limits["completion of the 7-day report"][0] == "8 days after its submission"
    assert limits["follow-up: life-threatening became fatal"] == ("7 days after receipt", None)
    assert limits["serious adverse event to the sponsor"] == ("immediately", "2020-07-01")


def test_another_authority_brings_its_own_lines(
    signals: Signals, root: Path, tmp_path: Path
) -> None:
    shutil.copytree(root / "rules", tmp_path / "rules")
    study = tmp_path / "rules/uc-msc/study.yaml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("\n  - CN-CDE", "\n  - CN-CDE\n  - US-IND"), encoding="utf-8")
    ran = signals("rules", "clocks", study.parent)
    assert ran.code == 0
    assert "15 days after the sponsor's" in ran.out
    assert "other, or written report" in ran.out
    assert "21 CFR 312.32(c)(1)" in ran.out


def test_a_folder_that_is_no_pack_could_not_run(signals: Signals, tmp_path: Path) -> None:
    ran = signals("rules", "clocks", tmp_path / "none")
    assert ran.code == 2
    assert "no rule pack can be read there" in ran.err


def test_help_has_an_example(signals: Signals) -> None:
    assert "Example: signals rules clocks" in signals("rules", "clocks", "--help").out
