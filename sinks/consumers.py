"""Letting go of a consumer of Kafka."""

import asyncio
from typing import Any


async def let_go(consumer: Any) -> None:
    """Stop an AIOKafkaConsumer, also one whose broker is away."""
    try:
        await consumer.stop()
    except asyncio.CancelledError:
        # A fetch that waits to be tried again is cancelled and then awaited there, which looks as
        # if we had been cancelled; the connections are left open.
        await consumer._client.close()
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
