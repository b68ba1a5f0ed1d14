"""``signals rejected`` on the brokers: the topic ``rejected``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from signals.cli.broker import broker_errors, kafka_settings, packs_of
from signals.cli.common import CannotRunError, end, put, tell_rejection

if TYPE_CHECKING:
    from signals.events import Record
    from signals.rulebook.pack import Pack
    from signals.runtime.kafka.intake import RejectedMessage
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.topics import Topics


def list_them(*, everything: bool, as_json: bool) -> None:
    """What was rejected and not replayed since, or everything."""
    from signals.runtime.kafka.rejected_topic import shown

    for one in _all():
        if one.replayed and not everything:
            continue
        if as_json:
            put(shown(one))
        else:
            _tell(one)


def show(rejected_id: str, *, raw: bool, as_json: bool) -> None:
    """One of them."""
    from signals.runtime.kafka.rejected_topic import shown

    (one,) = _chosen(_all(), [rejected_id])
    if as_json:
        put(shown(one))
    elif raw:
        sys.stdout.buffer.write(one.value + b"\n")
    else:
        _tell(one)
        sys.stdout.write(one.value.decode(errors="backslashreplace") + "\n")


def replay(
    ids: list[str] | None, instead: bytes | None, pack: Path | None, *, dry_run: bool
) -> None:
    """Send them to their sources again, or tell what that would change."""
    from signals.events import Record
    from signals.runtime.kafka.export import Sender
    from signals.runtime.kafka.intake import Doors
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.rejected_topic import try_again
    from signals.runtime.kafka.topics import Topics

    settings = kafka_settings()
    packs = packs_of([pack] if pack else None)
    topics, doors = Topics(settings.prefix), Doors(packs)
    chosen = _chosen([one for one in _all() if ids or not one.replayed], ids)
    if instead is not None and len(chosen) != 1:
        raise CannotRunError("--with puts one event right: name its id")
    accepted, again = list[Record](), False
    with broker_errors(), Reader(settings) as reader, Sender(settings) as sender:
        for one in chosen:
            raw = one.value if instead is None else instead
            read = doors.read(raw) if dry_run else try_again(sender, topics, doors, one, instead)
            if isinstance(read, Record):
                accepted.append(read)
                done = "would be accepted" if dry_run else "accepted"
                sys.stdout.write(f"{one.id}: {done} as {read.event_id}\n")
            else:
                again = True
                tell_rejection(one.id, read)
        if dry_run:
            _tell_changes(reader, topics, packs, accepted)
    end(findings=again)


def _tell_changes(
    reader: Reader, topics: Topics, packs: list[Pack], accepted: list[Record]
) -> None:
    from signals.runtime.kafka.rejected_topic import would_change

    for pack in packs:
        records = [record for record in accepted if record.study_id == pack.study.study_id]
        for alert in would_change(reader, topics, pack, records) if records else ():
            sys.stdout.write(f"  {alert.alert_id}: would be {alert.state.value} ({alert.change})\n")


def _all() -> list[RejectedMessage]:
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.rejected_topic import rejected
    from signals.runtime.kafka.topics import Topics

    settings = kafka_settings()
    with broker_errors(), Reader(settings) as reader:
        return rejected(reader, Topics(settings.prefix))


def _chosen(there: list[RejectedMessage], ids: list[str] | None) -> list[RejectedMessage]:
    if ids is None:
        return there
    by_id = {one.id: one for one in there}
    for each in ids:
        if each not in by_id:
            raise CannotRunError(
                f"there is no rejected event {each}; 'signals rejected list --all' lists them"
            )
    return [by_id[each] for each in ids]


def _tell(one: RejectedMessage) -> None:
    done = ", replayed" if one.replayed else ""
    times = "once" if one.tries == 1 else f"{one.tries} times"
    seen = one.first_seen.isoformat(timespec="seconds")
    lines = [f"{one.id}  first {seen}, {times}{done}"]
    lines += [
        f"    {reason.pointer or '(whole)'}: {reason.message}; allowed: {reason.allowed}"
        for reason in one.reasons
    ]
    sys.stdout.write("\n".join(lines) + "\n")
