"""``signals topics``: the topics on the brokers beside what they must be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli.broker import broker_errors, kafka_settings
from signals.cli.common import JsonOption, end, put

if TYPE_CHECKING:
    from signals.runtime.kafka.plan import Finding

app = typer.Typer(
    help="The topics on the brokers: see what differs, make what is missing.",
    no_args_is_help=True,
)
JournalPartitions = Annotated[
    int | None,
    typer.Option(
        "--journal-partitions",
        min=1,
        help="Of a new journal, for ever. [default: 12, or what it has]",
    ),
]


@app.command()
def plan(journal_partitions: JournalPartitions = None, as_json: JsonOption = False) -> None:
    """Say what exists, what differs, what would be made, and what would be destroyed.

    Exit 1 if there is something to do.

    Example: signals topics plan
    """
    from signals.runtime.kafka.plan import Admin, Todo

    settings = kafka_settings()
    with broker_errors(), Admin(settings) as admin:
        findings = admin.plan(journal_partitions)
    _tell(findings, as_json)
    end(findings=any(each.todo is not Todo.NOTHING for each in findings))


@app.command()
def apply(journal_partitions: JournalPartitions = None, as_json: JsonOption = False) -> None:
    """Make what is missing and set what differs; nothing is deleted or made to forget.

    Exit 1 if something was refused: the partitions of the journal never change, what would destroy
    messages is for people to do, and what this user may not see is left alone.

    Example: signals topics apply --journal-partitions 12
    """
    from signals.runtime.kafka.plan import Admin, Todo

    settings = kafka_settings()
    with broker_errors(), Admin(settings) as admin:
        findings = [
            each for each in admin.plan(journal_partitions) if each.todo is not Todo.NOTHING
        ]
        refused = [each for each in findings if each.destroys or each.todo is Todo.HIDDEN]
        admin.apply([each for each in findings if each not in refused])
    _tell(findings, as_json)
    end(findings=bool(refused))


def _tell(findings: list[Finding], as_json: bool) -> None:
    for each in findings:
        if as_json:
            put(each.to_json())
        else:
            lost = f" (would destroy: {each.destroys})" if each.destroys else ""
            sys.stdout.write(f"{each.spec.name}: {each.todo.value}: {each.says}{lost}\n")
