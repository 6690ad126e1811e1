"""Starting and letting go of what reads from Kafka."""

import asyncio
from typing import Any

_LAST_WAIT = 2.0


async def begin(client: Any) -> None:
    """Start an AIOKafkaConsumer or AIOKafkaAdminClient; whoever began it stops it in any case.

    Who is cancelled meanwhile waits a little: aiokafka loses a connection that it is making.
    """
    starting = asyncio.create_task(client.start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting], timeout=_LAST_WAIT)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        raise


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
