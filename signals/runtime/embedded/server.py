"""The service on a socket."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from signals.runtime.embedded.api import make_app
from signals.runtime.embedded.guard import refuse_exposure
from signals.runtime.source import Source

_GRACE_SECONDS = 2


class PortTakenError(Exception):
    """Something else listens there, or the address is not this machine's."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free.

    Raises:
        PortTakenError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another with --port"
        ) from None


def url_of(listening: socket.socket) -> str:
    """The address of a listening socket, for a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def serve(
    source: Source,
    host: str,
    port: int,
    token: str | None,
    ready: Callable[[str], None],
) -> None:
    """Serve until the process is told to end.

    Raises:
        ExposedError: other machines could reach it without a token.
        PortTakenError: the port cannot be had.
    """
    refuse_exposure(host, token)
    with listen(host, port) as listening:
        source.start()
        ready(url_of(listening))
        make_server(source, token).run([listening])


def make_server(source: Source, token: str | None) -> uvicorn.Server:
    """The server of the application, quiet and quick to end."""
    return uvicorn.Server(
        uvicorn.Config(
            make_app(source, token),
            log_level="warning",
            timeout_graceful_shutdown=_GRACE_SECONDS,
            lifespan="off",
        )
    )
