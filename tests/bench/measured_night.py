"""One night with what each stage spends; run as a module: CONFIG DATE PROCESSES.

Prints JSON: `account` of the night, `marks` by stage.
"""

import os
import sys
import time
from datetime import date
from pathlib import Path

import msgspec
import psutil

from schemas.nights import NightAccount
from sinks.cluster import Cluster
from streams.reviews.config import read_config
from streams.reviews.shop import Shop
from streams.settings import load


class Mark(msgspec.Struct, frozen=True):
    """A stage begins (`end`: none does). Seconds; `own`, `others`: CPU until now of the process
    and of those that it has started.
    """

    stage: str
    wall_s: float
    own_s: float
    others_s: float


class Measured(msgspec.Struct, frozen=True):
    """What a night came to."""

    account: NightAccount
    marks: list[Mark]


class _Marks:
    """Progress that looks at the clocks."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._process = psutil.Process()
        self.stage("start", None)

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002
        """A stage begins."""
        own = self._process.cpu_times()
        # Those of a crew live as long as their shop.
        each = [one.cpu_times() for one in self._process.children(recursive=True)]
        others = sum(one.user + one.system for one in each)
        self.marks.append(Mark(name, time.perf_counter(), own.user + own.system, others))

    def done(self, records: int) -> None:
        """Nobody looks."""

    def asked(self, done: int, of: int) -> None:
        """Nobody looks."""


def _no_kafka() -> Cluster:
    raise AssertionError("this night has no topics")


def _main(file: str, day: str, processes: str) -> None:
    marks = _Marks()
    config = read_config(Path(file), os.environ)
    with Shop(config, load(), _no_kafka, marks, int(processes)) as shop:
        outcome = shop.run(date.fromisoformat(day))
        marks.stage("end", None)
    sys.stdout.buffer.write(msgspec.json.encode(Measured(outcome.account, marks.marks)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
