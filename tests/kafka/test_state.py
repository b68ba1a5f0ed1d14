"""What ``alerts.state`` keeps is read as it was written."""

import pytest

from signals.book.entry import Entry
from signals.runtime.kafka.state import AlertState, Mark, UnreadableStateError, Writer, read_state

WRITER = Writer("worker-1", 3)
NAME = "UC-MSC|SAE-01|001-004|AE-17"


def test_an_entry_of_an_alert_that_was_never_published_is_read_again() -> None:
    # A decision that names such an alert is kept on it.
    written = AlertState("UC-MSC", NAME, 7, Entry().to_json(), None, WRITER)
    assert read_state(written.to_json()) == written


def test_a_mark_is_read_again() -> None:
    written = Mark("UC-MSC", 7, 11, "0" * 64, (2, 5), WRITER)
    assert read_state(written.to_json()) == written


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b'{"schema": "published/1"}', b"[" * 9000])
def test_what_no_worker_wrote_is_told(value: bytes) -> None:
    with pytest.raises(UnreadableStateError, match="no message of a worker"):
        read_state(value)
