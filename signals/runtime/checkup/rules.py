"""What must be right with the pack: it can be read, and its lock fits its pages."""

from __future__ import annotations

from pathlib import Path

from signals.rulebook.pack import STALE, Pack, read_pack
from signals.runtime.checkup.finding import Finding, bad, fine
from signals.study.files import read_files
from signals.study.problems import Severity


def examine(path: Path) -> tuple[Pack | None, list[Finding]]:
    """The pack in a folder, if it can be read, and what is to be said of it."""
    check = f"'signals rules check {path}' tells where, and what to write instead"
    try:
        pack, problems = read_pack(read_files(path))
    except OSError as error:
        return None, [bad("pack", f"{path} cannot be read: {error}", "give --pack a pack's folder")]
    errors = [each for each in problems if each.severity is Severity.ERROR]
    if pack is None:
        return None, [bad("pack", f"{path} has {len(errors)} errors", check)]
    told = f"{pack.study.study_id}: {len(pack.rules)} rules, {len(pack.drafts)} drafts, {pack.hash}"
    findings = [fine("pack", told)]
    if any(each.code == STALE for each in errors):
        mend = f"'signals rules lock {path}' gives every changed rule its next number"
        return pack, [*findings, bad("lock", "rules.lock is behind the pages", mend)]
    return pack, [*findings, fine("lock", "rules.lock fits the pages")]
