"""A broker that asks who comes: TLS with certificates of its own, names with passwords, and rights.

The plain listener stays for the test itself, which may do everything; who comes by another listener
may do what a right allows.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialUpsertion,
)
from kafka.admin import ScramMechanism as Scram

from tests.kafka.broker import Broker, free_port, own_broker
from tests.kafka.installation import Installation

USER, PASSWORD = "signals", "open-sesame-7316"
OPERATIONS = {
    ResourceType.TOPIC: ("READ", "WRITE", "DESCRIBE", "DESCRIBE_CONFIGS"),
    ResourceType.GROUP: ("READ", "DESCRIBE"),
}


@dataclass(frozen=True)
class Certificates:
    """Made for one run: an authority, what it signed for broker and client, and another authority."""

    folder: Path

    def __post_init__(self) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed: no certificates can be made")
        self._authority("ca")
        self._authority("other-ca")
        self._signed("broker", "subjectAltName=IP:127.0.0.1")
        self._signed("client", "extendedKeyUsage=clientAuth")

    def path(self, name: str) -> str:
        """A file of it."""
        return str(self.folder / name)

    def _authority(self, name: str) -> None:
        self._openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem"),
        )

    def _signed(self, name: str, extension: str) -> None:
        (self.folder / f"{name}.ext").write_text(extension)
        self._openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        self._openssl(
            *("x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", "ca.pem"),
            *("-CAkey", "ca.key", "-CAcreateserial", "-extfile", f"{name}.ext"),
            *("-out", f"{name}.pem"),
        )
        chain = [(self.folder / f"{name}.{end}").read_text() for end in ("key", "pem")]
        (self.folder / f"{name}.both").write_text("".join(chain))

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


@dataclass(frozen=True)
class Secured:
    """A broker with three doors: plain for the test, TLS with certificates, TLS with passwords."""

    broker: Broker
    certificates: Certificates
    tls: str
    sasl: str

    @property
    def by_certificate(self) -> dict[str, str]:
        """The environment of a client that bears a certificate."""
        return {
            "SIGNALS_KAFKA_BOOTSTRAP": self.tls,
            "SIGNALS_KAFKA_SECURITY_PROTOCOL": "SSL",
            "SIGNALS_KAFKA_SSL_CAFILE": self.certificates.path("ca.pem"),
            "SIGNALS_KAFKA_SSL_CERTFILE": self.certificates.path("client.pem"),
            "SIGNALS_KAFKA_SSL_KEYFILE": self.certificates.path("client.key"),
        }

    def by_password(self, mechanism: str = "SCRAM-SHA-512") -> dict[str, str]:
        """The environment of a client that gives a name and a password."""
        return {
            "SIGNALS_KAFKA_BOOTSTRAP": self.sasl,
            "SIGNALS_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "SIGNALS_KAFKA_SSL_CAFILE": self.certificates.path("ca.pem"),
            "SIGNALS_KAFKA_SASL_MECHANISM": mechanism,
            "SIGNALS_KAFKA_SASL_USERNAME": USER,
            "SIGNALS_KAFKA_SASL_PASSWORD": PASSWORD,
        }

    def allow(self, prefix: str, user: str = USER) -> None:
        """All that a worker needs, on what begins with a prefix."""
        self._rights(prefix, user, ACLPermissionType.ALLOW, ACLResourcePatternType.PREFIXED)

    def forbid(self, name: str, *operations: str, group: bool = False) -> None:
        """Take rights on one topic, or group, away again."""
        of = ResourceType.GROUP if group else ResourceType.TOPIC
        pattern = ResourcePattern(of, name, ACLResourcePatternType.LITERAL)
        self._tell([_acl(USER, one, ACLPermissionType.DENY, pattern) for one in operations])

    def give_back(self, name: str, *, group: bool = False) -> None:
        """Undo what ``forbid`` did to a topic, or group."""
        of = ResourceType.GROUP if group else ResourceType.TOPIC
        pattern = ResourcePatternFilter(of, name, ACLResourcePatternType.LITERAL)
        which = ACLFilter(f"User:{USER}", "*", ACLOperation.ANY, ACLPermissionType.DENY, pattern)
        admin = KafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
        try:
            ((_, undone, _),) = admin.delete_acls([which])
            assert undone
        finally:
            admin.close()

    def _rights(self, name: str, user: str, permission: ACLPermissionType, kind: object) -> None:
        patterns = [(ResourcePattern(of, name, kind), ops) for of, ops in OPERATIONS.items()]
        self._tell(
            [_acl(user, one, permission, pattern) for pattern, ops in patterns for one in ops]
        )

    def _tell(self, acls: list[ACL]) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
        try:
            assert admin.create_acls(acls)["failed"] == []
        finally:
            admin.close()


def _acl(user: str, operation: str, permission: ACLPermissionType, pattern: object) -> ACL:
    return ACL(f"User:{user}", "*", ACLOperation[operation], permission, pattern)


@contextmanager
def secured_broker(folder: Path) -> Iterator[Secured]:
    """A broker with its doors, until the block ends."""
    certificates, tls, sasl = Certificates(folder), free_port(), free_port()
    with own_broker(folder / "broker", _settings(certificates, tls, sasl)) as broker:
        found = Secured(broker, certificates, f"127.0.0.1:{tls}", f"127.0.0.1:{sasl}")
        _make_user(broker)
        yield found


def installed(secured: Secured, folder: Path, environment: dict[str, str]) -> Installation:
    """Made by who may do everything; its commands come as the environment says."""
    prefix = f"{uuid4().hex[:8]}."
    for user in (USER, "client"):
        secured.allow(prefix, user)
    return Installation(secured.broker.bootstrap, prefix, folder, environment=environment)


def _make_user(broker: Broker) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    kinds = (Scram.SCRAM_SHA_256, Scram.SCRAM_SHA_512)
    made = [UserScramCredentialUpsertion(USER, kind, PASSWORD) for kind in kinds]
    try:
        for one in made:  # the brokers refuse two of one user at a time
            assert admin.alter_user_scram_credentials([one]) == {USER: None}
    finally:
        admin.close()


def _settings(certificates: Certificates, tls: int, sasl: int) -> dict[str, str]:
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule"
    both = {
        f"listener.name.sasl.{name}.sasl.jaas.config": f"{scram} required;"
        for name in ("scram-sha-256", "scram-sha-512")
    }
    listeners = {"PLAINTEXT": "PORT", "CONTROLLER": "CONTROLLER_PORT", "TLS": tls, "SASL": sasl}
    doors = {name: f"{name}://127.0.0.1:{port}" for name, port in listeners.items()}
    return {
        "listeners": ",".join(doors.values()),
        "advertised.listeners": ",".join(
            door for name, door in doors.items() if name != "CONTROLLER"
        ),
        "listener.security.protocol.map": (
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,SASL:SASL_SSL"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": certificates.path("broker.both"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": certificates.path("ca.pem"),
        "listener.name.tls.ssl.client.auth": "required",
        "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]*).*$/$1/,DEFAULT",
        "listener.name.sasl.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "listener.name.sasl.plain.sasl.jaas.config": (
            f'{plain} required user_{USER}="{PASSWORD}";'
        ),
        **both,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
