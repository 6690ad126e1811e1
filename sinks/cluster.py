"""Where Kafka is and how to log in to it: the same for every client."""

import hmac
import ssl
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


class Secret:
    """A word that no print, log or repr shows."""

    __slots__ = ("_word",)

    def __init__(self, word: str = "") -> None:
        self._word = word

    def reveal(self) -> str:
        """The word, for the client that needs it."""
        return self._word

    def is_known_to(self, word: str) -> bool:
        """Whether it is this word, compared in constant time; an empty one is known to nobody."""
        known = hmac.compare_digest(word.encode(errors="replace"), self._word.encode())
        return bool(self) and known

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._word == other._word

    def __hash__(self) -> int:
        return hash(self._word)

    def __bool__(self) -> bool:
        return bool(self._word)

    def __repr__(self) -> str:
        return "***" if self else ""


def decode_secret(_: type, value: object) -> Secret:
    """A word of a file or the environment, for msgspec's `dec_hook`. Raises TypeError."""
    if isinstance(value, str):
        return Secret(value)
    raise TypeError(f"Expected `str`, got `{type(value).__name__}`")


@dataclass(frozen=True)
class Cluster:
    """A Kafka cluster; `str()` is its address.

    `protocol` is PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; `mechanism` PLAIN, SCRAM-SHA-256 or
    SCRAM-SHA-512. Files are PEM; without `ca_file` the authorities of the system count.
    """

    bootstrap: str
    protocol: str = "PLAINTEXT"
    mechanism: str = ""
    username: str = ""
    password: Secret = field(default_factory=Secret)
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""

    def __str__(self) -> str:
        return self.bootstrap

    @property
    def has_login(self) -> bool:
        """A user name and a password are asked for."""
        return self.protocol.startswith("SASL")

    @property
    def has_tls(self) -> bool:
        """The connection is encrypted, and the broker has to show who it is."""
        return self.protocol.endswith("SSL")

    @cached_property
    def tls(self) -> ssl.SSLContext | None:
        """For clients in Python; None without TLS. Raises OSError for a file that does not fit."""
        if not self.has_tls:
            return None
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.cert_file:
            # An empty pass phrase: without one it would ask on the terminal.
            context.load_cert_chain(self.cert_file, self.key_file, password="")
        return context

    def for_aiokafka(self) -> dict[str, Any]:
        """Keyword arguments of aiokafka's clients."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.protocol,
            "ssl_context": self.tls,
        }
        if self.has_login:
            options["sasl_mechanism"] = self.mechanism
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self.password.reveal()
        return options

    def for_librdkafka(self) -> dict[str, Any]:
        """Settings of confluent-kafka's clients, which report to us instead of printing."""
        options: dict[str, Any] = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": self.protocol,
            "log_level": 0,
        }
        if self.has_login:
            options["sasl.mechanism"] = self.mechanism
            options["sasl.username"] = self.username
            options["sasl.password"] = self.password.reveal()
        if self.has_tls and self.ca_file:
            options["ssl.ca.location"] = self.ca_file
        if self.has_tls and self.cert_file:
            options["ssl.certificate.location"] = self.cert_file
            options["ssl.key.location"] = self.key_file
        return options
