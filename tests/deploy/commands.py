"""Whether a command of a deployment is one that the command line takes, with its environment."""

from collections.abc import Iterable, Mapping
from typing import Any

import typer
from pydantic import ValidationError

from signals.cli.main import app
from signals.runtime.kafka.settings import PREFIX, KafkaSettings

# The parent of all errors of use; typer brings its own copy of click.
WrongUseError: Any = typer.BadParameter.__bases__[0]
PACKS = "SIGNALS_PACKS"  # of every command with --pack that may be repeated (docs/ops/kafka.md)


class NoSuchCommandError(Exception):
    """The command line takes no such command."""


def taken(words: Iterable[str]) -> Any:
    """The command as it was understood, with its ``params``.

    Raises:
        WrongUseError: there is no such option, or a value does not fit.
        NoSuchCommandError: see there.
    """
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands"):
        name = rest.pop(0)
        if name not in command.commands:
            raise NoSuchCommandError(f"there is no command {name}")
        command = command.commands[name]
    return command.make_context(command.name, rest)


def strange(words: Iterable[str], environment: Mapping[str, str]) -> list[str]:
    """What is wrong with a command and its environment."""
    try:
        context = taken(words)
    except WrongUseError as error:
        return [error.format_message()]
    except NoSuchCommandError as error:
        return [str(error)]
    of_options = {
        name
        for option in context.command.params
        for name in ([option.envvar] if isinstance(option.envvar, str) else option.envvar or ())
    }
    known = {*of_options, *of_brokers(), PACKS}
    ours = [name for name in environment if name.startswith("SIGNALS_")]
    wrong = [f"{name} is read by nobody" for name in ours if name not in known]
    if f"{PREFIX}BOOTSTRAP" in environment:
        wrong += _unfit({n: v for n, v in environment.items() if n in of_brokers()})
    return wrong


def of_brokers() -> set[str]:
    """The variables that tell how to reach the brokers."""
    return {f"{PREFIX}{name.upper()}" for name in KafkaSettings.model_fields}


def _unfit(environment: Mapping[str, str]) -> list[str]:
    # The files are those of the container; where they are mounted is for the tests of each kind.
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if not name.endswith("FILE")
    }
    try:
        KafkaSettings.model_validate(given)
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()]
    return []
