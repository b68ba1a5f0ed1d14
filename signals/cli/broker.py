"""What the commands of the stream share: the settings, and how they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli.common import CannotRunError

if TYPE_CHECKING:
    from signals.rulebook.pack import Pack
    from signals.runtime.kafka.reader import Reader
    from signals.runtime.kafka.settings import KafkaSettings
    from signals.runtime.kafka.topics import Topics

BOOTSTRAP = "SIGNALS_KAFKA_BOOTSTRAP"

PacksOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--pack",
        help="Folder of a rule pack; once a study. [env SIGNALS_PACKS; default: the bundled uc-msc]",
    ),
]
EitherDataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of 'signals run'; left out, the brokers are asked."),
]
StudyOption = Annotated[
    str | None, typer.Option("--study", help="Which study; needed if there are several.")
]


def kafka_settings() -> KafkaSettings:
    """The settings in the environment.

    Raises:
        CannotRunError: one is missing or cannot be read, or the clients are not installed.
    """
    from pydantic import ValidationError

    try:
        from signals.runtime.kafka.settings import PREFIX, KafkaSettings

        return KafkaSettings()
    except ImportError as error:
        raise CannotRunError(
            f"the clients of Kafka are not installed ({error.name}); pip install 'trial-signals[kafka]'"
        ) from None
    except ValidationError as error:
        told = [
            f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}"
            if one["loc"]
            else one["msg"].removeprefix("Value error, ")
            for one in error.errors()
        ]
        raise CannotRunError(
            f"{'; '.join(told)}. Set how to reach the brokers in the environment, such as"
            f" {PREFIX}BOOTSTRAP=localhost:9092 (docs/ops/kafka.md)"
        ) from None


@contextmanager
def broker_errors() -> Iterator[None]:
    """Tell what the brokers did not do, instead of a trace."""
    from signals.runtime.kafka.reader import BrokerAwayError

    try:
        yield
    except BrokerAwayError as error:
        raise CannotRunError(str(error)) from None


def packs_of(given: list[Path] | None) -> list[Pack]:
    """The packs of the option, the environment, or the bundled one.

    Raises:
        CannotRunError: one cannot be used, or two are of one study.
    """
    from signals.cli.common import pack_of

    told = os.environ.get("SIGNALS_PACKS", "")
    folders = given or [Path(one) for one in told.split(os.pathsep) if one]
    packs = [pack_of(one) for one in folders] or [pack_of(None)]
    names = [pack.study.study_id for pack in packs]
    for name in names:
        if names.count(name) > 1:
            raise CannotRunError(f"--pack: two packs are of study {name}; give one a study")
    return packs


def one_study(reader: Reader, topics: Topics, study: str | None) -> str:
    """The study that was named, or the only one.

    Raises:
        CannotRunError: the journal holds none or several, and none was named.
    """
    from signals.runtime.kafka.export import studies

    found = [study] if study else studies(reader, topics)
    if len(found) != 1:
        told = ", ".join(found) or "no study"
        raise CannotRunError(f"--study: the journal holds {told}; name one")
    return found[0]
