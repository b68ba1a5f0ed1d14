"""Whether the brokers let us in; if they do not, which setting is to be looked at.

The clients only tell that no broker could be reached, and take half a minute for it.  Here one
connection is made as they make theirs, and its error put in words.
"""

from __future__ import annotations

import asyncio
import socket
import ssl

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import KafkaError, SaslAuthenticationFailed, UnsupportedSaslMechanismError
from aiokafka.protocol.metadata import MetadataRequest

from signals.runtime.kafka.settings import PREFIX, KafkaSettings

_MOST_SECONDS = 10.0


async def refusal(settings: KafkaSettings) -> str:
    """Why none of the brokers of the settings lets us in; empty if one does."""
    told = []
    for host, port, _ in collect_hosts(settings.servers):
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                await _talk(settings, host, port)
        except (KafkaError, OSError) as error:
            told.append(f"{host}:{port} {_in_words(settings, error)}")
        else:
            return ""
    return "; ".join(told)


async def _talk(settings: KafkaSettings, host: str, port: int) -> None:
    how = settings.client()
    del how["bootstrap_servers"]
    connection = await create_conn(host, port, **how)
    try:
        # A listener that wants a password answers the very first question to everybody.
        await connection.send(MetadataRequest([]))
    finally:
        connection.close()


def _in_words(settings: KafkaSettings, error: Exception) -> str:
    match error:
        case SaslAuthenticationFailed():
            return (
                f"refuses the user '{settings.sasl_username}': check {PREFIX}SASL_USERNAME and"
                f" {PREFIX}SASL_PASSWORD"
            )
        case UnsupportedSaslMechanismError():
            return f"does not take {settings.sasl_mechanism}: check {PREFIX}SASL_MECHANISM"
        case ssl.SSLCertVerificationError():
            return (
                f"shows a certificate that cannot be trusted ({error.verify_message}):"
                f" {PREFIX}SSL_CAFILE must hold the authority that signed it, and"
                f" {PREFIX}BOOTSTRAP name the broker as the certificate does"
            )
        case socket.gaierror():
            return f"is no name that can be found: check {PREFIX}BOOTSTRAP"
        case TimeoutError():
            return f"does not answer within {_MOST_SECONDS:.0f} s: is it up, is the way free?"
        case ConnectionRefusedError():
            return f"refuses the connection: is the broker up? check {PREFIX}BOOTSTRAP"
        case ssl.SSLError() | KafkaError() | ConnectionResetError():
            return _hung_up(settings)
    return f"cannot be reached: {error}"


def _hung_up(settings: KafkaSettings) -> str:
    certificate = ""
    if settings.uses_tls and not settings.ssl_certfile:
        certificate = (
            f", or it wants a certificate of the client ({PREFIX}SSL_CERTFILE, {PREFIX}SSL_KEYFILE)"
        )
    return (
        f"ends the connection at the first word: check {PREFIX}SECURITY_PROTOCOL, which is"
        f" {settings.security_protocol}{certificate}"
    )
