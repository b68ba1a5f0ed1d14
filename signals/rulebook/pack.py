"""A rule pack: one study's folder of rules, read, checked and numbered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from signals.rulebook.check import check_rules
from signals.rulebook.check.locked import check_lock
from signals.rulebook.lock import LOCK, Locked, next_lock, read_lock
from signals.rulebook.read import ReadRule, read_rule
from signals.rulebook.read_dictionary import Dictionary
from signals.rulebook.read_page import read_page
from signals.rulebook.spec import Rule, Status
from signals.study.ctcae.table_file import TABLES, table_file
from signals.study.files import PackError, located, place_on_disk, read_files
from signals.study.model import Study
from signals.study.problems import Problem, Problems, Severity
from signals.study.reading import JURISDICTIONS, STUDY, TERMS, jurisdiction_file, read_study

__all__ = ["Pack", "PackError", "load_pack", "read_pack", "rule_files", "updated_lock"]

STORIES = ".test.yaml"
STALE = "SR053"
"""A lock that is behind the pages: an error of `check`, yet the pack can be tried out."""


@dataclass(frozen=True)
class Pack:
    """One study's rules.

    ``rules``: active and shadow, by code.  ``files``: every text that carries meaning by its path,
    the jurisdictions in force included, so that a record of the activation can carry all.
    ``hash``: of these files.  ``by_kind``: the rules that judge a kind of fact.
    """

    study: Study
    rules: tuple[Rule, ...]
    drafts: tuple[Rule, ...]
    retired: tuple[Rule, ...]
    files: Mapping[str, str]
    hash: str
    by_kind: Mapping[str, tuple[Rule, ...]]

    def judging(self, rules: tuple[Rule, ...]) -> Pack:
        """The same study judged by these rules alone; files and hash stay those of the whole."""
        return replace(self, rules=rules, by_kind=MappingProxyType(_by_kind(rules)))


def load_pack(path: Path, dictionary: Dictionary | None = None) -> Pack:
    """Read the pack in this folder.

    Args:
        path: The folder, such as ``rules/uc-msc``; ``jurisdictions`` lies beside it.
        dictionary: The kinds of fact; left out, those that Signals derives.

    Raises:
        FileNotFoundError: The folder is no pack.
        PackError: Something is wrong with it; ``problems`` says all that is.
    """
    files = read_files(path)
    pack, problems = read_pack(files, dictionary)
    if pack is None:
        sources = {place_on_disk(name, path): text for name, text in files.items()}
        raise PackError(located(problems, path), sources)
    return pack


def read_pack(
    files: Mapping[str, str], dictionary: Dictionary | None = None
) -> tuple[Pack | None, list[Problem]]:
    """Read a pack from the texts of its files (``Pack.files`` gives the same pack again).

    Returns:
        The pack, or None if there is any error but a lock that is behind; and everything found.
    """
    study, found = read_study(files)
    problems = Problems()
    problems.extend(found)
    if study is None:
        return None, problems.all()
    kinds = _built() if dictionary is None else dictionary
    rules = _read_rules(files, study, kinds, problems)
    lock = read_lock(files.get(LOCK), problems)
    check_rules(rules, problems)
    if len(rules) == len(rule_files(files)):
        check_lock(rules, lock, problems)
    everything = problems.all()
    if any(each.severity is Severity.ERROR and each.code != STALE for each in everything):
        return None, everything
    return _pack(study, rules, lock, files), everything


def updated_lock(files: Mapping[str, str], pack: Pack) -> dict[str, Locked]:
    """The lock that fits the pack read from these files."""
    old = read_lock(files.get(LOCK), Problems())
    return next_lock(old, (*pack.rules, *pack.drafts, *pack.retired))


def rule_files(files: Mapping[str, str]) -> list[str]:
    """The paths of the rule pages among the files of a pack."""
    return sorted(
        path
        for path in files
        if path.endswith(".yaml")
        and not path.endswith(STORIES)
        and path not in {STUDY, TERMS}
        and not path.startswith((JURISDICTIONS, TABLES))
    )


def _built() -> Dictionary:
    from signals.facts.registry import dictionary

    return dictionary()


def _read_rules(
    files: Mapping[str, str], study: Study, kinds: Dictionary, problems: Problems
) -> list[ReadRule]:
    pages = (read_page(path, files[path], problems) for path in rule_files(files))
    rules = (read_rule(page, study, kinds, problems) for page in pages if page is not None)
    return [rule for rule in rules if rule is not None]


def _pack(
    study: Study, read: Iterable[ReadRule], lock: Mapping[str, Locked], files: Mapping[str, str]
) -> Pack:
    rules = [each.rule for each in read]
    numbers = next_lock(lock, rules)
    numbered = sorted(
        (replace(rule, version=numbers[rule.code].number) for rule in rules),
        key=lambda rule: rule.code,
    )
    running = tuple(rule for rule in numbered if rule.status in {Status.ACTIVE, Status.SHADOW})
    kept = _kept(files, study)
    return Pack(
        study=study,
        rules=running,
        drafts=tuple(rule for rule in numbered if rule.status is Status.DRAFT),
        retired=tuple(rule for rule in numbered if rule.status is Status.RETIRED),
        files=MappingProxyType(kept),
        hash=_hash(kept),
        by_kind=MappingProxyType(_by_kind(running)),
    )


def _by_kind(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        found[rule.judges] = (*found.get(rule.judges, ()), rule)
    return found


def _kept(files: Mapping[str, str], study: Study) -> dict[str, str]:
    """What carries meaning: no stories; of jurisdictions and grading tables those in force."""
    in_force = {jurisdiction_file(each.code) for each in study.jurisdictions}
    grading = table_file(study.grading.version)
    names = {STUDY, TERMS, LOCK, grading, *in_force, *rule_files(files)}
    return {path: files[path] for path in sorted(names) if path in files}


def _hash(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for path, text in files.items():
        body = "\n".join(text.splitlines()).encode()
        digest.update(f"{path}\n{len(body)}\n".encode())
        digest.update(body)
    return "sha256:" + digest.hexdigest()
