"""A producer for what is worthless in a few seconds."""

from aiokafka import AIOKafkaProducer

from sinks.cluster import Cluster
from sinks.kafka import pace

_GIVES_UP_MS = 5_000


def quick_producer(cluster: Cluster) -> AIOKafkaProducer:
    """Sends at once; the leader's word is enough, as whoever waits asks again. Not started."""
    producer = AIOKafkaProducer(
        **cluster.for_aiokafka(), acks=1, linger_ms=0, request_timeout_ms=_GIVES_UP_MS
    )
    pace(producer.client)
    return producer
