"""A real Apache Kafka of one node, started from the package index alone.

EmbeddedBroker(default_home()).ensure() -> "127.0.0.1:19092"
"""

from streams.broker.errors import BrokerError
from streams.broker.paths import default_cache, default_home
from streams.broker.server import BrokerStatus, EmbeddedBroker

__all__ = ["BrokerError", "BrokerStatus", "EmbeddedBroker", "default_cache", "default_home"]
