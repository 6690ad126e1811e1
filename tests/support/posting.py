"""A sink, started for as long as it is given something."""

import asyncio
from collections.abc import Sequence

from schemas.incidents import Incident
from sinks.sink import Sink

NOW_MS = 1_800_000_000_000


def deliver(sink: Sink, *calls: Sequence[Incident]) -> str:
    """One `deliver` a call; what the receiver answered last. Raises as `deliver` does."""

    async def run() -> str:
        await sink.start()
        try:
            for incidents in calls:
                await sink.deliver(incidents, NOW_MS)
            return sink.answer
        finally:
            await sink.stop()

    return asyncio.run(run())
