"""A worker of which one stage raises once: arguments STAGE BATCH, then those of the worker."""

import sys
from typing import Any

from streams.cli import main
from streams.detection import DetectStage
from streams.intake import IntakeStage

stages: dict[str, Any] = {"intake": IntakeStage, "detect": DetectStage}
stage = stages[sys.argv.pop(1)]
last = int(sys.argv.pop(1))
handle = stage.handle
batches = 0


async def raise_once(self: Any, *batch: Any) -> None:
    """As `handle`, until the last batch."""
    global batches
    batches += 1
    if batches == last:
        raise RuntimeError("the agent fails on purpose")
    await handle(self, *batch)


stage.handle = raise_once
main(["worker", *sys.argv[1:]])
