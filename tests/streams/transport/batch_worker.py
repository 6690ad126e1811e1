"""A worker process of a test: notes each batch in a file, and its next offset as durable state.

Arguments, as one JSON object: bootstrap, group, topic, directory, name, crash_after (records; 0
never) and settings (Faust settings on top of ours). The files of ``directory`` stand for the state
topic: ``PARTITION.next`` has the offset to resume at, ``NAME.batches`` a line
"PARTITION FIRST LAST" for each batch that was processed.
"""

import json
import logging
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import faust
from faust.types import TP

from sinks.cluster import Cluster
from streams.transport.schema import BatchSchema
from streams.transport.settings import faust_settings
from streams.transport.transport import BatchTransport
from streams.transport.worker import run

options: dict[str, Any] = json.loads(sys.argv[1])
directory = Path(options["directory"])
batches = (directory / f"{options['name']}.batches").open("a", buffering=1)
logging.basicConfig(level=logging.CRITICAL)

ours = faust_settings(Cluster(options["bootstrap"]))
app = faust.App(options["group"], **(ours | options["settings"]))


async def resume_offsets(tps: frozenset[TP]) -> Mapping[TP, int]:
    state = {tp: directory / f"{tp.partition}.next" for tp in tps}
    return {tp: int(file.read_text()) for tp, file in state.items() if file.exists()}


app.transport = BatchTransport(app, resume_offsets=resume_offsets)


@app.agent(app.topic(options["topic"], schema=BatchSchema()))
async def work(stream: Any) -> None:
    done = 0
    async for records in stream:
        first, last = records[0], records[-1]
        done += len(records)
        if 0 < options["crash_after"] <= done:
            raise RuntimeError("the agent fails on purpose")
        batches.write(f"{first.partition} {first.offset} {last.offset}\n")
        state = directory / f"{first.partition}.next"
        new = directory / f"{first.partition}.{options['name']}"
        new.write_text(str(last.offset + 1))
        new.replace(state)
        app.consumer.mark_durable(TP(first.topic, first.partition), last.offset + 1)


code = run(app)
print(
    json.dumps(
        {"threads": threading.active_count(), "redirected": sys.stdout is not sys.__stdout__}
    )
)
sys.exit(code)
