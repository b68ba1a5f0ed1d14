"""``signals why-not``."""

import json
from pathlib import Path
from typing import Any

import pytest

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.service import Service
from signals.runtime.journal import Journal
from tests.cli.conftest import Signals
from tests.runtime.posts import adverse_event, event, line, piece


def infusion() -> dict[str, Any]:
    data = {"product_id": "UC-MSC", "status": "COMPLETED", "start": "2026-03-02T10:00:00+08:00"}
    return event("infusion", "INF-1", 1, data, {"_recorded_at": "2026-03-02T11:00:00+08:00"})


def rash(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "term": "Rash maculo-papular",
        "onset": "2026-03-06",
        "grade": 2,
        "serious": "N",
        "causality": {"investigator": [{"product": "UC-MSC", "assessment": "POSSIBLE"}]},
    }
    return adverse_event("AE-2", **said | changes)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    file = tmp_path / "events.ndjson"
    heard = "2026-03-12T09:00:00+08:00"
    late = rash(
        onset="2026-03-11", received_by_sponsor_at=heard, _record_id="AE-3", _recorded_at=heard
    )
    file.write_bytes(b"".join(line(one) + b"\n" for one in (infusion(), rash(), late)))
    return file


def test_each_miss_is_told_the_nearest_first(signals: Signals, study: Path) -> None:
    ran = signals("why-not", "DLT-02", "001-004", study)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "DLT-02, Dose-limiting toxicity, grade 3 profile: 001-004, as of 2026-03-12 09:00+08:00",
        "adverse event AE-2: no, because",
        "    bad enough: grade in dlt window is 2 (asked: >= 3): 1 below 3",
        "adverse event AE-3: no, because",
        (
            "    began in the window: dlt window is outside (asked: inside): began 2026-03-11,"
            " 9 days after the last infusion (2026-03-02); the window ends at 4 (2026-03-06)"
        ),
        *ran.out.splitlines()[5:],
    ]


def test_one_record_as_json(signals: Signals, study: Path) -> None:
    asked = ("why-not", "dlt-02", "001-004", study, "--record", "AE-2", "--json")
    told = json.loads(signals(*asked).out)
    assert (told["rule"], told["kind"], told["subject"]) == ("DLT-02", "adverse event", "001-004")
    (about,) = told["facts"]
    assert about["about"] == {"subject": "001-004", "adverse event": "AE-2"}
    assert about["verdict"] == "no"
    (miss,) = about["misses"]
    assert (miss["criterion"], miss["off"]) == ("bad enough", "1 below 3")


def test_a_rule_that_holds_points_to_explain(signals: Signals, study: Path) -> None:
    ran = signals("why-not", "DLT-01", "001-004", study, "--record", "AE-2")
    assert "it does hold; 'signals explain \"UC-MSC|DLT-01|001-004|AE-2\"' tells why" in ran.out


def test_what_was_known_then(signals: Signals, study: Path) -> None:
    ran = signals("why-not", "DLT-01", "001-004", study, "--as-of", "2026-03-03")
    assert ran.out.splitlines()[1:] == [
        "  nothing of this kind was found: 001-004 has no adverse event"
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("DLT-20", "001-004"), "there is no rule 'DLT-20' in this pack; did you mean 'DLT-0"),
        (
            ("DLT-02", "001-04"),
            "nothing is on record of a subject '001-04'; did you mean '001-004'",
        ),
        (
            ("DLT-02", "001-004", "--record", "AE-20"),
            "no adverse event of 001-004 is about 'AE-20'",
        ),
    ],
)
def test_what_is_not_there_is_named(
    signals: Signals, study: Path, words: tuple[str, ...], told: str
) -> None:
    rule, subject, *rest = words
    ran = signals("why-not", rule, subject, study, *rest)
    assert ran.code == 2
    assert told in ran.err


def test_a_draft_is_not_judged(signals: Signals, study: Path, root: Path, tmp_path: Path) -> None:
    page = (root / "rules/uc-msc/dlt/dlt-02.yaml").read_text(encoding="utf-8")
    pack = tmp_path / "rules" / "uc-msc"
    for file in (root / "rules").rglob("*.yaml"):
        copy = tmp_path / "rules" / file.relative_to(root / "rules")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (pack / "dlt/dlt-02.yaml").write_text(page.replace("status: active", "status: draft"))
    ran = signals("why-not", "DLT-02", "001-004", study, "--pack", pack)
    assert ran.code == 2
    assert "DLT-02 is a draft: it is not judged, so it cannot fire" in ran.err


def test_a_folder_is_asked_by_the_pack_it_has_in_force(signals: Signals, tmp_path: Path) -> None:
    data = tmp_path / "data"
    service = Service(data, load_pack(folder("rules") / "uc-msc"), "journal")
    service.accept([piece(infusion()), piece(rash())])
    while service.folding.position < Journal(service.store.connection).last()[0]:
        service.folding.advance()
    # The service still has the folder: who asks only reads.
    ran = signals("why-not", "DLT-02", "001-004", "--data", data)
    service.stop()
    assert ran.code == 0
    assert "bad enough: grade in dlt window is 2 (asked: >= 3): 1 below 3" in ran.out


def test_files_or_a_folder(signals: Signals, study: Path, tmp_path: Path) -> None:
    both = signals("why-not", "DLT-02", "001-004", study, "--data", tmp_path)
    assert (both.code, "and not both" in both.err) == (2, True)
    empty = signals("why-not", "DLT-02", "001-004", "--data", tmp_path)
    assert empty.code == 2
    assert "no service has run on this folder" in empty.err
