"""The pilot study read without the project's own code: what the import is compared with."""

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyreadstat

Line = dict[str, str]
CRITERIA = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG")
TRANSPORT = ("ae", "suppae", "dm", "ex", "ds")
SEPARATED = ("lb", "vs")


def read_pilot(shared: Path) -> dict[str, list[Line]]:
    folder = shared / "data" / "cdisc-pilot"
    tables = {name: _transport(folder / f"{name}.xpt") for name in TRANSPORT}
    return tables | {name: _separated(folder / f"{name}.csv.gz") for name in SEPARATED}


def _transport(path: Path) -> list[Line]:
    columns, _ = pyreadstat.read_xport(path, output_format="dict")
    return [
        {name: _text(value) for name, value in zip(columns, line, strict=True)}
        for line in zip(*columns.values(), strict=True)
    ]


def _text(value: object) -> str:
    if value is None:
        return ""
    return re.sub(r"\.0$", "", str(value)) if isinstance(value, float) else str(value)


def _separated(path: Path) -> list[Line]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(pilot: dict[str, list[Line]]) -> dict[str, int]:
    """Every figure of the validation page that rests on the data alone, by its words there."""
    return {
        **_files(pilot),
        **_seriousness(pilot["ae"]),
        **_causality(pilot["ae"]),
        **_dates(pilot),
        **_repetitions(pilot["ae"]),
        **_deaths(pilot),
        **_laboratory(pilot["lb"]),
        **_vital_signs(pilot["vs"]),
        **_disposition(pilot),
    }


def _files(pilot: dict[str, list[Line]]) -> dict[str, int]:
    return {f"rows of {name.upper()}": len(lines) for name, lines in pilot.items()}


def _seriousness(ae: Sequence[Line]) -> dict[str, int]:
    met = [[name for name in CRITERIA if line[name] == "Y"] for line in ae]
    serious = [line["AESER"] == "Y" for line in ae]
    return {
        "AESER is Y": sum(serious),
        "AESER is N": sum(line["AESER"] == "N" for line in ae),
        "AESER is Y without any criterion": sum(
            s and not m and line["AESCAN"] == line["AESOD"] == "N"
            for s, m, line in zip(serious, met, ae, strict=True)
        ),
        "AESER is N, yet a criterion of ICH E2A is Y": sum(
            not s and bool(m) for s, m in zip(serious, met, strict=True)
        ),
        "subject, term and start behind these": len(
            {
                (line["USUBJID"], line["AETERM"], line["AESTDTC"])
                for s, m, line in zip(serious, met, ae, strict=True)
                if not s and m
            }
        ),
        "AESER is N, and only AESCAN is Y": sum(
            not s and not m and line["AESCAN"] == "Y"
            for s, m, line in zip(serious, met, ae, strict=True)
        ),
        **{
            f"AESER is N, {name} is Y": sum(
                line["AESER"] == "N" and line[name] == "Y" for line in ae
            )
            for name in (*CRITERIA, "AESCAN", "AESOD")
        },
        "AEOUT is FATAL": sum(line["AEOUT"] == "FATAL" for line in ae),
        "AEOUT is FATAL and AESDTH is Y": sum(
            line["AEOUT"] == "FATAL" and line["AESDTH"] == "Y" for line in ae
        ),
        "AEOUT is FATAL and AESER is N": sum(
            line["AEOUT"] == "FATAL" and line["AESER"] == "N" for line in ae
        ),
    }


def _causality(ae: Sequence[Line]) -> dict[str, int]:
    words = Counter(line["AEREL"] or "blank" for line in ae)
    return {f"AEREL is {word}": count for word, count in words.items()}


def _dates(pilot: dict[str, list[Line]]) -> dict[str, int]:
    ae, lengths = pilot["ae"], Counter(len(line["AESTDTC"]) for line in pilot["ae"])
    ended = [line for line in ae if line["AEENDTC"]]
    return {
        "AESTDTC is a whole date": lengths[10],
        "AESTDTC is a month": lengths[7],
        "AESTDTC is a year": lengths[4],
        "AESTDTC is blank": lengths[0],
        "AESTDTC is a month or year before 2012": sum(
            len(line["AESTDTC"]) < 10 and line["AESTDTC"] < "2012" for line in ae
        ),
        "AEENDTC is a whole date": sum(len(line["AEENDTC"]) == 10 for line in ae),
        "AEENDTC is blank": len(ae) - len(ended),
        "AEENDTC lies before AESTDTC": sum(
            line["AEENDTC"][: len(line["AESTDTC"])] < line["AESTDTC"] for line in ended
        ),
        "AESTDTC lies after AEDTC": sum(line["AESTDTC"] > line["AEDTC"] for line in ae),
        "AEENDTC lies after AEDTC": sum(line["AEENDTC"] > line["AEDTC"] for line in ae),
        "AEOUT is NOT RECOVERED/NOT RESOLVED, yet AEENDTC is given": sum(
            line["AEOUT"] == "NOT RECOVERED/NOT RESOLVED" for line in ended
        ),
        "LBDTC is a day without a time": sum(len(line["LBDTC"]) == 10 for line in pilot["lb"]),
        "EXENDTC is blank": sum(not line["EXENDTC"] for line in pilot["ex"]),
    }


def _repetitions(ae: Sequence[Line]) -> dict[str, int]:
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in ae:
        groups[line["USUBJID"], line["AETERM"], line["AESTDTC"]].append(line)
    repeated = [lines for lines in groups.values() if len(lines) > 1]
    return {
        "subject, term and start that stand more than once": len(repeated),
        "rows of these": sum(len(lines) for lines in repeated),
        "of these, AEOUT differs": sum(len({x["AEOUT"] for x in each}) > 1 for each in repeated),
        "of these, AESEV differs": sum(len({x["AESEV"] for x in each}) > 1 for each in repeated),
        "of these, AESER differs": sum(len({x["AESER"] for x in each}) > 1 for each in repeated),
        "of these, AEREL differs": sum(len({x["AEREL"] for x in each}) > 1 for each in repeated),
    }


def _deaths(pilot: dict[str, list[Line]]) -> dict[str, int]:
    dm = {line["USUBJID"]: line["DTHDTC"] for line in pilot["dm"] if line["DTHFL"] == "Y"}
    ds = {x["USUBJID"]: x["DSSTDTC"] for x in pilot["ds"] if x["DSDECOD"] == "DEATH"}
    ae = {x["USUBJID"]: x["AEENDTC"] for x in pilot["ae"] if x["AEOUT"] == "FATAL"}
    return {
        "deaths in DM": len(dm),
        "deaths in DS": len(ds),
        "deaths whose date differs between DM and DS": sum(dm[each] != ds[each] for each in dm),
        "deaths whose date differs between DM and AE": sum(dm[each] != ae[each] for each in dm),
    }


def _laboratory(lb: Sequence[Line]) -> dict[str, int]:
    units = Counter(line["LBORRESU"] for line in lb)
    below = sum(line["LBORRES"].startswith("<") for line in lb)
    return {
        **{f"LBORRESU is {unit}": count for unit, count in units.items()},
        "LBORRES with <": below,
        "LBORRES is a word": sum(
            not re.fullmatch(r"<?[0-9]*\.?[0-9]+", line["LBORRES"]) for line in lb
        ),
        "rows without limits": sum(not line["LBORNRLO"] and not line["LBORNRHI"] for line in lb),
        "tests whose limits were converted by another factor than their results": len(
            _converted_otherwise(lb)
        ),
    }


def _converted_otherwise(lb: Sequence[Line]) -> set[str]:
    """Tests where the standard upper limit is over 1 % off the results' own factor."""
    factors: dict[str, Decimal] = {}
    for line in lb:
        if _positive(line["LBORRES"]) and _positive(line["LBSTRESN"]):
            factor = Decimal(line["LBSTRESN"]) / Decimal(line["LBORRES"])
            factors.setdefault(line["LBTESTCD"], factor)
    return {
        line["LBTESTCD"]
        for line in lb
        if _positive(line["LBORNRHI"]) and line["LBTESTCD"] in factors
        if abs(
            Decimal(line["LBSTNRHI"]) / Decimal(line["LBORNRHI"]) / factors[line["LBTESTCD"]] - 1
        )
        > Decimal("0.01")
    }


def _positive(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]*\.?[0-9]+", text)) and Decimal(text) > 0


def _vital_signs(vs: Sequence[Line]) -> dict[str, int]:
    tests, units = Counter(x["VSTESTCD"] for x in vs), Counter(x["VSORRESU"] for x in vs)
    return {
        **{f"VSTESTCD is {test}": count for test, count in tests.items()},
        "temperatures in F": units["F"],
        "temperatures in C": units["C"],
        "VSSTAT is NOT DONE": sum(line["VSSTAT"] == "NOT DONE" for line in vs),
    }


def _disposition(pilot: dict[str, list[Line]]) -> dict[str, int]:
    ds = Counter(line["DSDECOD"] for line in pilot["ds"])
    return {
        **{f"DSDECOD is {word}": count for word, count in ds.items()},
        "screen failures in DM": sum(line["ARM"] == "Screen Failure" for line in pilot["dm"]),
        "SUPPAE qualifiers named AETRTEM": sum(
            line["QNAM"] == "AETRTEM" for line in pilot["suppae"]
        ),
    }
