"""The `server.properties` of the embedded broker: one node, modest memory, nothing hidden."""

from __future__ import annotations

# Dead letters carry the original bytes: a message of 10 MB and its headers must fit.
LARGEST_MESSAGE_BYTES = 11 * 1024 * 1024

HOST = "127.0.0.1"

# Below the home.
DATA = "kafka-data"


def server_properties(port: int, controller_port: int) -> str:
    """The text of `server.properties`; paths are relative to the broker's home."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": DATA,
        # One node holds one copy of everything.
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # 50 partitions of internal topics would cost start time and memory.
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.num.partitions": 4,
        "num.partitions": 1,
        "auto.create.topics.enable": "false",
        # A lone worker starts at once, and a killed one is noticed as soon as it asks to be.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # A killed node registers again only when its old session has ended; the default is 9 s.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "message.max.bytes": LARGEST_MESSAGE_BYTES,
        "replica.fetch.max.bytes": LARGEST_MESSAGE_BYTES,
        "socket.request.max.bytes": 4 * LARGEST_MESSAGE_BYTES,
        "log.message.timestamp.type": "CreateTime",
        "log.segment.bytes": 64 * 1024 * 1024,
        "log.retention.check.interval.ms": 60_000,
        # Room for 350 000 keys a pass; the default would be half of the heap.
        "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
        "log.cleaner.threads": 1,
        # Threads enough for one machine.
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())
