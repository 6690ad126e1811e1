"""Topics on a cluster: create, compare with the table, delete a prefix."""

import math
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigEntry, ConfigResource
from confluent_kafka.admin._listoffsets import OffsetSpec
from confluent_kafka.admin._metadata import ClusterMetadata
from confluent_kafka.admin._resource import ResourceType
from confluent_kafka.cimpl import NewTopic

from schemas.topics import DETECT_STATE, SIGNALS, TOPICS, Topic, with_prefix
from sinks.cluster import Cluster
from streams.errors import OperatorError

_TIMEOUT = 15.0
_PAUSE = 0.05
_STEP = 3.0
"""Seconds after which we look why there is no answer yet: a client that is refused tries on."""


class NoBroker(OperatorError):
    """Start the broker, or name another one."""


class Refused(NoBroker):
    """The broker is there and does not let us in, or we do not trust it: mend the settings."""


class TopicsDiffer(OperatorError):
    """Mend the topics it names, or run `groundswell topics create`."""


class TopicAdmin:
    """The table of topics against a real cluster."""

    def __init__(self, cluster: Cluster, prefix: str = "") -> None:
        self._cluster = cluster
        self._prefix = prefix
        self._errors: list[KafkaError] = []
        options = {
            **cluster.for_librdkafka(),
            "socket.timeout.ms": int(_TIMEOUT * 1000),
            "error_cb": self._errors.append,
        }
        self._admin = AdminClient(options)

    def existing(self) -> dict[str, int]:
        """Partitions of every topic on the cluster. Raises NoBroker, Refused."""
        topics = self._metadata().topics
        return {name: len(topic.partitions) for name, topic in topics.items()}

    def partitions(self, name: str) -> int:
        """Partitions of a topic of the table. Raises NoBroker, Refused, TopicsDiffer."""
        topic = self._prefix + name
        if found := self.existing().get(topic):
            return found
        raise TopicsDiffer(f"topic {topic} does not exist; run: groundswell topics create")

    def _metadata(self) -> ClusterMetadata:
        deadline = time.monotonic() + _TIMEOUT
        while True:
            try:
                return self._admin.list_topics(timeout=_STEP)
            except KafkaException:
                # Errors of a connection are handed over only now.
                self._admin.poll(0)
                if refusal := _refusal(self._cluster, self._errors):
                    raise refusal from None
                if time.monotonic() > deadline:
                    raise NoBroker(
                        f"no Kafka answers at {self._cluster}: start it, give --bootstrap, or mend"
                        f" the security settings ({self._cluster.protocol})"
                    ) from None

    def create(
        self, partitions: int | None = None, overrides: Mapping[str, Mapping[str, str]] = {}
    ) -> list[str]:
        """Create what is missing, wait until it can be written to; the names created.

        `partitions` replaces the table's number for topics that have more than one; `overrides`
        adds settings by base name. Raises NoBroker, OperatorError.
        """
        there = self.existing()
        missing = [(name, topic) for name, topic in with_prefix(self._prefix) if name not in there]
        new = [
            NewTopic(
                name,
                num_partitions=(partitions or topic.partitions) if topic.partitions > 1 else 1,
                replication_factor=self._replicas(),
                config={**topic.config, **overrides.get(topic.name, {})},
            )
            for name, topic in missing
        ]
        if not new:
            return []
        created = []
        for name, future in self._admin.create_topics(new, request_timeout=_TIMEOUT).items():
            if _done(future, f"cannot create topic {name}", KafkaError.TOPIC_ALREADY_EXISTS):
                created.append(name)
        self._wait_for({name for name, _ in missing})
        self._wait_for_leaders([name for name, _ in missing])
        return created

    def _replicas(self) -> int:
        return min(3, len(self._metadata().brokers))

    def _wait_for(self, names: set[str]) -> None:
        deadline = time.monotonic() + _TIMEOUT
        while names - self.existing().keys():
            if time.monotonic() > deadline:
                raise OperatorError(f"topics do not appear: {sorted(names)}")
            time.sleep(_PAUSE)

    def _wait_for_leaders(self, names: list[str]) -> None:
        """A partition that is shown before it is led may lose its first record (KAFKA-15591)."""
        there = self.existing()
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        asked = {TopicPartition(name, n): latest for name in names for n in range(there[name])}
        deadline = time.monotonic() + _TIMEOUT
        while asked:
            answers = self._admin.list_offsets(asked, request_timeout=_STEP)
            asked = {place: latest for place, answer in answers.items() if answer.exception()}
            if asked and time.monotonic() > deadline:
                raise OperatorError(f"topics have no leader: {sorted({p.topic for p in asked})}")
            time.sleep(_PAUSE)

    def differences(self) -> list[str]:
        """What differs from the table, a line each. Raises NoBroker."""
        there = self.existing()
        lines = [f"{name}: missing" for name, _ in with_prefix(self._prefix) if name not in there]
        present = [(name, topic) for name, topic in with_prefix(self._prefix) if name in there]
        resources = [ConfigResource(ResourceType.TOPIC, name) for name, _ in present]
        # The client refuses to describe nothing.
        configs = (
            self._admin.describe_configs(resources, request_timeout=_TIMEOUT) if resources else {}
        )
        by_name = {resource.name: future.result() for resource, future in configs.items()}
        for name, topic in present:
            lines += list(_differences(name, topic, by_name[name]))
        sizes = {t.name: there[n] for n, t in present}
        if sizes.get(DETECT_STATE, math.inf) < sizes.get(SIGNALS, 0):
            state, signals = self._prefix + DETECT_STATE, self._prefix + SIGNALS
            lines.append(f"{state}: needs as many partitions as {signals}")
        return lines

    def delete(self) -> list[str]:
        """Delete every topic of the table under this prefix; the names deleted.

        Raises NoBroker, OperatorError.
        """
        mine = {name for name, _ in with_prefix(self._prefix)} & self.existing().keys()
        deleted = []
        for name, future in self._admin.delete_topics(sorted(mine)).items() if mine else ():
            if _done(future, f"cannot delete topic {name}", KafkaError.UNKNOWN_TOPIC_OR_PART):
                deleted.append(name)
        return sorted(deleted)

    def delete_groups(self) -> None:
        """Forget the consumer groups under this prefix, as far as nobody is in them."""
        there = [group.group_id for group in self._admin.list_consumer_groups().result().valid]
        mine = [name for name in there if name.startswith(self._prefix)]
        for future in self._admin.delete_consumer_groups(mine).values() if mine else ():
            try:
                future.result()
            except KafkaException:
                # Somebody still reads: it goes with its offsets, when they expire.
                continue


def _refusal(cluster: Cluster, errors: list[KafkaError]) -> Refused | None:
    for error in errors:
        if error.code() == KafkaError._AUTHENTICATION:
            return Refused(
                f"{cluster} refuses {cluster.username} by {cluster.mechanism}: check sasl_username,"
                " sasl_password and sasl_mechanism"
            )
        if error.code() == KafkaError._SSL:
            reason = "it has no TLS, or wants a certificate of ours"
            if "verify failed" in error.str():
                reason = "ssl_ca_file does not vouch for its certificate, or not for this name"
            return Refused(f"no TLS with {cluster}: {reason}; check security_protocol and ssl_*")
    return None


def _done(future: Future[None], failure: str, already: int) -> bool:
    """Whether it was us: somebody else may do the same at the same moment."""
    try:
        future.result()
    except KafkaException as error:
        reason: KafkaError = error.args[0]
        if reason.code() != already:
            raise OperatorError(f"{failure}: {reason.str()}") from None
        return False
    return True


def _differences(name: str, topic: Topic, config: Mapping[str, ConfigEntry]) -> Iterator[str]:
    for setting in ("cleanup.policy", "max.message.bytes"):
        wanted, found = topic.config[setting], config[setting].value
        if wanted != found:
            yield f"{name}: {setting} is {found}, wanted {wanted}"


def table() -> list[tuple[str, str, str, str, str, str]]:
    """(name, key, message, partitions, kept, purpose) of every topic."""
    return [
        (
            topic.name,
            topic.key,
            topic.message,
            str(topic.partitions),
            "compacted" if topic.retention_ms is None else f"{topic.retention_ms // 86_400_000} d",
            topic.purpose,
        )
        for topic in TOPICS
    ]
