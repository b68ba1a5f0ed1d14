"""``signals run``: the service in one process."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from signals.cli.common import (
    CannotRunError,
    ClockOption,
    HostOption,
    PackOption,
    PortOption,
    TokenFileOption,
    TokenOption,
    clock_of,
    pack_of,
    token_of,
)
from signals.cli.data import file_errors


def run(  # noqa: PLR0917 - typer names the options
    data: Annotated[Path, typer.Option("--data", help="Folder for its one file; made if need be.")],
    pack: PackOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8080,
    token: TokenOption = None,
    token_file: TokenFileOption = None,
    clock: ClockOption = "wall",
) -> None:
    """Run the service: journal, rules, alerts and metrics in one process with one file.

    Example: signals run --pack rules/uc-msc --data ./data
    """
    from signals.runtime.embedded.alone import InUseError
    from signals.runtime.embedded.folding import UnfitJournalError
    from signals.runtime.embedded.guard import ExposedError
    from signals.runtime.embedded.server import PortTakenError, serve
    from signals.runtime.embedded.service import Service

    chosen, word = clock_of(clock), token_of(token, token_file)
    rules = pack_of(pack)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        with file_errors(data):
            service = Service(data, rules, chosen)
    except (InUseError, UnfitJournalError) as error:
        raise CannotRunError(str(error)) from None
    try:
        serve(service, host, port, word, lambda url: _tell(url, service.study.study_id))
    except (PortTakenError, ExposedError) as error:
        raise CannotRunError(str(error)) from None
    finally:
        service.stop()


def _tell(url: str, study_id: str) -> None:
    sys.stdout.write(f"Signals runs {study_id} at {url} (Ctrl-C ends it)\n")
    sys.stdout.flush()
