"""Units: the spellings of laboratories, the factors of DOMAIN 1.7, and what is not guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events.unit_text import read_unit
from signals.events.units import SI_UNITS, NotConverted, celsius, convert, to_si

D = Decimal


@pytest.mark.parametrize(
    ("test", "value", "unit", "si"),
    [
        ("HGB", "8.0", "g/dL", "80"),
        ("HGB", "8.0", "G/DL", "80"),
        ("PLAT", "150", "10*9/L", "150"),
        ("PLAT", "150", "10^9/L", "150"),
        ("PLAT", "150", "×10⁹/L", "150"),
        ("PLAT", "150", "x10E9/l", "150"),
        ("PLAT", "150", "10*3/uL", "150"),
        ("PLAT", "150", "K/uL", "150"),
        ("PLAT", "15", "万/uL", "150"),
        ("PLAT", "150000", "/uL", "150"),
        ("PLAT", "150000", "/mm3", "150"),
        ("PLAT", "150000", "个/μL", "150"),
        ("NEUT", "0.15", "10*4/uL", "1.5"),
        ("CD4", "200", "cells/uL", "0.2"),
        ("BILI", "2", "mg/dL", "34.2"),
        ("CREAT", "1.4", "mg/dL", "123.76"),
        ("CREAT", "1.4", "mg/dl", "123.76"),
        ("CREAT", "104", "μmol/L", "104"),
        ("CREAT", "104", "µmol/L", "104"),
        ("CREAT", "104", "umol/l", "104"),
        ("URATE", "10", "mg/dL", "594.8"),
        ("GLUC", "100", "mg/dL", "5.551"),
        ("CA", "10", "mg/dL", "2.495"),
        ("MG", "2", "mg/dL", "0.8228"),
        ("PHOS", "3", "mg/dL", "0.9687"),
        ("CHOL", "300", "mg/dL", "7.758"),
        ("TRIG", "300", "mg/dL", "3.387"),
        ("ALB", "3.0", "g/dL", "30"),
        ("FIBRINO", "150", "mg/dL", "1.5"),
        ("HAPTOG", "30", "mg/dL", "0.3"),
        ("ALT", "2", "ukat/L", "120"),
        ("ALT", "40", "IU/L", "40"),
        ("K", "3.2", "meq/L", "3.2"),
        ("SODIUM", "140", "mEq/L", "140"),
        ("BICARB", "24", "MEQ/L", "24"),
        ("TROPONI", "0.04", "ng/mL", "0.04"),
        ("TROPONT", "14", "ng/L", "0.014"),
        ("INR", "1.2", None, "1.2"),
        ("INR", "1.2", "{INR}", "1.2"),
        ("PH", "7.31", "", "7.31"),
        ("PROT", "1200", "mg/24 h", "1.2"),
        ("GFRE", "59", "mL/min/1.73m²", "59"),
        ("APTT", "33", "秒", "33"),
    ],
)
def test_results_in_si(test: str, value: str, unit: str | None, si: str) -> None:
    assert to_si(test, D(value), unit) == D(si)


@pytest.mark.parametrize(
    ("test", "unit", "reason"),
    [
        ("PLAT", None, "the unit is missing"),
        ("K", " ", "the unit is missing"),
        ("PLAT", "furlong", 'the unit "furlong" is not known'),
        ("CREAT", "Mg/dL", 'the unit "Mg/dL" is not known'),
        ("INSULIN", "MU/L", "no SI unit is known for the test INSULIN"),
        ("ALT", "MU/L", 'the unit "MU/L" is not known'),
        ("PLAT", "G/L", '"G/L" cannot be converted to "10*9/L" for the test PLAT'),
        ("PLAT", "10*9", '"10*9" cannot be converted to "10*9/L" for the test PLAT'),
        ("CREAT", "g", '"g" cannot be converted to "umol/L" for the test CREAT'),
        ("ALB", "umol/L", '"umol/L" cannot be converted to "g/L" for the test ALB'),
        ("CA", "meq/L", '"meq/L" cannot be converted to "mmol/L" for the test CA'),
        ("INR", "%", '"%" cannot be converted to "1" for the test INR'),
        ("GFRE", "mL/min", '"mL/min" cannot be converted to "mL/min/{1.73_m2}" for the test GFRE'),
    ],
)
def test_what_is_not_converted(test: str, unit: str | None, reason: str) -> None:
    assert to_si(test, D(1), unit) == NotConverted(reason)


def test_haemoglobin_in_mmol_counts_iron() -> None:
    grams = to_si("HGB", D("6.206"), "mmol/L")
    assert grams == D(100)
    assert convert("HGB", D(100), "g/L", "mmol/L") == D("6.206")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("101.0", "[degF]", "38.3"),
        ("101.1", "°F", "38.4"),
        # 100.13 F is 37.85 C exactly.
        ("100.13", "F", "37.9"),
        ("36.65", "Cel", "36.65"),
        ("36.6", "℃", "36.6"),
    ],
)
def test_temperatures(value: str, unit: str, expected: str) -> None:
    assert str(celsius(D(value), unit)) == expected


def test_a_temperature_in_no_unit_is_not_guessed() -> None:
    assert celsius(D("38.4"), None) == NotConverted("the unit is missing")
    assert celsius(D("311"), "K") == NotConverted('"K" is no unit of temperature')


@given(st.sampled_from(sorted(SI_UNITS)), st.decimals(0, 10**6, places=3))
def test_si_units_stay_as_they_are(test: str, value: Decimal) -> None:
    assert to_si(test, value, SI_UNITS[test]) == value


@given(st.text(max_size=60))
def test_any_text_is_a_unit_or_none(text: str) -> None:
    unit = read_unit(text)
    assert unit is None or unit.factor > 0
