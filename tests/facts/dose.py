"""Subjects of a dose level in few words, for tests of dose finding."""

from __future__ import annotations

from typing import Any

from tests.facts.kit import Trial, at

FIRST, OBSERVED = "03-02 10:00", "03-06 12:00"


class Level:
    """Subjects at one dose level, each with one infusion on 2 March: observed to 6 March."""

    def __init__(self, trial: Trial, level: str = "DL1", *, cohort_no: int | None = 1) -> None:
        """Start without a subject."""
        self.trial, self.level, self.cohort_no = trial, level, cohort_no
        self.subjects: list[str] = []

    def treat(self, count: int, **enrolled: Any) -> list[str]:
        """Enrol and treat so many more; their numbers."""
        new = [f"{self.level}-{len(self.subjects) + i:02}" for i in range(1, count + 1)]
        for subject in new:
            with self.trial.of(subject):
                data = {"dose_level": self.level, "cohort_no": self.cohort_no, "phase": "IB"}
                self.trial.enrolment(**data | enrolled)
                given = {"dose_level_assigned": self.level, "dose_level_actual": self.level}
                self.trial.infusion(FIRST, "I1", infusion_no=1, **given)
        self.subjects += new
        return new

    def observe(self, *subjects: str, when: str = OBSERVED) -> None:
        """Vital signs, read at that time."""
        for subject in subjects:
            with self.trial.of(subject):
                read = {"at": at(when).isoformat(), "pulse_per_min": "80"}
                self.trial.add(when, "vital-signs", f"VS-{when}", read)

    def toxic(self, *subjects: str, when: str = "03-07 10:00", **said: Any) -> None:
        """A related event of grade 2 inside the window."""
        for subject in subjects:
            with self.trial.of(subject):
                told = {"onset": "2026-03-04", "investigator": "POSSIBLE", **said}
                self.trial.adverse_event(when, "AE-1", **told)

    def count(self, of: int, toxic: int) -> None:
        """Treat ``of``, and bring ``toxic`` of them to a toxicity; the others are observed."""
        new = self.treat(of)
        self.observe(*new[toxic:])
        self.toxic(*new[:toxic])

    def decide(self, when: str, outcome: str, n: int, x: int, **said: Any) -> None:
        """The committee decides on the level."""
        cohort = {"dose_level": self.level, "outcome": outcome, "n": n, "x": x, **said}
        data = {
            "kind": "COHORT",
            "decided_at": at(when).isoformat(),
            "by": "src",
            "role": "SAFETY_REVIEW_COMMITTEE",
            "cohort": cohort,
        }
        name = f"DEC-{len(self.trial.journal)}"
        self.trial.add(when, "decision", name, data, subject_id=None)

    def field(self, name: str) -> Any:
        """A field of the level."""
        return self.trial.field("dose level", name, self.level)

    @property
    def figures(self) -> tuple[int, int]:
        """n and x."""
        return self.field("n"), self.field("x")

    def status(self, subject: str, profile: str = "registered") -> str:
        """The status of a subject, and why."""
        fact = self.trial.fact("dlt status", subject)
        assert fact is not None
        found = self.trial.field("dlt status", f"status_{profile}", subject)
        assert isinstance(found, str)
        return found
