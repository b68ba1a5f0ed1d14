# ruff: noqa: INP001
"""Draw the pictures of this page: ``python docs/simulator/plots.py``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from signals.simulate import Trial, simulate
from signals.simulate.blood import course
from signals.simulate.script import AUTOLOGOUS, CHEMOTHERAPY, Script

HERE = Path(__file__).parent
SEED = 1
SHOWN = 6
SPAN = range(-10, 51)
NEAR_HOURS = 6
LIMITS = {
    "anc": (0.5, "neutrophils, 10⁹/L"),
    "plt": (50, "platelets, 10⁹/L"),
    "hgb": (80, "Hb, g/L"),
}


def main() -> None:
    """Draw all pictures from one full trial."""
    # Without a date and with fixed ids the same trial gives the same picture.
    mpl.rcParams["svg.hashsalt"] = "simulator"
    mpl.rcParams["font.size"] = 9
    trial = simulate(SEED, short=False)
    for name, arm in (("chemotherapy", CHEMOTHERAPY), ("transplantation", AUTOLOGOUS)):
        blood([each for each in trial.scripts if each.arm == arm][:SHOWN], name)
    temperatures(trial)
    enrolment(trial)
    grades(trial)


def save(name: str) -> None:
    """Write the picture."""
    plt.tight_layout()
    plt.savefig(HERE / f"{name}.svg", metadata={"Date": None})
    plt.close()


def blood(scripts: list[Script], name: str) -> None:
    """Three lineages of some subjects, days from the anchor; infusions as marks."""
    figure, axes = plt.subplots(3, 1, figsize=(7, 7), sharex=True)
    figure.suptitle(f"Blood counts after {name}, {len(scripts)} subjects")
    for axis, (lineage, (limit, label)) in zip(axes, LIMITS.items(), strict=True):
        for script in scripts:
            _line(axis, script, lineage)
        axis.axhline(limit, color="black", linewidth=0.6, linestyle="--")
        axis.set_ylabel(label)
    axes[0].set_yscale("log")
    axes[-1].set_xlabel("day from the anchor (triangles: infusions)")
    save(f"blood-{name}")


def _line(axis: Axes, script: Script, lineage: str) -> None:
    shown = {
        (day - script.anchor).days: getattr(counts, lineage)
        for day, counts in course(script).items()
        if (day - script.anchor).days in SPAN
    }
    (drawn,) = axis.plot(list(shown), list(shown.values()), linewidth=0.9)
    marks = [(each.start.date() - script.anchor).days for each in script.doses]
    values = [shown[day] for day in marks]
    axis.plot(marks, values, "^", markersize=4, color=drawn.get_color())


def temperatures(trial: Trial) -> None:
    """Temperatures around all infusions, hours from the start."""
    starts = {
        (each.entry.subject, dose.record_id): dose.start
        for each in trial.scripts
        for dose in each.doses
    }
    points = [
        ((when - starts[event["subject_id"], data["infusion_ref"]]).total_seconds() / 3600, data)
        for when, event, data in _vital_signs(trial)
        if data.get("infusion_ref")
    ]
    near = [
        (after, float(data["temperature"]["value"])) for after, data in points if after < NEAR_HOURS
    ]
    plt.figure(figsize=(7, 3))
    plt.plot(
        [each[0] for each in near],
        [each[1] for each in near],
        ".",
        markersize=2,
        alpha=0.5,
        rasterized=True,
    )
    plt.axhline(38.0, color="black", linewidth=0.6, linestyle="--")
    plt.xlabel("hours from the start of the infusion")
    plt.ylabel("axillary, °C")
    plt.title("Temperatures around infusions: the scripted fevers stand alone")
    save("temperatures")


def _vital_signs(trial: Trial) -> Iterator[tuple[datetime, dict[str, Any], dict[str, Any]]]:
    for _, event in trial.tape.arrived():
        if event["schema"] == "vital-signs/1":
            yield datetime.fromisoformat(event["data"]["at"]), event, event["data"]


def enrolment(trial: Trial) -> None:
    """Subjects enrolled, and deaths, in time."""
    plt.figure(figsize=(7, 3))
    _steps([each.entry.enrolled for each in trial.scripts], "enrolled")
    dead = [each.stop for each in trial.scripts if each.stop and each.end != "LOST"]
    _steps(dead, "dead")
    _steps([each.relapse for each in trial.scripts if each.relapse], "relapsed")
    plt.legend()
    plt.title("Subjects in time")
    save("enrolment")


def _steps(days: list[date], label: str) -> None:
    ordered = sorted(days)
    plt.step(ordered, range(1, len(ordered) + 1), where="post", label=label)  # type: ignore[arg-type]


def grades(trial: Trial) -> None:
    """Adverse events by highest grade; serious ones apart."""
    worst: dict[tuple[str, str], tuple[int, bool]] = {}
    for _, event in trial.tape.arrived():
        data = event["data"]
        if event["schema"] == "adverse-event/1" and isinstance(data.get("grade"), int):
            key = (event["subject_id"], event["record_id"])
            before = worst.get(key, (0, False))
            serious = before[1] or data.get("serious") == "Y"
            worst[key] = (max(before[0], data["grade"]), serious)
    counts = Counter(worst.values())
    shown = range(1, 6)
    calm, serious = ([counts[grade, flag] for grade in shown] for flag in (False, True))
    plt.figure(figsize=(7, 3))
    plt.bar(shown, calm, label="not serious")
    plt.bar(shown, serious, bottom=calm, label="serious")
    plt.xlabel("highest CTCAE grade")
    plt.ylabel("adverse events")
    plt.legend()
    save("grades")


if __name__ == "__main__":
    main()
