"""Reading a file of stories: what a line means, and what every mistake is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest

from signals.rulebook.story.defaults import Defaults, read_defaults
from signals.rulebook.story.model import DecideAlert, StoryFile, Wait, Write
from signals.rulebook.story.reading import read_stories
from signals.rulebook.story.subjects import Setting
from signals.study.problems import Problem, Problems

ZONE = ZoneInfo("Asia/Shanghai")
RULES = {"DLT-01": True, "SAE-07": False}
HEAD = 'rule: DLT-01\nsubject: {id: "001-004", first infusion: 2026-03-02 10:00}\n'


@pytest.fixture(scope="module")
def defaults(root: Path) -> Defaults:
    problems = Problems()
    text = (root / "rules" / "story-defaults.yaml").read_text(encoding="utf-8")
    found = read_defaults(text, "story-defaults.yaml", "UC-MSC", problems)
    assert problems.all() == []
    return found


@pytest.fixture(scope="module")
def setting(defaults: Defaults) -> Setting:
    return Setting(ZONE, "UC-MSC", ("WHC", "TJH"), defaults)


def read(text: str, setting: Setting) -> tuple[StoryFile | None, list[Problem]]:
    problems = Problems()
    found = read_stories(dedent(text), "a.test.yaml", RULES, setting, problems)
    return found, problems.all()


def told(setting: Setting, *lines: str) -> list[Write | DecideAlert | Wait]:
    """The lines of a story with these events, after the enrolment and the infusion."""
    events = "".join(f"      - {line}\n" for line in lines)
    text = f"{HEAD}tests:\n  - name: A\n    events:\n{events}    expect: nothing\n"
    found, problems = read(text, setting)
    assert problems == []
    assert found is not None
    return list(found.stories[0].lines)[2:]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_subject_becomes_an_enrolment_and_infusions_as_given(setting: Setting) -> None:
    text = """\
    rule: DLT-01
    tests:
      - name: A
        subject: {id: "7", site: TJH, dose level: DL2, infusions: [2026-03-02 10:00, 2026-03-05], planned infusions: [2026-03-09 10:00]}
        events: [{wait until: 2026-03-01 00:00}]
        expect: nothing
    """
    found, problems = read(text, setting)
    assert problems == []
    assert found is not None
    writes = [each for each in found.stories[0].lines if isinstance(each, Write)]
    assert [(each.at, each.kind, each.record_id) for each in writes] == [
        (local("2026-02-20 10:00"), "enrolment", "DM-7"),
        (local("2026-02-20 10:00"), "infusion", "INF-3"),
        (local("2026-03-02 10:40"), "infusion", "INF-1"),
        (local("2026-03-05 10:40"), "infusion", "INF-2"),
    ]
    assert writes[0].data["dose_level"] == "DL2"
    assert writes[0].data["consented_at"] == "2026-02-18T10:00:00+08:00"
    assert writes[1].data["status"] == "PLANNED"
    assert writes[2].data["dose_level_actual"] == "DL2"
    assert {each.envelope["site_id"] for each in writes} == {"TJH"}


@pytest.mark.parametrize(("word", "letter", "truth"), [("yes", "Y", True), ("No", "N", False)])
def test_yes_and_no_are_written_alike_whatever_the_event_wants(
    setting: Setting, word: str, letter: str, truth: bool
) -> None:
    event, culture = told(
        setting,
        f"{{at: 2026-03-06 20:00, adverse event: AE-1, serious: {word}, ongoing: {word}}}",
        f"{{at: 2026-03-06 20:00, microbiology: MB-1, contaminant: {word}}}",
    )
    assert isinstance(event, Write)
    assert isinstance(culture, Write)
    assert event.data == {"serious": letter, "ongoing": truth}
    assert culture.data == {"contaminant": truth}


def test_fields_go_by_their_path_in_the_words_of_the_event(setting: Setting) -> None:
    line = (
        "{at: 2026-03-06 20:00, adverse event: AE-1, term: Rash, grade: 3, ongoing: yes, "
        "onset: 2026-03-06 19:00, causality investigator: possible, causality sponsor: blank, "
        "criteria life threatening: yes, action taken: dose not changed}"
    )
    write = told(setting, line)[0]
    assert isinstance(write, Write)
    assert (write.change, write.kind, write.record_id, write.subject) == (
        "new",
        "adverse-event",
        "AE-1",
        "001-004",
    )
    assert write.data == {
        "term": "Rash",
        "grade": 3,
        "ongoing": True,
        "onset": "2026-03-06T19:00",
        "causality": {
            "investigator": [{"product": "UC-MSC", "assessment": "POSSIBLE"}],
            "sponsor": None,
        },
        "criteria": {"life_threatening": "Y"},
        "action_taken": "DOSE NOT CHANGED",
    }


@pytest.mark.parametrize(
    ("line", "kind", "data"),
    [
        ("lab result: LB-1, test: NEUT, result raw: <0.1", "lab-result", {"result_raw": "<0.1"}),
        (
            "vital signs: V-1, temperature value: 38.1",
            "vital-signs",
            {"temperature": {"value": "38.1"}},
        ),
        ("vital signs: V-1, data at: 2026-03-06", "vital-signs", {"at": "2026-03-06"}),
        ("medication: M-1, class: epinephrine", "medication", {"class": "EPINEPHRINE"}),
        ("case: C-1, adverse events: [A, B]", "case", {"adverse_events": ["A", "B"]}),
        ("case: C-1, adverse events: A", "case", {"adverse_events": ["A"]}),
        ("planned visit: P-1, from: 2026-03-07", "planned-visit", {"from": "2026-03-07"}),
        ("disease status: R-1, status: CRh", "disease-status", {"status": "CRh"}),
        ("disease status: R-1, status: crh", "disease-status", {"status": "CRh"}),
        (
            "adverse event: A, grade history: [{grade: 2, from: 2026-03-05}]",
            "adverse-event",
            {"grade_history": [{"grade": 2, "from": "2026-03-05"}]},
        ),
    ],
)
def test_every_kind_and_shape_of_value(
    setting: Setting, line: str, kind: str, data: dict[str, object]
) -> None:
    write = told(setting, f"{{at: 2026-03-06 20:00, {line}}}")[0]
    assert isinstance(write, Write)
    assert write.kind == kind
    assert data.items() <= write.data.items()


def test_later_versions_name_the_record_of_a_line_before(setting: Setting) -> None:
    first = "{at: 2026-03-06 20:00, adverse event: AE-1, term: Rash}"
    later = [
        "{at: 2026-03-07 09:00, progress: AE-1, from: 2026-03-06 23:00, grade: 3}",
        "{at: 2026-03-08 09:00, correct: AE-1, grade: 2}",
        "{at: 2026-03-08 09:00, follow up: AE-1, raw: {causalty: x}}",
        "{at: 2026-03-09 09:00, void: AE-1}",
        "{wait until: 2026-03-10 00:00}",
    ]
    lines = told(setting, first, *later)[1:]
    writes = [line for line in lines if isinstance(line, Write)]
    assert [each.change for each in writes] == ["progress", "correct", "follow up", "void"]
    assert {each.kind for each in writes} == {"adverse-event"}
    assert writes[0].envelope["effective_from"] == "2026-03-06T23:00"
    assert writes[2].raw == {"causalty": "x"}
    assert isinstance(lines[-1], Wait)


@pytest.mark.parametrize(
    ("line", "kind", "subject", "decided"),
    [
        (
            "decide: not dlt, about: AE-1",
            "ADJUDICATION",
            "001-004",
            {"adjudication": {"record_id": "AE-1", "question": "dlt", "answer": "NOT_DLT"}},
        ),
        (
            "decide: no anaphylaxis, about: INF-1",
            "ADJUDICATION",
            "001-004",
            {
                "adjudication": {
                    "record_id": "infusion/INF-1",
                    "question": "anaphylaxis",
                    "answer": "NO",
                }
            },
        ),
        (
            "decide: not reportable, about: 001-004/AE-1/CN-CDE/initial-7, answer: no",
            "SIGN_OFF",
            "001-004",
            {
                "sign_off": {
                    "obligation_id": "001-004/AE-1/CN-CDE/initial-7",
                    "what": "NOT_REPORTABLE",
                    "answer": "N",
                }
            },
        ),
        (
            "decide: seriousness downgrade, about: AE-1",
            "SIGN_OFF",
            "001-004",
            {"sign_off": {"record_id": "AE-1", "what": "SERIOUSNESS_DOWNGRADE", "answer": "Y"}},
        ),
        (
            "decide: expand, dose level: DL1, cohort no: 1, n: 3, x: 1",
            "COHORT",
            None,
            {"cohort": {"dose_level": "DL1", "cohort_no": 1, "outcome": "EXPAND", "n": 3, "x": 1}},
        ),
        (
            "decide: quarantine, lot: L7",
            "LOT",
            None,
            {"lot": {"lot": "L7", "outcome": "QUARANTINED"}},
        ),
    ],
)
def test_decisions_are_told_in_plain_words(
    setting: Setting, line: str, kind: str, subject: str | None, decided: dict[str, object]
) -> None:
    first = "{at: 2026-03-06 20:00, adverse event: AE-1, term: Rash}"
    write = told(setting, first, f"{{at: 2026-03-07 09:00, {line}, by: Dr Wang}}")[1]
    assert isinstance(write, Write)
    assert (write.kind, write.data["kind"], write.subject) == ("decision", kind, subject)
    assert write.data["by"] == "Dr Wang"
    assert decided.items() <= write.data.items()


def test_a_decision_on_an_alert_waits_for_the_run(setting: Setting) -> None:
    line = "{at: 2026-03-07 09:00, decide: sign withdrawal, about: AE-1, by: pv physician}"
    decision = told(setting, line)[0]
    assert isinstance(decision, DecideAlert)
    assert (decision.rule, decision.about) == ("DLT-01", "AE-1")
    assert decision.alert == {"action": "SIGN_WITHDRAWAL"}
    assert decision.person["role"] == "PV_PHYSICIAN"


AE = "{at: 2026-03-06 20:00, adverse event: AE-1, term: Rash}"


@pytest.mark.parametrize(
    ("lines", "code", "place", "told"),
    [
        (["{at: 2026-03-06 20:00, advers event: AE-1}"], "ST003", (6, "advers event"), ("does not say what happened", "did you mean 'adverse event'?")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, gade: 3}"], "ST001", (6, "gade"), ("'gade' is not a field of this record", "did you mean 'grade'?")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, grade: three}"], "ST002", (6, "three"), ("'three' cannot be read", "write a whole number")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, serious: maybe}"], "ST002", (6, "maybe"), ("'maybe' is neither yes nor no", "write yes or no")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, onset: yesterday}"], "ST002", (6, "yesterday"), ("'yesterday' cannot be read", "write a date as far as it is known")),
        (["{at: 2026-03-06 20:00, lab result: L, result raw: much}"], "ST002", (6, "much"), ("'much' cannot be read", "write a number as the laboratory does")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, ongoing: perhaps}"], "ST002", (6, "perhaps"), ("'perhaps' is neither yes nor no", "write yes or no")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, serious: Y}"], "ST002", (6, "Y}"), ("'Y' is neither yes nor no", "write yes or no")),
        (["{at: 2026-03-06 20:00, microbiology: M, contaminant: true}"], "ST002", (6, "true"), ("'true' is neither yes nor no", "write yes or no")),
        ([AE, "{at: 2026-03-07 20:00, decide: seriousness downgrade, about: AE-1, answer: N}"], "ST002", (7, "N}"), ("'N' is neither yes nor no", "write yes or no")),
        (["{at: 2026-03-06 20:00, adverse event: AE-1, grade: [3]}"], "ST006", (6, "[3]"), ("not a list", "")),
        (["{at: 2026-03-06, adverse event: AE-1}"], "ST002", (6, "2026-03-06,"), ("the time '2026-03-06' has no time of day", "write a date and a time")),
        (["{adverse event: AE-1}"], "ST003", (6, "{adverse"), ("this line has no time", "'at': write a date and a time")),
        (["{at: 2026-03-06 20:00, correct: AE-9}"], "ST004", (6, "AE-9"), ("no line before this one tells of a record AE-9", "")),
        ([AE, AE], "ST004", (7, "adverse event"), ("the adverse event AE-1 was told of before", "correct, progress, follow up or void")),
        ([AE, "{at: 2026-03-05 20:00, void: AE-1}"], "ST005", (7, "{at: 2026-03-05"), ("earlier than the one before it (2026-03-06 20:00)", "in order of time")),
        ([AE, "{at: 2026-03-07 20:00, progress: AE-1, grade: 3}"], "ST003", (7, "progress"), ("progress needs the time from which it is so", "write from: 2026-03-04")),
        ([AE, "{at: 2026-03-07 20:00, void: AE-1, correct: AE-1}"], "ST003", (7, "correct"), ("one line says one thing", "")),
        (["{at: 2026-03-06 20:00, subject: 9, adverse event: AE-1}"], "ST004", (6, "9,"), ("the story has no subject '9'", "known: 001-004")),
        (["{at: 2026-03-06 20:00, decide: sign withdrawl, about: AE-1}"], "ST002", (6, "sign withdrawl"), ("nobody can decide 'sign withdrawl'", "did you mean 'sign withdrawal'?")),
        (["{at: 2026-03-06 20:00, decide: sign withdrawal}"], "ST003", (6, "{at:"), ("this decision needs 'about'", "write about: ...")),
        (["{at: 2026-03-06 20:00, decide: dlt, about: AE-1, n: 3}"], "ST001", (6, "n: 3"), ("'n' says nothing about this decision", "")),
        (["{at: 2026-03-06 20:00, decide: stop, dose level: DL1, n: few, x: 1}"], "ST002", (6, "few"), ("'few' is not a whole number", "")),
        (["{at: 2026-03-06 20:00}"], "ST003", (6, "{at:"), ("does not say what happened", "write the kind and id of a record")),
        (["later"], "ST006", (6, "later"), ("a line is written {at: ..., ...}", "")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_line_is_told_with_its_place(
    setting: Setting, lines: list[str], code: str, place: tuple[int, str], told: tuple[str, str]
) -> None:
    events = "".join(f"      - {line}\n" for line in lines)
    text = f"{HEAD}tests:\n  - name: A\n    events:\n{events}    expect: nothing\n"
    found, problems = read(text, setting)
    assert found is None
    assert [each.code for each in problems] == [code]
    line, marked = place
    assert problems[0].line == line
    assert text.splitlines()[line - 1][problems[0].column - 1 :].startswith(marked)
    message, help_ = told
    assert message in problems[0].message
    assert help_ in problems[0].help


WAIT = "    events: [{wait until: 2026-03-06 20:00}]\n"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("rule: DLT-1\ntests: [{name: A, events: [], expect: nothing}]\n", "ST007", "the pack has no rule 'DLT-1'"),
        ("rule: SAE-07\ntests: [{name: A, events: [], expect: nothing}]\n", "ST007", "SAE-07 is not judged"),
        ("tests: [{name: A, events: [], expect: nothing}]\n", "ST003", "the file does not name its rule"),
        ("rule: DLT-01\n", "ST003", "the file holds no story"),
        ("rule: DLT-01\ntest: []\ntests: [{name: A, events: [], expect: nothing}]\n", "ST001", "'test' has no meaning here"),
        ("rule: DLT-01\ntests: [{events: [], expect: nothing}]\n", "ST003", "the story has no name"),
        ("rule: DLT-01\ntests: [{name: A, expect: nothing}]\n", "ST003", "the story does not say what happened"),
        ("rule: DLT-01\ntests: [{name: A, events: []}]\n", "ST003", "the story does not say what the rule must publish"),
        ("rule: DLT-01\ntests: [{name: A, events: [], expect: []}]\n", "ST003", "what the rule must publish"),
        ("rule: DLT-01\ntests: [{name: A, events: [], expect: nothing}, {name: A, events: [], expect: nothing}]\n", "ST004", "has the same name"),
        ("rule: DLT-01\nsubject: {first infusion: 2026-03-02 10:00}\ntests: [{name: A, events: [], expect: nothing}]\n", "ST003", "the subject has no id"),
        ("rule: DLT-01\nsubject: {id: a}\ntests: [{name: A, events: [], expect: nothing}]\n", "ST003", "neither an infusion nor the enrolment is dated"),
        ("rule: DLT-01\nsubject: {id: a, enrolled: 2026-02-20, site: XX}\ntests: [{name: A, events: [], expect: nothing}]\n", "ST004", "'XX' is not a site of the study"),
        ("rule: DLT-01\nsubject: {id: a, enroled: 2026-02-20}\ntests: [{name: A, events: [], expect: nothing}]\n", "ST001", "'enroled' says nothing of a subject"),
        (f"{HEAD}tests:\n  - name: A\n{WAIT}    expect: [{{state: firing}}]\n", "ST003", "this change has no time"),
        (f"{HEAD}tests:\n  - name: A\n{WAIT}    expect: [{{at: 2026-03-06 20:00, state: fired}}]\n", "ST002", "'fired' is not a word of 'state'"),
        (f"{HEAD}tests:\n  - name: A\n{WAIT}    expect: [{{at: 2026-03-06 20:00, stat: firing}}]\n", "ST001", "'stat' is not told by an alert"),
        ("- a\n", "ST006", "a file of stories begins with rule: CODE"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_told(
    setting: Setting, text: str, code: str, message: str
) -> None:
    found, problems = read(text, setting)
    assert found is None
    assert code in [each.code for each in problems]
    assert any(message in each.message for each in problems)


def test_all_mistakes_of_a_file_are_told_at_once(setting: Setting) -> None:
    text = f"""{HEAD}tests:
  - name: A
    events:
      - {{at: soon, adverse event: AE-1}}
      - {{at: 2026-03-06 20:00, adverse event: AE-2, gade: 3}}
    expect: [{{at: 2026-03-06 20:00, state: fired}}]
"""
    _, problems = read(text, setting)
    assert [(each.line, each.code) for each in problems] == [
        (6, "ST002"),
        (7, "ST001"),
        (8, "ST002"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("advers event: {}\n", "'advers event' is not a kind of line"),
        ("adverse event: 3\n", "a table of fields belongs here"),
        ("adverse event: {gade: 3}\n", "'gade' is not a field of this record"),
    ],
)
def test_a_mistake_in_the_defaults_is_told(text: str, message: str) -> None:
    problems = Problems()
    read_defaults(text, "story-defaults.yaml", "UC-MSC", problems)
    assert [each.message for each in problems.all()] == [message]


EQUIVALENT = (
    HEAD
    + """tests:
  - name: A
    events:
      - {at: 2026-03-05 20:00, adverse event: AE-1, term: Headache}
    expect: nothing
equivalent:
  - %s
"""
)


def test_wrong_versions_that_mean_the_same_are_listed_with_a_reason(setting: Setting) -> None:
    entry = "{wrong version: \"fires_when: 'bad' dropped\", why: it is always so}"
    found, problems = read(EQUIVALENT % entry, setting)
    assert problems == []
    assert found is not None
    (listed,) = found.equivalent
    assert (listed.name, listed.why) == ("fires_when: 'bad' dropped", "it is always so")
    assert listed.place.line == 9


@pytest.mark.parametrize(
    ("entry", "code", "message"),
    [
        ("{wrong version: x}", "ST003", "this names no wrong version, or no reason"),
        ("x", "ST003", "this names no wrong version, or no reason"),
        ("{wrong version: x, why: y, who: z}", "ST001", "'who' has no meaning here"),
    ],
)
def test_an_entry_without_name_or_reason(
    setting: Setting, entry: str, code: str, message: str
) -> None:
    found, problems = read(EQUIVALENT % entry, setting)
    assert found is None
    assert [(each.code, each.message) for each in problems] == [(code, message)]
