"""One record to the log, by a producer that lives no longer."""

from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message


async def send(cluster: Cluster, message: Message) -> None:
    """Write it and wait until the broker has it. Raises DeliveryFailed."""
    sink = KafkaSink(cluster)
    await sink.start()
    try:
        await sink.write([message])
    finally:
        await sink.stop()
