"""Both sides of every limit of CTCAE v5.0, taken by hand from its wording."""

import pytest

from signals.events.measured import measured
from signals.study.ctcae import Graded, Interval, Quantity, Sample, grade, shipped_table

# test and direction; unit; limits of normal; baseline; and results with their grades.
BOUNDARIES = """
HGB low      | g/L                  | 120-160   |      | 120=0 119=1 100=1 99=2 80=2 79=3 10=3
HGB low      | g/dL                 | 12-16     |      | 12=0 11.9=1 10.0=1 9.9=2 8.0=2 7.9=3
HGB low      | mmol/L               | 7.5-10    |      | 7.5=0 7.4=1 6.2=1 6.1=2 4.9=2 4.8=3
HGB high     | g/L                  | 120-160   |      | 160=0 161=1 180=1 181=2 200=2 201=3
HGB high     | g/dL                 | 12-16     |      | 16=0 16.1=1 18=1 18.1=2 20=2 20.1=3
WBC high     | 10*9/L               | 4-10      |      | 99=0 100=0 100.1=3
WBC low      | 10*9/L               | 4-10      |      | 4=0 3.9=1 3.0=1 2.9=2 2.0=2 1.9=3 1.0=3 0.9=4
WBC low      | 10*3/uL              | 4-10      |      | 3.0=1 2.9=2 1.0=3 0.9=4
WBC low      | 万/uL                | 0.4-1     |      | 0.30=1 0.29=2 0.10=3 0.09=4
NEUT low     | 10*9/L               | 2-7       |      | 2=0 1.9=1 1.5=1 1.49=2 1.0=2 0.99=3 0.5=3 0.49=4
LYM low      | 10*9/L               | 1-4       |      | 1=0 0.9=1 0.8=1 0.79=2 0.5=2 0.49=3 0.2=3 0.19=4
LYM high     | 10*9/L               | 1-4       |      | 4=0 4.1=2 20=2 20.1=3
CD4 low      | 10*9/L               | 0.6-1.5   |      | 0.5=1 0.49=2 0.2=2 0.19=3 0.05=3 0.049=4
CD4 low      | /uL                  | 600-1500  |      | 600=0 599=1 500=1 499=2 200=2 199=3 50=3 49=4
PLAT low     | 10*9/L               | 100-300   |      | 100=0 99=1 75=1 74=2 50=2 49=3 25=3 24=4
EOS high     | 10*9/L               | 0-0.5     | 0.7  | 0.7=0 0.71=1
EOS high     | 10*9/L               | 0-0.5     | 0.1  | 0.5=0 0.51=1
APTT high    | s                    | 25-40     |      | 40=0 41=1 60=1 61=2 100=2 101=3
INR high     | 1                    | 0.8-1.2   |      | 1.2=0 1.21=1 1.5=1 1.51=2 2.5=2 2.51=3
INR high     | 1                    | 0.8-1.2   | 0.8  | 0.8=0 1.2=0/1 1.21=1/2 2.0=2 2.01=2/3
FIBRINO low  | g/L                  | 2-4       | 3    | 2=0 1.9=1 1.5=1 1.4=2 1.0=2 0.9=3 0.5=3 0.49=4
FIBRINO low  | mg/dL                | 200-400   | 300  | 200=0 199=1 150=1 149=2 100=2 99=3 50=3 49=4
FIBRINO low  | g/L                  | 2-4       | 1.6  | 1.6=0 1.5=1 1.21=1 1.2=2 0.81=2 0.8=3 0.5=3 0.4=4
HAPTOG low   | g/L                  | 0.3-2     |      | 0.3=0 0.29=1
ALT high     | U/L                  | 5-40      | 30   | 40=0 41=1 120=1 121=2 200=2 201=3 800=3 801=4
ALT high     | U/L                  | 5-40      | 80   | 119=0 120=1 240=1 241=2 400=2 401=3 1600=3 1601=4
ALT high     | ukat/L               | 0.1-1     | 0.5  | 1=0 1.1=1 3=1 3.1=2 5=2 5.1=3 20=3 20.1=4
AST high     | U/L                  | 5-40      | 30   | 40=0 41=1 120=1 121=2 200=2 201=3 800=3 801=4
AST high     | U/L                  | 5-40      | 80   | 119=0 120=1 240=1 241=2 400=2 401=3 1600=3 1601=4
ALP high     | U/L                  | 40-100    | 90   | 100=0 101=1 250=1 251=2 500=2 501=3 2000=3 2001=4
ALP high     | U/L                  | 40-100    | 200  | 399=0 400=1 500=1 501=2 1000=2 1001=3 4001=4
GGT high     | U/L                  | 5-50      | 40   | 50=0 51=1 125=1 126=2 250=2 251=3 1000=3 1001=4
GGT high     | U/L                  | 5-50      | 100  | 199=0 200=1 250=1 251=2 500=2 501=3 2000=3 2001=4
BILI high    | umol/L               | 3-20      | 10   | 20=0 21=1 30=1 31=2 60=2 61=3 200=3 201=4
BILI high    | umol/L               | 3-20      | 40   | 40=0 41=1 60=1 61=2 120=2 121=3 400=3 401=4
LDH high     | U/L                  | 100-250   |      | 250=0 251=1
CREAT high   | umol/L               | 50-100    | 90   | 100=0 101=1 135=1 136=2 270=2 271=3 600=3 601=4
CREAT high   | umol/L               | 50-100    | 200  | 150=1 151=2 300=2 301=3 600=3 601=4
GFRE low     | mL/min/{1.73_m2}     | 90-120    |      | 90=0 89=1 60=1 59.5=2 30=2 29.5=3 15=3 14=4
CK high      | U/L                  | 30-200    |      | 200=0 201=1 500=1 501=2 1000=2 1001=3 2000=3 2001=4
LDH high     | U/L                  | 100-250   |      | 2500=1
ALB low      | g/L                  | 35-50     |      | 35=0 34=1 30=1 29=2 20=2 19=3
ALB low      | g/dL                 | 3.5-5     |      | 3.5=0 3.4=1 3=1 2.9=2 2=2 1.9=3
CA high      | mmol/L               | 2.1-2.6   |      | 2.6=0 2.7=1 2.9=1 2.91=2 3.1=2 3.11=3 3.4=3 3.41=4
CA high      | mg/dL                | 8.5-10.5  |      | 10.5=0 10.6=1 11.5=1 11.6=2 12.5=2 12.6=3 13.5=3 13.6=4
CAION high   | mmol/L               | 1.1-1.3   |      | 1.3=0 1.4=1 1.5=1 1.51=2 1.6=2 1.61=3 1.8=3 1.81=4
CA low       | mmol/L               | 2.1-2.6   |      | 2.1=0 2.05=1 2.0=1 1.99=2 1.75=2 1.74=3 1.5=3 1.49=4
CA low       | mg/dL                | 8.5-10.5  |      | 8.5=0 8.4=1 8.0=1 7.9=2 7.0=2 6.9=3 6.0=3 5.9=4
CAION low    | mmol/L               | 1.1-1.3   |      | 1.1=0 1.05=1 1.0=1 0.99=2 0.9=2 0.89=3 0.8=3 0.79=4
K high       | mmol/L               | 3.5-5.0   |      | 5.0=0 5.1=1 5.5=1 5.6=2 6.0=2 6.1=3 7.0=3 7.1=4
K low        | mmol/L               | 3.5-5.0   |      | 3.5=0 3.4=1/2 3.0=1/2 2.9=3 2.5=3 2.4=4
SODIUM high  | mmol/L               | 135-145   |      | 145=0 146=1 150=1 151=2 155=2 156=3 160=3 161=4
SODIUM low   | mmol/L               | 135-145   |      | 135=0 134=1 130=1 129.5=2/3 125=2/3 124.5=3 120=3 119=4
SODIUM low   | meq/L                | 135-145   |      | 130=1 129=2/3 120=3 119=4
MG high      | mmol/L               | 0.7-1.0   |      | 1.0=0 1.1=1 1.23=1 1.24=3 3.30=3 3.31=4
MG high      | mg/dL                | 1.7-2.4   |      | 2.4=0 2.5=1 3.0=1 3.1=3 8.0=3 8.1=4
MG low       | mmol/L               | 0.7-1.0   |      | 0.7=0 0.6=1 0.5=1 0.49=2 0.4=2 0.39=3 0.3=3 0.29=4
MG low       | mg/dL                | 1.7-2.4   |      | 1.7=0 1.6=1 1.2=1 1.19=2 0.9=2 0.89=3 0.7=3 0.69=4
GLUC low     | mmol/L               | 3.9-6.1   |      | 3.9=0 3.8=1 3.0=1 2.9=2 2.2=2 2.1=3 1.7=3 1.6=4
GLUC low     | mg/dL                | 70-110    |      | 70=0 69=1 55=1 54=2 40=2 39=3 30=3 29=4
URATE high   | umol/L               | 200-420   |      | 420=0 421=1/3
TRIG high    | mmol/L               | 0.5-1.7   |      | 1.70=0 1.71=1 3.42=1 3.43=2 5.7=2 5.8=3 11.4=3 11.5=4
TRIG high    | mg/dL                | 50-200    |      | 149=0 150=1 300=1 301=2 500=2 501=3 1000=3 1001=4
CHOL high    | mmol/L               | 3-5.2     |      | 5.2=0 5.3=1 7.75=1 7.76=2 10.34=2 10.35=3 12.92=3 12.93=4
CHOL high    | mg/dL                | 120-200   |      | 200=0 201=1 300=1 301=2 400=2 401=3 500=3 501=4
PHOS low     | mmol/L               | 0.8-1.5   |      | 0.8=0 0.7=0/1
PHOS high    | mmol/L               | 0.8-1.5   |      | 1.5=0 1.6=0/1
PH low       | [pH]                 | 7.35-7.45 |      | 7.35=0 7.34=1 7.3=1 7.29=3
PH high      | [pH]                 | 7.35-7.45 |      | 7.45=0 7.46=1 7.5=1 7.51=3
BICARB low   | mmol/L               | 22-29     |      | 22=0 21=0/1
PROT high    | g/d                  | 0-0.15    |      | 0.14=0 0.15=1 0.9=1 1.0=2 3.4=2 3.5=3
LIPASET high | U/L                  | 10-60     |      | 60=0 61=1 90=1 91=2 120=2 121=2/3 300=2/3 301=3/4
AMYLASE high | U/L                  | 30-100    |      | 100=0 101=1 150=1 151=2 200=2 201=2/3 500=2/3 501=3/4
TROPONI high | ug/L                 | 0-0.04    |      | 0.04=0/3 0.05=1/3
TROPONT high | ng/mL                | 0-0.01    |      | 0.01=0/3 0.02=1/3
"""
CASES = [
    (*(part.strip() for part in parts[:4]), case)
    for line in BOUNDARIES.strip().splitlines()
    for parts in [line.split("|")]
    for case in parts[4].split()
]
SPECIMENS = {"PH": "ARTERIAL BLOOD", "PROT": "URINE"}


def number(text: str, unit: str) -> Quantity | None:
    return Quantity(Interval.of(measured(text)), unit) if text else None


@pytest.mark.parametrize(("what", "unit", "limits", "base", "case"), CASES)
def test_each_side_of_each_limit(
    *, what: str, unit: str, limits: str, base: str, case: str
) -> None:
    test, direction = what.split()
    low, _, high = limits.partition("-")
    value, _, expected = case.partition("=")
    result = number(value, unit)
    assert result is not None
    sample = Sample(
        test=test,
        result=result,
        low=number(low, unit),
        high=number(high, unit),
        baseline=number(base, unit),
        specimen=SPECIMENS.get(test),
    )
    (found,) = [each for each in grade(shipped_table("5.0"), sample) if each.direction == direction]
    assert isinstance(found, Graded), found
    assert found.grades == tuple(int(each) for each in expected.split("/"))


def test_every_term_that_a_value_can_grade_stands_in_the_table_above() -> None:
    above = {what for what, *_ in CASES}
    terms = [
        f"{term.test} {term.direction}"
        for term in shipped_table("5.0").terms
        if any(limit.conditions for limit in term.limits)
    ]
    assert above == set(terms)
    assert len(terms) == len(set(terms)) == 48  # the 49 terms without hyperglycaemia
