import json

from signals.study.problems import Place, Problem, Problems, Severity, did_you_mean
from signals.study.report import report

SOURCE = "criteria:\n  began in the window: {dlt_windw: inside}\n"
PROBLEM = Problem(
    path="rules/uc-msc/dlt/dlt-02.yaml",
    line=2,
    column=25,
    length=9,
    code="SR022",
    severity=Severity.ERROR,
    message="'dlt_windw' is not a field of an adverse event",
    help="did you mean 'dlt_window'?",
)


def test_text_shows_place_message_line_mark_and_help() -> None:
    assert report([PROBLEM], {PROBLEM.path: SOURCE}) == (
        "rules/uc-msc/dlt/dlt-02.yaml:2:25: error SR022: "
        "'dlt_windw' is not a field of an adverse event\n"
        "2 |   began in the window: {dlt_windw: inside}\n"
        "  |                         ^^^^^^^^^\n"
        "  = help: did you mean 'dlt_window'?"
    )


def test_marks_stand_under_wide_characters_too() -> None:
    problem = Problem("a.yaml", 1, 4, 2, "SR013", Severity.WARNING, "a message")
    shown = report([problem], {"a.yaml": "中: 中文\n"}).splitlines()
    assert shown == ["a.yaml:1:4: warning SR013: a message", "1 | 中: 中文", "  |     ^^^^"]


def test_without_the_source_the_message_stands_alone() -> None:
    assert report([PROBLEM], {}).splitlines() == [
        (
            "rules/uc-msc/dlt/dlt-02.yaml:2:25: error SR022: "
            "'dlt_windw' is not a field of an adverse event"
        ),
        "  = help: did you mean 'dlt_window'?",
    ]


def test_json_is_a_list_of_every_part() -> None:
    assert json.loads(report([PROBLEM], {}, "json")) == [
        {
            "code": "SR022",
            "severity": "error",
            "path": "rules/uc-msc/dlt/dlt-02.yaml",
            "line": 2,
            "column": 25,
            "length": 9,
            "message": "'dlt_windw' is not a field of an adverse event",
            "help": "did you mean 'dlt_window'?",
        }
    ]
    assert json.loads(report([], {}, "json")) == []


def test_github_gets_a_workflow_command_with_special_characters_escaped() -> None:
    problem = Problem("a,b:c.yaml", 3, 5, 2, "SR010", Severity.NOTE, "50 %\nof it", "cut")
    assert report([problem], {}, "github") == (
        "::notice file=a%2Cb%3Ac.yaml,line=3,col=5,endColumn=7,title=SR010::"
        "50 %25%0Aof it (help: cut)"
    )


def test_problems_come_once_and_in_the_order_of_the_files() -> None:
    problems = Problems()
    problems.error("SR010", Place("b.yaml", 1), "second")
    problems.note("SR010", Place("a.yaml", 9), "first")
    problems.error("SR010", Place("b.yaml", 1), "second")
    assert [each.message for each in problems.all()] == ["first", "second"]
    assert problems.errors == 2
    assert [each.severity for each in problems.all()] == ["note", "error"]


def test_the_nearest_known_word_is_offered_else_a_short_list() -> None:
    assert did_you_mean("gradee", ["grade", "term"]) == "did you mean 'grade'?"
    assert did_you_mean("GRADE", ["grade", "term"]) == "did you mean 'grade'?"
    assert did_you_mean("zzz", ["grade", "term"]) == "known: grade, term"
    assert did_you_mean("zzz", [f"word{number}" for number in range(30)]) == ""
    assert did_you_mean("zzz", []) == ""
