"""How to reach the brokers, read from the environment (docs/ops/kafka.md)."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SIGNALS_KAFKA_"
_REQUEST_SECONDS = 30.0


class KafkaSettings(BaseSettings):
    """The settings of one installation; every command and worker takes the same."""

    # What was given is not told back in an error: a password may be among it.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
    )

    bootstrap: str = Field(min_length=1)
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_password_file: Path | None = None
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    prefix: str = ""
    group: str = "signals"
    session_seconds: float = Field(10.0, ge=1.0)
    replication: int = Field(3, ge=1)

    @model_validator(mode="after")
    def _signed_in(self) -> Self:
        if self.sasl_password_file and not self.sasl_password:
            self.sasl_password = SecretStr(_first_line(self.sasl_password_file))
        if self.uses_sasl and not (self.sasl_username and self.sasl_password):
            raise ValueError(
                f"{PREFIX}SECURITY_PROTOCOL={self.security_protocol} needs"
                f" {PREFIX}SASL_USERNAME and {PREFIX}SASL_PASSWORD, or a file with the password in"
                f" {PREFIX}SASL_PASSWORD_FILE"
            )
        return self

    @model_validator(mode="after")
    def _certified(self) -> Self:
        if bool(self.ssl_certfile) != bool(self.ssl_keyfile):
            raise ValueError(
                f"{PREFIX}SSL_CERTFILE and {PREFIX}SSL_KEYFILE belong together: give both or none"
            )
        self.ssl_context()
        return self

    @property
    def servers(self) -> list[str]:
        """The brokers to ask first."""
        return [server.strip() for server in self.bootstrap.split(",") if server.strip()]

    @property
    def uses_sasl(self) -> bool:
        """Whether the brokers ask for a name and a password."""
        return self.security_protocol.startswith("SASL")

    @property
    def uses_tls(self) -> bool:
        """Whether the line is encrypted."""
        return self.security_protocol.endswith("SSL")

    def group_of(self, role: str) -> str:
        """The consumer group of the workers' intake or monitor."""
        return f"{self.prefix}{self.group}-{role}"

    def password(self) -> str | None:
        """The password in the clear, for the clients alone."""
        return self.sasl_password.get_secret_value() if self.sasl_password else None

    def ssl_context(self) -> ssl.SSLContext | None:
        """How certificates are checked; None without TLS.

        Raises:
            ValueError: a file of the settings cannot be read, or holds something else.
        """
        if not self.uses_tls:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ssl_cafile)
        except OSError as error:
            raise ValueError(_unusable("SSL_CAFILE", self.ssl_cafile, error)) from None
        if self.ssl_certfile:
            try:
                # Without an empty pass phrase OpenSSL would ask the terminal for one.
                context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile, password="")
            except OSError as error:
                files = f"{self.ssl_certfile}, {self.ssl_keyfile}"
                raise ValueError(_unusable("SSL_CERTFILE, SSL_KEYFILE", files, error)) from None
        return context

    def client(self) -> dict[str, Any]:
        """What kafka-python and aiokafka want to know, both under the same names."""
        told: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "security_protocol": self.security_protocol,
            "request_timeout_ms": int(_REQUEST_SECONDS * 1000),
        }
        if self.uses_tls:
            told["ssl_context"] = self.ssl_context()
        if self.uses_sasl:
            told |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.password(),
            }
        return told


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{PREFIX}SASL_PASSWORD_FILE: {file} cannot be read: {error}") from None
    return lines[0] if lines else ""


def _unusable(name: str, file: str | None, error: OSError) -> str:
    why = error.strerror or str(error)
    return (
        f"{PREFIX}{name}: {file} cannot be used ({why}); give PEM files that this account may read,"
        " and a key without a pass phrase"
    )
