"""``signals worker``: a process of the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from signals.cli.broker import PacksOption, kafka_settings, packs_of
from signals.cli.common import CannotRunError, ClockOption, clock_of

if TYPE_CHECKING:
    from signals.runtime.kafka.worker import Worker

_ROLES = ("intake", "monitor", "both")


def worker(  # noqa: PLR0917 - typer names the options
    role: Annotated[
        str,
        typer.Option(help="intake: from sources to the journal; monitor: from there to alerts."),
    ] = "both",
    pack: PacksOption = None,
    clock: ClockOption = "wall",
    health_host: Annotated[
        str, typer.Option(envvar="SIGNALS_HEALTH_HOST", help="Where it answers about itself.")
    ] = "127.0.0.1",
    health_port: Annotated[
        int,
        typer.Option(
            envvar="SIGNALS_HEALTH_PORT", min=0, max=65535, help="0 takes any that is free."
        ),
    ] = 8081,
    canary_seconds: Annotated[
        float,
        typer.Option(envvar="SIGNALS_CANARY_SECONDS", min=0, help="How often; 0: no canaries."),
    ] = 300.0,
) -> None:
    """Run a worker of the stream on Kafka: intake, monitor, or both.

    The brokers are named in the environment (SIGNALS_KAFKA_BOOTSTRAP and others,
    docs/ops/kafka.md). Start as many as you like: they share the studies.

    Example: signals worker --role both --pack rules/uc-msc
    """
    if role not in _ROLES:
        raise CannotRunError(f"--role: '{role}' is none of {', '.join(_ROLES)}")
    trusted = clock_of(clock) == "journal"
    settings = kafka_settings()
    packs = packs_of(pack)

    from signals.runtime.kafka.logs import set_up
    from signals.runtime.kafka.worker import Worker

    set_up()
    made = Worker(
        settings,
        packs,
        "intake" if role == "intake" else "monitor" if role == "monitor" else "both",
        trusted=trusted,
        canary_seconds=canary_seconds,
    )
    _run(made, health_host, health_port)


def _run(worker: Worker, host: str, port: int) -> None:
    import asyncio

    from signals.runtime.kafka.health import serve
    from signals.runtime.kafka.reader import BrokerAwayError
    from signals.runtime.kafka.worker import WorkerEndedError

    try:
        server = serve(worker, host, port)
    except OSError as error:
        raise CannotRunError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another with"
            " --health-port"
        ) from None
    worker.leaving.end_the_process_in_time()
    try:
        asyncio.run(worker.run_until_told())
    except (WorkerEndedError, BrokerAwayError) as error:
        raise CannotRunError(str(error)) from None
    finally:
        server.shutdown()
