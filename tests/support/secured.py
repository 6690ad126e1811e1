"""An embedded Kafka that also listens with a login, with TLS, and with both."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclBinding, AclBindingFilter, AclOperation, AclPermissionType
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType
from confluent_kafka.admin._scram import (
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from streams.broker import EmbeddedBroker, server
from streams.broker.machine import free_port
from streams.broker.properties import HOST, server_properties

USER = "alice"
# What a careless quoting would break.
PASSWORD = 'correct "horse"; battery=staple, \\ 中'
_PROTOCOLS = ("SASL_PLAINTEXT", "SASL_SSL", "SSL")
_SCRAM = (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)
_MODULE = "org.apache.kafka.common.security"


@dataclass(frozen=True)
class Secured:
    """`plain` is the listener without any of it; `addresses` the others by security protocol."""

    plain: str
    addresses: Mapping[str, str]
    folder: Path

    def file(self, name: str) -> str:
        """ca.pem, client.pem and client.key fit; stranger.pem is an authority nobody knows."""
        return str(self.folder / name)


@contextmanager
def secured_broker(folder: Path) -> Iterator[Secured]:
    """Runs to the end of the block. Only the SSL listener asks for a certificate of the client."""
    _certificates(folder)
    ports = {name: free_port() for name in _PROTOCOLS}
    broker = EmbeddedBroker(folder / "home", port=free_port())

    def properties(port: int, controller_port: int) -> str:
        return _properties(server_properties(port, controller_port), folder, ports)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "server_properties", properties)
        try:
            plain = broker.ensure()
            _add_user(plain)
            yield Secured(plain, {name: f"{HOST}:{port}" for name, port in ports.items()}, folder)
        finally:
            broker.wipe()


def _certificates(folder: Path) -> None:
    """Two authorities; the first vouches for the server and the client."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ("req", "-newkey", "rsa:2048", "-nodes")
    for name in ("ca", "stranger"):
        subject = ("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
        openssl(*new, "-x509", "-days", "2", *subject)
    (folder / "names").write_text(f"subjectAltName=IP:{HOST}\n")
    for name in ("server", "client"):
        openssl(*new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl(
            *("x509", "-req", "-days", "2", "-in", f"{name}.csr", "-extfile", "names"),
            *("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem"),
        )
    # Kafka wants key and certificate in one file.
    parts = [(folder / f"server.{kind}").read_text() for kind in ("key", "pem")]
    (folder / "server.store").write_text("".join(parts))


def _properties(text: str, folder: Path, ports: Mapping[str, int]) -> str:
    settings = dict(line.split("=", 1) for line in text.splitlines())
    settings["listeners"] += "".join(f",{name}://{HOST}:{port}" for name, port in ports.items())
    settings["listener.security.protocol.map"] += "".join(f",{name}:{name}" for name in ports)
    # Quoted once for the login module, and once for the file.
    word = PASSWORD.replace("\\", "\\\\").replace('"', '\\"').replace("\\", "\\\\")
    word = "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in word)
    for name in ("sasl_plaintext", "sasl_ssl"):
        login = f"listener.name.{name}"
        settings[f"{login}.plain.sasl.jaas.config"] = (
            f'{_MODULE}.plain.PlainLoginModule required user_{USER}="{word}";'
        )
        for mechanism in ("scram-sha-256", "scram-sha-512"):
            settings[f"{login}.{mechanism}.sasl.jaas.config"] = (
                f"{_MODULE}.scram.ScramLoginModule required;"
            )
    settings |= {
        # Whoever comes without a login may do everything; others what no rule of a topic forbids.
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "allow.everyone.if.no.acl.found": "true",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "server.store"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ca.pem"),
        "listener.name.ssl.ssl.client.auth": "required",
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


@contextmanager
def may_not_read(secured: Secured, topic: str) -> Iterator[None]:
    """Meanwhile the user is told of a topic, but not what it holds."""
    admin = AdminClient({"bootstrap.servers": secured.plain})

    whose = (ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, f"User:{USER}", "*")
    rules = [
        AclBinding(*whose, AclOperation.DESCRIBE, AclPermissionType.ALLOW),
        AclBinding(*whose, AclOperation.READ, AclPermissionType.DENY),
    ]
    for made in admin.create_acls(rules).values():
        made.result()
    try:
        yield
    finally:
        both = AclBindingFilter(*whose, AclOperation.ANY, AclPermissionType.ANY)
        for gone in admin.delete_acls([both]).values():
            gone.result()


def _add_user(bootstrap: str) -> None:
    """Kafka keeps users of SCRAM itself."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for mechanism in _SCRAM:
        info = ScramCredentialInfo(mechanism, 4096)
        user: UserScramCredentialAlteration
        user = UserScramCredentialUpsertion(USER, info, PASSWORD.encode())
        for done in admin.alter_user_scram_credentials([user]).values():
            done.result()
