"""What the libraries repeat is told once in a while, with how often it was left out."""

import logging

from signals.runtime.kafka.logs import OnceInAWhile


def line(text: str, *args: object, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("aiokafka", level, "client.py", 1, text, args, None)


def test_a_line_that_comes_again_and_again_is_told_every_ten_seconds() -> None:
    now = [0.0]
    sparing = OnceInAWhile(lambda: now[0])
    assert sparing.filter(line("no connection to %s", 1))
    assert sparing.filter(line("another"))
    for now[0] in (0.1, 5.0, 9.9):
        assert not sparing.filter(line("no connection to %s", 2))
    now[0] = 10.0
    told = line("no connection to %s", 3)
    assert sparing.filter(told)
    assert told.getMessage() == "no connection to 3 (3 more like it)"
    now[0] = 20.0
    told = line("no connection to %s", 4)
    assert sparing.filter(told)
    assert told.getMessage() == "no connection to 4"


def test_of_our_own_lines_each_rule_is_told() -> None:
    sparing = OnceInAWhile(lambda: 0.0)

    def disagreed(rule: str, key: str) -> logging.LogRecord:
        text, args = "%s on %s: judge says no, matcher yes", (rule, key)
        return logging.LogRecord("signals", logging.ERROR, "panels.py", 1, text, args, None)

    assert sparing.filter(disagreed("SAE-01", "AE-1"))
    assert not sparing.filter(disagreed("SAE-01", "AE-2"))
    assert sparing.filter(disagreed("SAE-02", "AE-1"))


def test_what_is_no_warning_always_comes_through() -> None:
    sparing = OnceInAWhile(lambda: 0.0)
    assert all(sparing.filter(line("starting", level=logging.INFO)) for _ in range(3))


def test_lines_that_are_all_different_do_not_fill_the_memory() -> None:
    sparing = OnceInAWhile(lambda: 0.0)
    assert all(sparing.filter(line(f"number {number}")) for number in range(501))
    assert sparing.filter(line("number 0")), "it was forgotten"
