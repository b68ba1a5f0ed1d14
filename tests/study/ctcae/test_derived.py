"""Calcium corrected for albumin, in both unit systems."""

import pytest

from signals.events.measured import measured
from signals.study.ctcae import Interval, Quantity, corrected_calcium


def quantity(text: str, unit: str | None) -> Quantity:
    return Quantity(Interval.of(measured(text)), unit)


@pytest.mark.parametrize(
    ("calcium", "albumin", "corrected"),
    [
        (("2.05", "mmol/L"), ("25", "g/L"), ("2.35", "mmol/L")),
        (("2.05", "mmol/L"), ("2.5", "g/dL"), ("2.35", "mmol/L")),
        (("2.30", "mmol/L"), ("45", "g/L"), ("2.20", "mmol/L")),
        (("8.0", "mg/dL"), ("3.0", "g/dL"), ("8.8", "mg/dL")),
        (("80", "mg/L"), ("30", "g/L"), ("8.8", "mg/dL")),
        (("8.0", "mg/dL"), ("4.0", "g/dL"), ("8.0", "mg/dL")),
        (("2.0", "mmol/L"), ("<20", "g/L"), (">2.4", "mmol/L")),
    ],
)
def test_calcium_is_corrected_in_its_own_unit_system(
    calcium: tuple[str, str], albumin: tuple[str, str], corrected: tuple[str, str]
) -> None:
    assert corrected_calcium(quantity(*calcium), quantity(*albumin)) == quantity(*corrected)


def test_a_unit_that_does_not_fit_gives_no_corrected_calcium() -> None:
    albumin = quantity("40", "g/L")
    assert corrected_calcium(quantity("2.3", None), albumin) is None
    assert corrected_calcium(quantity("2.3", "U/L"), albumin) is None
    assert corrected_calcium(quantity("2.3", "mmol/L"), quantity("40", "U/L")) is None
