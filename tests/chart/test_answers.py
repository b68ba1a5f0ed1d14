"""Answers are kept until a record changes on which they rest."""

from datetime import UTC, datetime, timedelta

from signals.chart.answers import Answers, Place

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INFUSIONS: Place = ("infusion", "001")
RESULTS: Place = ("lab-result", "001")


class Asked:
    """Asks one question and counts how often it had to be answered."""

    def __init__(self, until: datetime | None) -> None:
        self.answers = Answers()
        self.until = until
        self.times = 0

    def ask(self, *numbers: str) -> int:
        def answer() -> int:
            self.times += 1
            return self.times

        on = (numbers or ("001",), ("infusion",))
        return self.answers.of("question", self.until, on, answer)


def test_an_answer_is_kept_while_nothing_changes() -> None:
    asked = Asked(None)
    assert [asked.ask(), asked.ask()] == [1, 1]


def test_a_change_of_what_it_rests_on_asks_again_and_any_other_does_not() -> None:
    asked = Asked(None)
    asked.ask()
    asked.answers.forget([RESULTS], NOON)
    assert asked.ask() == 1
    asked.answers.forget([INFUSIONS], NOON)
    assert [asked.ask(), asked.ask()] == [2, 2]


def test_it_rests_on_other_places_when_a_person_has_another_number() -> None:
    asked = Asked(None)
    asked.ask()
    asked.answers.forget([("enrolment", "002")], NOON)
    assert asked.ask("001", "002") == 2


def test_what_was_known_at_an_instant_is_kept_when_something_later_arrives() -> None:
    asked = Asked(NOON)
    asked.ask()
    asked.answers.forget([INFUSIONS], NOON + HOUR)
    assert asked.ask() == 1


def test_what_was_known_at_an_instant_changes_by_what_had_arrived_then() -> None:
    for since in (NOON, NOON - HOUR):
        asked = Asked(NOON)
        asked.ask()
        asked.answers.forget([INFUSIONS], NOON + HOUR)
        asked.ask()
        asked.answers.forget([INFUSIONS], since)
        assert [asked.ask(), asked.ask()] == [2, 2]


def test_each_instant_has_its_own_answer() -> None:
    asked = Asked(NOON)
    asked.ask()
    asked.until = NOON + HOUR
    assert asked.ask() == 2
    asked.until = NOON
    assert asked.ask() == 1
