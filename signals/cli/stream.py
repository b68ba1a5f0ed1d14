"""``signals publish`` and ``signals tail``: what goes into the topics, and what comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any

import typer

from signals.cli.broker import broker_errors, kafka_settings
from signals.cli.common import CannotRunError, JsonOption, counted, end, errors, put


def publish(
    file: Annotated[str, typer.Argument(help="NDJSON file, also gzipped; - is standard input.")],
    as_json: JsonOption = False,
) -> None:
    """Send events to the topics of their kinds, as a source does.

    Sending a file again changes nothing: an event counts once. A line whose kind cannot be read
    goes to events.unreadable, where the intake keeps it with its reasons. Exit 1 if there was one.

    Example: signals publish events.ndjson
    """
    from signals.runtime.kafka.export import Sender
    from signals.runtime.kafka.post import address
    from signals.runtime.kafka.topics import UNREADABLE
    from signals.runtime.replay import UnreadableFileError, lines

    settings = kafka_settings()
    try:
        pieces = list(lines(file))
    except UnreadableFileError as error:
        raise CannotRunError(f"{error}; give an NDJSON file, gzipped or not, or -") from None
    addressed = [address(piece.raw) for piece in pieces]
    with broker_errors(), Sender(settings) as sender:
        sent = sender.events(counted(len(addressed), addressed, "publish"))
    strange = [
        piece.place
        for piece, (kind, _, _) in zip(pieces, addressed, strict=True)
        if kind == UNREADABLE
    ]
    for place in strange:
        errors.print(f"{place}: no kind of event can be read; sent to be rejected", markup=False)
    if as_json:
        put({"sent": sent, "unreadable": len(strange)})
    else:
        sys.stdout.write(f"{sent} events sent\n")
    end(findings=bool(strange))


def tail(
    topic: Annotated[str, typer.Argument(help="Such as alerts.expedited, journal or rejected.")],
    beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Also what is there already.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Stay for what comes.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Show the messages of a topic as they come; an alert on one line. Ctrl-C ends it.

    Example: signals tail alerts.expedited --from-beginning
    """
    settings = kafka_settings()
    with broker_errors(), suppress(KeyboardInterrupt):
        for value in _values(settings, topic, beginning, follow):
            if as_json:
                sys.stdout.buffer.write(value + b"\n")
                sys.stdout.buffer.flush()
            else:
                sys.stdout.write(f"{_on_one_line(value)}\n")
                sys.stdout.flush()


def _values(settings: Any, topic: str, beginning: bool, follow: bool) -> Iterator[bytes]:
    from time import sleep

    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.topics import Topics

    name = Topics(settings.prefix)[topic]
    with Reader(settings) as reader:
        partitions = reader.partitions(name)
        ends = reader.ends(name, partitions)
        at = {p: reader.begin(name, p) if beginning else ends[p] for p in partitions}
        while True:
            for partition in partitions:
                for message in reader.read(name, partition, at[partition], ends[partition]):
                    yield message.value
                at[partition] = ends[partition]
            if not follow:
                return
            sleep(0.5)
            ends = reader.ends(name, partitions)


def _on_one_line(value: bytes) -> str:
    try:
        told = json.loads(value)
    except ValueError:
        return value.decode(errors="backslashreplace")
    if isinstance(told, dict) and told.get("schema") == "alert/1":
        what = f"{told['priority']}: {told['headline']}"
        return f"{told['changed_at']}  {told['state']:<18} {what} ({told['change']})"
    return value.decode(errors="backslashreplace")
