"""``signals serve``: a study on the brokers, over HTTP."""

from __future__ import annotations

import sys

from signals.cli.broker import kafka_settings
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


def serve(  # noqa: PLR0917 - typer names the options
    pack: PackOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8080,
    token: TokenOption = None,
    token_file: TokenFileOption = None,
    clock: ClockOption = "wall",
) -> None:
    """Show over HTTP what the workers publish of one study, and take events in for them.

    The addresses are those of 'signals run'. It keeps nothing and judges nothing: start as many as
    you like, one a study at least. The brokers are named in the environment
    (SIGNALS_KAFKA_BOOTSTRAP and others, docs/ops/kafka.md); --pack names the study.

    Example: signals serve --pack rules/uc-msc
    """
    chosen, word = clock_of(clock), token_of(token, token_file)
    settings = kafka_settings()
    study = pack_of(pack).study

    from signals.runtime.embedded.guard import ExposedError
    from signals.runtime.embedded.server import PortTakenError
    from signals.runtime.embedded.server import serve as serve_it
    from signals.runtime.kafka.follower import Follower
    from signals.runtime.kafka.logs import set_up

    set_up()
    follower = Follower(settings, study, chosen)
    try:
        serve_it(follower, host, port, word, lambda url: _tell(url, study.study_id))
    except (PortTakenError, ExposedError) as error:
        raise CannotRunError(str(error)) from None
    finally:
        follower.stop()


def _tell(url: str, study_id: str) -> None:
    sys.stdout.write(f"Signals shows {study_id} at {url} (Ctrl-C ends it)\n")
    sys.stdout.flush()
