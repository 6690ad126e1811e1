"""All receivers side by side; none waits for another."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from sinks.cluster import Cluster
from sinks.config import Receiver
from sinks.courier import Courier, Meter
from sinks.feed import Feed


class Runner:
    """A courier a receiver, each with a consumer group of its own on `topic`.

    `prefix` stands before the groups' names; `clock` and `pause` as couriers have them.
    """

    def __init__(
        self,
        receivers: Sequence[Receiver],
        cluster: Cluster,
        topic: str,
        prefix: str,
        meter: Meter,
        clock: Callable[[], int],
        pause: float = 1.0,
    ) -> None:
        self._couriers = [
            Courier(
                receiver,
                partial(Feed, cluster, topic, group_of(prefix, receiver.name)),
                meter,
                clock,
                pause,
            )
            for receiver in receivers
        ]

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for courier in self._couriers:
                tasks.create_task(courier.run())

    def rounds(self) -> dict[str, int]:
        """How often each receiver's reader has come round."""
        return {courier.name: courier.rounds for courier in self._couriers}


def group_of(prefix: str, name: str) -> str:
    """The consumer group of a receiver."""
    return f"{prefix}groundswell-sink-{name}"
