"""Notices that somebody else listens on our reply partition."""

import logging
from collections.abc import Callable

from confluent_kafka import TopicPartition

from streams.requests.headers import LONGEST_MS

logger = logging.getLogger(__name__)
_SUSPICIOUS = 3
_AGAIN = 60.0
_MOST = 1_000
"""Instances that are counted; whoever can write there may make up any number of them."""


class Neighbours:
    """Answers for others come to us: for a while after a start those of an earlier life, later a
    sign that two share the partition. Nothing is mixed up then, but each reads the other's too.
    """

    def __init__(self, place: TopicPartition, clock: Callable[[], float]) -> None:
        self._place = place
        self._clock = clock
        # An earlier life has nothing to come back after its longest deadline.
        self._quiet_until = clock() + LONGEST_MS / 1000
        self._counts: dict[bytes, int] = {}

    def heard(self, instance: bytes) -> None:
        """An answer for another one."""
        now = self._clock()
        if now < self._quiet_until:
            return
        if len(self._counts) >= _MOST:
            self._counts.clear()
        self._counts[instance] = self._counts.get(instance, 0) + 1
        if self._counts[instance] >= _SUSPICIOUS:
            logger.error(
                "two gateways share a reply partition: give each its own",
                extra={"topic": self._place.topic, "partition": self._place.partition},
            )
            self._counts.clear()
            self._quiet_until = now + _AGAIN
