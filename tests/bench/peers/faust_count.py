# mypy: ignore-errors
"""Stock Faust: JSON, a count per product and minute in a dict.

Arguments: bootstrap, topic, partitions, records.
"""

import os
import sys
from collections import Counter

import faust
from marks import Marks

bootstrap, topic, total = sys.argv[1], sys.argv[2], int(sys.argv[4])
marks = Marks(total)
counts: Counter[tuple[str, int]] = Counter()
app = faust.App(
    f"bench-faust-{os.getpid()}",
    broker=f"kafka://{bootstrap}",
    datadir="state",
    value_serializer="json",
    topic_allow_declare=False,
    topic_disable_leader=True,
    web_enabled=False,
    worker_redirect_stdouts=False,
)


@app.agent(app.topic(topic, value_serializer="json"))
async def count(stream) -> None:
    async for event in stream.events():
        counts[event.value["product"], int(event.message.timestamp) // 60] += 1
        if marks.seen():
            # A graceful stop is no part of the measurement, and waits for what nobody needs.
            os._exit(0)


faust.Worker(app, loglevel="error").execute_from_commandline()
