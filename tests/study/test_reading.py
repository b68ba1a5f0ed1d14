import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from signals.study.files import PackError, load_study, read_files
from signals.study.model import Basis, DltSettings, DoseLevel, Limit, Monitor, Periods, Site
from signals.study.problems import Problems
from signals.study.reading import read_jurisdiction, read_study
from signals.study.schema import CHECKS

MINIMAL = Path(__file__).resolve().parent / "packs" / "minimal"


def told(files: dict[str, str]) -> list[tuple[str, str, int, int, str, str]]:
    study, problems = read_study(files)
    assert (study is None) is bool(problems)
    return [
        (each.code, each.path, each.line, each.column, each.message, each.help) for each in problems
    ]


def changed(name: str, old: str, new: str) -> dict[str, str]:
    files = read_files(MINIMAL)
    assert files[name].count(old) == 1, f"{old!r} must stand once in {name}"
    return {**files, name: files[name].replace(old, new)}


def test_a_study_is_what_its_files_say() -> None:
    study = load_study(MINIMAL)
    assert (study.study_id, study.title) == ("TINY", "The smallest study that can be read")
    assert study.zone == ZoneInfo("Asia/Shanghai")
    assert (study.grading.version, study.suspect_product) == ("5.0", "TEST-CELLS")
    assert study.sites == {"S1": Site("S1", "First Hospital")}
    assert study.dose_levels == (DoseLevel("DL1", Decimal(1_000_000)),)
    assert study.dlt == DltSettings(
        days_after_last=4,
        cap_days=12,
        min_grade=1,
        g3_min_grade=3,
        decision_profile="REGISTERED",
        min_doses=None,
        cohort_size=3,
        target_rate=Decimal("0.30"),
        phases=("IB",),
    )
    assert study.periods == Periods(21, 2, 60, 28, 24)
    assert study.aggregate.monitors["TRM"] == Monitor(Decimal("0.05"), Decimal("0.90"))
    assert study.aggregate.site_percentile == Decimal("0.99")
    assert study.data_quality.checks == ("end-before-start",)
    assert study.data_quality.dose_deviation_pct == Decimal(5)
    assert study.terms == {
        "rashes": frozenset({"urticaria", "rash maculo-papular"}),
        "nothing": frozenset(),
    }


def test_a_jurisdiction_keeps_the_basis_of_every_line() -> None:
    (jurisdiction,) = load_study(MINIMAL).jurisdictions
    assert (jurisdiction.code, jurisdiction.clock) == ("TEST", "receipt")
    assert jurisdiction.zone == ZoneInfo("Asia/Shanghai")
    assert jurisdiction.initial_7 == Limit(
        7, Basis("Law 1", "Law 1 paragraph 7", "V", date(2020, 2, 29))
    )
    assert jurisdiction.completion == Limit(
        8, Basis("Law 1", "Law 1 paragraph 8", "unverified", None)
    )
    assert (jurisdiction.written_report, jurisdiction.follow_up_fatal.days) == (False, 7)
    (other,) = jurisdiction.other_duties
    assert (other.duty, other.who, other.limit) == ("yearly report", "sponsor", "yearly")
    assert other.basis.citation == "Law 1 paragraph 9"


def test_every_value_of_the_study_file_is_a_parameter_by_its_path() -> None:
    parameters = load_study(MINIMAL).parameters
    assert parameters["dlt_g3_min_grade"] == "3"
    assert parameters["data_quality_causality_hours"] == "48"
    assert parameters["dose_levels_DL1_cells_per_kg"] == "1.0e6"
    assert "jurisdictions" not in parameters


def test_a_number_of_doses_may_stand_for_all() -> None:
    study, problems = read_study(changed("study.yaml", "min_doses: all", "min_doses: 3"))
    assert study is not None
    assert (study.dlt.min_doses, problems) == (3, [])


@pytest.mark.parametrize(
    "line",
    [
        "time_zone: Asia/Shanghai",
        'ctcae_version: "5.0"',
        "  anchor: first infusion",
        "  days_after_last: 4",
        "  cap_days: 12",
        "  min_grade: 1",
        "  g3: {min_grade: 3}",
        "  decision_profile: REGISTERED",
        "  min_doses: all",
        "jurisdictions: [TEST]",
    ],
)
def test_what_the_protocol_leaves_open_must_be_stated(line: str) -> None:
    (problem,) = told(changed("study.yaml", f"\n{line}\n", "\n"))
    key = line.split(":", maxsplit=1)[0].strip()
    whole = "'dlt'" if line.startswith(" ") else "the file"
    assert (problem[0], problem[4]) == ("SR011", f"{whole} does not state '{key}'")
    assert problem[5] == f"add '{key}:'; nothing is guessed"


WRONG = [
    ("study.yaml", "cap_days: 12", "cap_day: 12", "SR010", "cap_day", "'cap_day' is not a key of 'dlt'"),
    ("study.yaml", "cap_days: 12", "cap_days: 12 d", "SR013", "12 d", "'dlt.cap_days': '12 d' is not a whole number"),
    ("study.yaml", "cap_days: 12", "cap_days: [12]", "SR013", "[", "'dlt.cap_days': what stands here is not a whole number"),
    ("study.yaml", "cap_days: 12", "cap_days: -1", "SR013", "-1", "'dlt.cap_days': '-1': input should be greater than or equal to 0"),
    ("study.yaml", "1.0e6", "a million", "SR013", "a million", "'dose_levels.DL1.cells_per_kg': 'a million' is not a number"),
    ("study.yaml", "Asia/Shanghai", "Asia/Wuhan", "SR013", "Asia/Wuhan", "'time_zone': 'Asia/Wuhan' is no time zone; write it as in Asia/Shanghai"),
    ("study.yaml", "REGISTERED", "registred", "SR012", "registred", "'registred' is not a value of 'decision_profile'"),
    ("study.yaml", "min_doses: all", "min_doses: some", "SR013", "some", "'dlt.min_doses': 'some' is not a whole number"),
    ("study.yaml", "[TEST]", "[TESST]", "SR007", "TESST", "there are no reporting clocks for 'TESST' (no file 'jurisdictions/tesst.yaml')"),
    ("study.yaml", "[TEST]", "[TEST, TEST]", "SR006", "TEST", "'TEST' stands in this list twice"),
    ("terms.yaml", "Rash maculo-papular", "urticaria", "SR006", "urticaria", "'urticaria' stands in this list twice"),
    ("terms.yaml", "nothing: []", "nothing: none", "SR013", "none", "'nothing' is not a list of words"),
    ("terms.yaml", "nothing: []", "nothing: [{a: b}]", "SR013", "{", "a word list holds words only"),
    ("jurisdictions/test.yaml", "code: TEST", "code: TOAST", "SR008", "TOAST", "the file of 'TOAST' must be 'jurisdictions/toast.yaml'"),
    ("jurisdictions/test.yaml", "written_report: no", "written_report: yes", "SR009", "completion", "a 7-day report is completed, or a written report takes the completion's place"),
    ("jurisdictions/test.yaml", "written_report: no", "written_report: maybe", "SR013", "maybe", "'written_report': 'maybe' is not yes or no"),
    ("jurisdictions/test.yaml", "2020-02-29", "2021-02-29", "SR013", "2021-02-29", "'initial_7.basis.effective': '2021-02-29' is not a date as in 2026-03-01"),
    ("jurisdictions/test.yaml", "mark: V", "mark: W", "SR012", "W", "'W' is not a value of 'mark'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "marked", "message"), WRONG)
def test_each_fault_is_told_and_marked(
    *, name: str, old: str, new: str, code: str, marked: str, message: str
) -> None:
    files = changed(name, old, new)
    study, (problem,) = read_study(files)
    assert study is None
    assert (problem.code, problem.path, problem.message) == (code, name, message)
    line = files[name].splitlines()[problem.line - 1]
    assert line[problem.column - 1 :][: problem.length] == marked


def test_a_check_that_does_not_exist_lists_those_that_do() -> None:
    (problem,) = told(changed("study.yaml", "[end-before-start]", "[end-befor-start]"))
    assert problem[:4] == ("SR013", "study.yaml", 50, 12)
    assert "'end-befor-start' is no check of DQ-04; known: seriousness-missing, " in problem[4]


def test_a_missing_file_says_what_belongs_there() -> None:
    files = {name: text for name, text in read_files(MINIMAL).items() if name != "terms.yaml"}
    assert told(files) == [
        (
            "SR005",
            "terms.yaml",
            1,
            1,
            "there is no file 'terms.yaml'",
            "write the study's word lists there; none is written {}",
        )
    ]


def test_all_files_are_judged_in_one_run() -> None:
    files = changed("study.yaml", "cap_days: 12", "cap_days: x")
    files["terms.yaml"] = "nothing: none\n"
    assert [each[1] for each in told(files)] == ["study.yaml", "terms.yaml"]


def test_a_folder_that_is_no_pack_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"is no rule pack: it holds no 'study\.yaml'"):
        read_files(tmp_path)


def test_an_error_names_the_file_on_disk(tmp_path: Path) -> None:
    (tmp_path / "jurisdictions").mkdir()
    (tmp_path / "pack").mkdir()
    for name, text in changed("jurisdictions/test.yaml", "days: 8", "days: eight").items():
        place = tmp_path / name if name.startswith("juris") else tmp_path / "pack" / name
        place.parent.mkdir(exist_ok=True, parents=True)
        place.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_study(tmp_path / "pack")
    assert str(caught.value).splitlines()[:2] == [
        (
            f"{tmp_path}/jurisdictions/test.yaml:14:9: error SR013: "
            "'completion.days': 'eight' is not a whole number"
        ),
        "14 |   days: eight",
    ]


@pytest.mark.parametrize(
    ("code", "fatal", "other", "completion", "written", "late_fatal", "clock"),
    [
        ("cn-cde", 7, 15, 8, False, 7, "receipt"),
        ("us-ind", 7, 15, None, True, 15, "determination"),
        ("eu-ctr", 7, 15, 8, False, 15, "receipt"),
        ("ich", 7, 15, 8, False, 15, "receipt"),
        ("uk", 7, 15, 8, False, 15, "receipt"),
        ("cn-stemcell", 0, 0, None, True, 15, "receipt"),
    ],
)
def test_the_shipped_clocks(
    *,
    root: Path,
    code: str,
    fatal: int,
    other: int,
    completion: int | None,
    written: bool,
    late_fatal: int,
    clock: str,
) -> None:
    problems = Problems()
    path = f"jurisdictions/{code}.yaml"
    text = (root / "rules" / path).read_text(encoding="utf-8")
    found = read_jurisdiction(path, text, problems)
    assert problems.all() == []
    assert found is not None
    assert (found.initial_7.days, found.initial_15.days) == (fatal, other)
    assert (found.completion and found.completion.days) == completion
    assert (found.written_report, found.follow_up.days) == (written, 15)
    assert (found.follow_up_fatal.days, found.clock) == (late_fatal, clock)
    assert found.zone == ZoneInfo("Asia/Shanghai")


def test_the_shipped_study(root: Path) -> None:
    study = load_study(root / "rules" / "uc-msc")
    assert list(study.sites) == ["WHC", "WUH", "TJH"]
    assert [level.level for level in study.dose_levels] == ["DL1", "DL2", "DL3"]
    assert (study.dlt.days_after_last, study.dlt.cap_days, study.dlt.min_grade) == (4, 12, 1)
    assert (study.dlt.g3_min_grade, study.dlt.decision_profile) == (3, "REGISTERED")
    assert [each.code for each in study.jurisdictions] == ["CN-CDE"]
    assert study.terms["expected_myelosuppression"] == frozenset()
    assert len(study.terms["bleeding"]) == 43
    assert set(study.data_quality.checks) <= set(CHECKS)
    assert "dose-deviation" in study.data_quality.checks


def test_the_shipped_word_lists_are_spelled_as_ctcae_spells(root: Path, shared: Path) -> None:
    with (shared / "data/ctcae/ctcae_v5_terms.csv").open(encoding="utf-8-sig") as file:
        ctcae = {row["CTCAE Term"].strip().casefold() for row in csv.DictReader(file)}
    with (shared / "domain/ctcae_v5_labs.csv").open(encoding="utf-8-sig") as file:
        laboratory = {row["ctcae_term"].casefold() for row in csv.DictReader(file)}
    terms = load_study(root / "rules" / "uc-msc").terms
    assert len(laboratory) == 49
    assert terms["ctcae_laboratory_terms"] == laboratory | {"hypercalcemia", "hypocalcemia"}
    free = {"neoplasm_soc", "neoplasm_word", "not_neoplasm", "benign_neoplasm"}
    free |= {"ctcae_laboratory_terms"}
    # Angioedema is a designated event that CTCAE codes as an oedema.
    other = {word for name, words in terms.items() if name not in free for word in words}
    assert other - ctcae == {"angioedema"}
