"""Who may speak with the service.

Without a token it answers on loopback only, and only to those who address it as such: a web page
of elsewhere, open on the same machine, reaches it neither by another name (the Host header) nor
by a form (the Origin header).  With a token every request bears it, save the two health checks.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_OPEN = frozenset({"/healthz", "/readyz"})
_LOCALHOST = "localhost"

Next = Callable[[Request], Awaitable[Response]]


class ExposedError(Exception):
    """The service would answer everybody without asking who it is."""


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine only."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == _LOCALHOST


def refuse_exposure(host: str, token: str | None) -> None:
    """Raise ExposedError for an address beyond this machine without a token."""
    if not token and not is_loopback(host):
        raise ExposedError(
            f"--host {host} can be reached from other machines; give a --token that every request"
            " has to bear, or use --host 127.0.0.1"
        )


def guard(token: str | None) -> Callable[[Request, Next], Awaitable[Response]]:
    """The middleware that lets a request pass or says why not."""

    async def check(request: Request, call_next: Next) -> Response:
        refusal = _foreign(request) or _unsigned(request, token)
        return refusal or await call_next(request)

    def _foreign(request: Request) -> Response | None:
        host = _host(f"//{request.headers.get('host', '')}")
        if not token and not is_loopback(host):
            return PlainTextResponse(
                f"This service answers to localhost only, not to '{host}'.\n", 421
            )
        origin = request.headers.get("origin")
        if origin and _place(origin) != request.headers.get("host"):
            return PlainTextResponse(f"Pages of {origin} may not use this service.\n", 403)
        return None

    return check


def _host(address: str) -> str:
    """The name of the machine; empty for what is no address."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _place(address: str) -> str:
    """Machine and port; empty for what is no address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _unsigned(request: Request, token: str | None) -> Response | None:
    if not token or request.url.path in _OPEN:
        return None
    given = _given(request.headers.get("authorization", ""))
    if given is not None and hmac.compare_digest(given.encode(), token.encode()):
        return None
    return PlainTextResponse(
        "Send the service's token as 'Authorization: Bearer TOKEN'; a browser asks for it as the"
        " password of any user name.\n",
        401,
        {"WWW-Authenticate": 'Basic realm="Signals", charset="UTF-8"'},
    )


def _given(authorization: str) -> str | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return None
