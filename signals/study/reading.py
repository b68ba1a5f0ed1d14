"""``study.yaml``, ``terms.yaml`` and the jurisdictions, read into a ``Study``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from signals.study.ctcae.table import GradingTable
from signals.study.ctcae.table_file import read_table, table_file
from signals.study.model import (
    Aggregate,
    Basis,
    DataQuality,
    DltSettings,
    DoseLevel,
    Fever,
    Haematology,
    Jurisdiction,
    Laboratory,
    Limit,
    Monitor,
    OtherDuty,
    Periods,
    Site,
    Study,
)
from signals.study.places import Node, Sequence, Table, Text, read_yaml
from signals.study.problems import Place, Problem, Problems, did_you_mean
from signals.study.schema import AggregateShape, JurisdictionShape, LimitShape, StudyShape
from signals.study.shape import fit, flatten, key_place, value_place

STUDY = "study.yaml"
TERMS = "terms.yaml"
JURISDICTIONS = "jurisdictions/"


def read_study(files: Mapping[str, str]) -> tuple[Study | None, list[Problem]]:
    """Read a study from the texts of its files.

    Args:
        files: Text by path inside the pack: ``study.yaml``, ``terms.yaml``, the grading table
            ``ctcae/v<version>.yaml`` and, for every active jurisdiction,
            ``jurisdictions/<code in lower case>.yaml``.

    Returns:
        The study, or None if anything in these files is wrong; and everything found.
    """
    problems = Problems()
    terms = _terms(files, problems)
    node = _file(files, STUDY, problems, "a study states its windows, levels and clocks there")
    shape = None if node is None else fit(StudyShape, node, problems)
    if node is None or shape is None:
        return None, problems.all()
    jurisdictions = _jurisdictions(shape, node, files, problems)
    grading = _grading(shape, files, problems)
    if problems.errors or grading is None:
        return None, problems.all()
    return _study(shape, node, terms, jurisdictions, grading), problems.all()


def jurisdiction_file(code: str) -> str:
    """Where the jurisdiction of this code stands."""
    return f"{JURISDICTIONS}{code.lower()}.yaml"


def _file(files: Mapping[str, str], path: str, problems: Problems, why: str) -> Node | None:
    if path not in files:
        problems.error("SR005", Place(path), f"there is no file '{path}'", why)
        return None
    node = read_yaml(files[path], path, problems)
    if node is not None and not isinstance(node, Table):
        problems.error("SR013", node.place, "the file is not a table of keys and values")
        return None
    return node


def _study(
    shape: StudyShape,
    node: Node,
    terms: Mapping[str, frozenset[str]],
    jurisdictions: tuple[Jurisdiction, ...],
    grading: GradingTable,
) -> Study:
    return Study(
        study_id=shape.study,
        title=shape.title,
        zone=ZoneInfo(shape.time_zone),
        grading=grading,
        suspect_product=shape.suspect_product,
        sites=MappingProxyType({code: Site(code, name) for code, name in shape.sites.items()}),
        dose_levels=tuple(
            DoseLevel(level, dose.cells_per_kg) for level, dose in shape.dose_levels.items()
        ),
        dlt=DltSettings(
            days_after_last=shape.dlt.days_after_last,
            cap_days=shape.dlt.cap_days,
            min_grade=shape.dlt.min_grade,
            g3_min_grade=shape.dlt.g3.min_grade,
            decision_profile=shape.dlt.decision_profile,
            min_doses=shape.dlt.min_doses,
            cohort_size=shape.dlt.cohort_size,
            target_rate=shape.dlt.target_rate,
            phases=shape.dlt.phases,
        ),
        periods=Periods(**shape.periods.model_dump()),
        haematology=Haematology(**shape.haematology.model_dump()),
        fever=Fever(**shape.fever.model_dump()),
        laboratory=Laboratory(**shape.laboratory.model_dump()),
        data_quality=DataQuality(
            shape.data_quality.dose_deviation_pct, tuple(shape.data_quality.checks)
        ),
        aggregate=_aggregate(shape.aggregate),
        jurisdictions=jurisdictions,
        terms=terms,
        parameters=MappingProxyType(flatten(node)),
    )


def _grading(
    shape: StudyShape, files: Mapping[str, str], problems: Problems
) -> GradingTable | None:
    path = table_file(shape.ctcae_version)
    if path not in files:
        why = "it is the grading table of the version that study.yaml pins"
        problems.error("SR005", Place(path), f"there is no file '{path}'", why)
        return None
    table, found = read_table(path, files[path])
    problems.extend(found)
    return table


def _aggregate(shape: AggregateShape) -> Aggregate:
    stated = shape.model_dump()
    monitors = {name: Monitor(**each) for name, each in stated.pop("monitors").items()}
    return Aggregate(monitors=MappingProxyType(monitors), **stated)


def _terms(files: Mapping[str, str], problems: Problems) -> Mapping[str, frozenset[str]]:
    node = _file(files, TERMS, problems, "write the study's word lists there; none is written {}")
    lists: dict[str, frozenset[str]] = {}
    for key, value in node.entries if isinstance(node, Table) else ():
        if isinstance(value, Sequence):
            lists[key.text] = _words(value, problems)
        else:
            problems.error(
                "SR013",
                value.place,
                f"'{key.text}' is not a list of words",
                "write one word a line, each after '- '; an empty list is written []",
            )
    return MappingProxyType(lists)


def _words(items: Sequence, problems: Problems) -> frozenset[str]:
    words: set[str] = set()
    for item in items.items:
        if not isinstance(item, Text) or not item.text:
            problems.error("SR013", item.place, "a word list holds words only")
        elif item.text.casefold() in words:
            _twice(item.text, item.place, problems)
        else:
            words.add(item.text.casefold())
    return frozenset(words)


def _twice(word: str, place: Place, problems: Problems) -> None:
    problems.error(
        "SR006", place, f"'{word}' stands in this list twice", "delete it, or correct the other"
    )


def _jurisdictions(
    shape: StudyShape, node: Node, files: Mapping[str, str], problems: Problems
) -> tuple[Jurisdiction, ...]:
    found: list[Jurisdiction] = []
    for index, code in enumerate(shape.jurisdictions):
        place = value_place(node, ("jurisdictions", index))
        if code in shape.jurisdictions[:index]:
            _twice(code, place, problems)
            continue
        path = jurisdiction_file(code)
        if path not in files:
            known = [name[len(JURISDICTIONS) : -5].upper() for name in files if _is_one(name)]
            message = f"there are no reporting clocks for '{code}' (no file '{path}')"
            problems.error("SR007", place, message, did_you_mean(code, known))
        elif jurisdiction := read_jurisdiction(path, files[path], problems):
            found.append(jurisdiction)
    return tuple(found)


def _is_one(path: str) -> bool:
    return path.startswith(JURISDICTIONS) and path.endswith(".yaml")


def read_jurisdiction(path: str, text: str, problems: Problems) -> Jurisdiction | None:
    """Read the clocks of one authority; None (and problems) where the file is wrong."""
    node = _file({path: text}, path, problems, "")
    shape = None if node is None else fit(JurisdictionShape, node, problems)
    if node is None or shape is None:
        return None
    if jurisdiction_file(shape.code) != path:
        problems.error(
            "SR008",
            value_place(node, ("code",)),
            f"the file of '{shape.code}' must be '{jurisdiction_file(shape.code)}'",
            "rename the file, or correct the code",
        )
        return None
    if (shape.completion is None) is not shape.written_report:
        problems.error(
            "SR009",
            key_place(node, ("completion",)),
            "a 7-day report is completed, or a written report takes the completion's place",
            "state 'completion: none' with 'written_report: yes', or a completion with 'no'",
        )
        return None
    return _jurisdiction(shape)


def _jurisdiction(shape: JurisdictionShape) -> Jurisdiction:
    return Jurisdiction(
        code=shape.code,
        title=shape.title,
        zone=ZoneInfo(shape.time_zone),
        recipients=shape.recipients,
        initial_7=_limit(shape.initial_7),
        initial_15=_limit(shape.initial_15),
        completion=None if shape.completion is None else _limit(shape.completion),
        written_report=shape.written_report,
        follow_up=_limit(shape.follow_up),
        follow_up_fatal=_limit(shape.follow_up_fatal),
        clock=shape.clock,
        causality=shape.causality,
        exclusions=frozenset(each.casefold() for each in shape.exclusions),
        fatal_expected=shape.fatal_expected,
        language=shape.language,
        other_duties=tuple(
            OtherDuty(each.duty, each.who, each.limit, Basis(**each.basis.model_dump()))
            for each in shape.other_duties
        ),
    )


def _limit(shape: LimitShape) -> Limit:
    return Limit(days=shape.days, basis=Basis(**shape.basis.model_dump()))
