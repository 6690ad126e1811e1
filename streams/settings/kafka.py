"""Where Kafka is, and what is ours there."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sinks.cluster import Secret


class KafkaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address, how to be let in, and the names of topics and group."""

    bootstrap: Annotated[
        str, Meta(description="Kafka as host:port[,host:port]; empty: the embedded broker")
    ] = ""
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        Meta(description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, as the listener has it"),
    ] = "PLAINTEXT"
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"],
        Meta(description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"),
    ] = "SCRAM-SHA-512"
    sasl_username: Annotated[str, Meta(description="who logs in, with SASL_*")] = ""
    sasl_password: Annotated[Secret, Meta(description="the password; it is shown nowhere")] = (
        Secret()
    )
    sasl_password_file: Annotated[
        str, Meta(description="file that holds the password, instead of sasl_password")
    ] = ""
    ssl_ca_file: Annotated[
        str, Meta(description="PEM of who vouches for the brokers; empty: the system's")
    ] = ""
    ssl_cert_file: Annotated[str, Meta(description="PEM of our certificate, if one is asked")] = ""
    ssl_key_file: Annotated[str, Meta(description="PEM of its key, without a pass phrase")] = ""
    prefix: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9._-]{0,64}$", description="put before every topic and group"),
    ] = ""
    group: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="consumer group of the workers")
    ] = "groundswell"

    def topic(self, name: str) -> str:
        """Full name of a topic."""
        return self.prefix + name

    def base_name(self, topic: str) -> str:
        """Name of one of our topics without the prefix, as metrics and signals have it."""
        return topic.removeprefix(self.prefix)

    @property
    def group_id(self) -> str:
        """Full name of the consumer group."""
        return self.prefix + self.group
