"""The worker as `groundswell worker` runs it, with marks of CPU and wall clock.

Run as a module; on a graceful stop one line of JSON goes to standard output: [cpu s, wall s] when
the first batch of input arrived (`first`), after the last batch of each stage, the number of input
records, and how long each revision took from its making to the log (`published`, s).
`--intake-only` leaves detection out: its stage reads `signals` and drops them.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unittest.mock import patch

from faust.types import TP

from agents.incidents.lifecycle import Revision
from schemas.topics import COMMANDS
from sinks.cluster import Cluster
from streams.detection import DetectStage
from streams.intake import IntakeStage, MarkDurable, Records
from streams.logs import set_up
from streams.settings import load
from streams.worker import run_worker

_marks: dict[str, Any] = {"records": 0, "published": []}


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, time.perf_counter()


class _MarkedIntake(IntakeStage):
    async def handle(self, tp: TP, records: Records, mark_durable: MarkDurable) -> None:
        # The end of silent topics comes first and has no value; commands are no input.
        counts = not tp.topic.endswith(COMMANDS)
        events = counts * sum(record.value is not None for record in records)
        if events:
            _marks.setdefault("first", _now())
        await super().handle(tp, records, mark_durable)
        if events:
            _marks["intake"] = _now()
            _marks["records"] += events


class _MarkedDetect(DetectStage):
    async def handle(self, tp: TP, records: Records, mark_durable: MarkDurable) -> None:
        await super().handle(tp, records, mark_durable)
        _marks["detect"] = _now()

    async def _publish(self, partition: int, revisions: Sequence[Revision]) -> None:
        began = self._clock()
        await super()._publish(partition, revisions)
        _marks["published"] += [self._clock() - began] * len(revisions)


class _NoDetect(DetectStage):
    async def load(self, tps: Iterable[TP]) -> Mapping[TP, int]:
        return dict.fromkeys(tps, 0)

    async def handle(self, tp: TP, records: Records, mark_durable: MarkDurable) -> None:
        mark_durable(tp, records[-1].offset + 1)


def main() -> int:
    """Run until SIGTERM, then print the marks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--bounded", action="store_true")
    parser.add_argument("--intake-only", action="store_true")
    given = parser.parse_args()
    set_up("warning")
    settings = load(overrides={"bootstrap": given.bootstrap, "prefix": given.prefix, "port": 0})
    detect = _NoDetect if given.intake_only else _MarkedDetect
    with patch.multiple("streams.worker", IntakeStage=_MarkedIntake, DetectStage=detect):
        code = asyncio.run(run_worker(settings, Cluster(given.bootstrap), bounded=given.bounded))
    print(json.dumps(_marks), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
