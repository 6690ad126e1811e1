"""A producer for what is worthless in a few seconds."""

from sinks.cluster import Cluster
from sinks.producer import Producer

_GIVES_UP_S = 5.0
_GATHERS_S = 0.05


def quick_producer(cluster: Cluster) -> Producer:
    """Sends at once; the leader's word is enough, as whoever waits asks again. Not started."""
    return Producer(cluster, acks="1", gives_up_s=_GIVES_UP_S, gathers_s=_GATHERS_S)
