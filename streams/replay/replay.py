"""A replay from its plan to its result; what is done is not done again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.files import locked
from streams.crew import Crew
from streams.replay import files, tasks
from streams.replay.errors import CannotReplay
from streams.replay.job import CHUNK, DETECT, PATIENCE, SIGNALS, Job
from streams.replay.plan import Plan, Range, encode_plan, name_of, read_plan
from streams.replay.planning import Planner
from streams.replay.saved import has_ended
from streams.replay.tasks import BUSY, Detect, Read
from streams.replay.versions import code_version, live_intake, rules_version
from streams.routing import place_of
from streams.settings import Settings

PLAN = "plan.json"
_LOCK = ".lock"
_ORPHANS = 30.0
"""Seconds that processes of a killed replay have to notice it."""
_LOOK = 0.05

Show = Callable[[str, int, int], None]
"""Told what is being done, how far it has come, and out of how much."""


@dataclass(frozen=True)
class Request:
    """A question to the log of a cluster; `work`: the folder of all work folders."""

    cluster: Cluster
    settings: Settings
    asked: Range
    work: Path
    chunk: int = CHUNK
    patience: float = PATIENCE


def prepare(request: Request, *, begin: bool = True) -> Job:
    """The plan, and the folder that goes with it: the old one if the work has begun.

    Without `begin` nothing is written. Raises OperatorError.
    """
    asked, settings = request.asked, request.settings
    if asked.start_ms >= asked.stop_ms:
        raise CannotReplay(f"nothing lies in {asked.words}: --to must be later than --from")
    code, rules = code_version(), rules_version(settings)
    with closing(Planner(request.cluster, settings)) as planner:
        name = name_of(asked, planner.cluster_id(), settings.prefix, code, rules)
        folder = request.work / name
        plan = read_plan(folder / PLAN)
        job = _job(request, plan, folder) if plan else None
        if job is None or not _goes_on(job):
            fresh = planner.plan(asked, now_ms())
            if job is None or job.plan.extents != fresh.extents:
                job = _job(request, fresh, folder)
                if begin:
                    _begin(job)
        elif unread := _unread(job):
            planner.check(job.plan, unread)
    return job


def _job(request: Request, plan: Plan, folder: Path) -> Job:
    settings = request.settings
    return Job(
        plan=plan,
        folder=folder,
        cluster=request.cluster,
        intake=live_intake(settings),
        detect=settings.detect_rules(),
        save_seconds=settings.snapshot_seconds,
        chunk=request.chunk,
        patience=request.patience,
    )


def _begin(job: Job) -> None:
    """An empty folder with the plan in it."""
    with files.writing(job.folder):
        job.folder.mkdir(parents=True, exist_ok=True)
    with alone(job):
        for part in (SIGNALS, DETECT):
            shutil.rmtree(job.folder / part, ignore_errors=True)
        files.replace(job.folder / PLAN, [encode_plan(job.plan)])


def _goes_on(job: Job) -> bool:
    """Whether what was planned holds on: something was done, and the log can have no more of it."""
    begun = any(len(job.chunks(source)) for source in job.plan.sources)
    if job.plan.range.stop_ms > job.plan.planned_ms:
        # The range ended where the log did. Once that is done, the log may have more.
        return begun and not is_complete(job)
    return begun


def _unread(job: Job) -> set[str]:
    """Topics of which something is still to be read."""
    last = {source: job.chunks(source).last() for source in job.plan.sources}
    return {topic for (topic, _), chunk in last.items() if chunk is None or not chunk.ended}


def shards(job: Job) -> list[int]:
    """Those that have a product that is asked for."""
    count = job.plan.shards
    products = job.plan.range.products
    return sorted({place_of(p, count) for p in products} if products else range(count))


def is_complete(job: Job) -> bool:
    """Whether nothing is left to be done but to tell of it."""
    return all(has_ended(job, shard) for shard in shards(job))


def run(job: Job, processes: int, show: Show) -> None:
    """Do what is not done yet. Raises OperatorError."""
    plan = job.plan
    if not plan.records:
        raise CannotReplay(f"there are no records from {plan.range.words} in the topics")
    wide = max(len(plan.stretches), plan.shards)
    with alone(job), Crew(min(processes, wide), tasks.prepare, job, marks=wide) as crew:
        if read_plan(job.folder / PLAN) != plan:
            raise CannotReplay(f"somebody else has planned anew in {job.folder}: run again")
        for source in plan.sources:
            _make(job.chunks(source).folder)
        _make(job.shard(0, "").parent)
        reads = [Read(stretch) for stretch in plan.stretches]
        tasks.run(crew, reads, lambda done: show("reading", done, plan.size))
        last = [job.chunks(source).last() for source in plan.sources]
        _check_products(job)
        signals = sum(chunk.total for chunk in last if chunk)
        detects = [Detect(shard, signals) for shard in shards(job)]
        whole = signals * len(detects)
        tasks.run(crew, detects, lambda done: show("detecting", done, whole))


def _check_products(job: Job) -> None:
    asked = job.plan.range
    if asked.products and job.unknown() == asked.products:
        raise CannotReplay(
            f"no record from {asked.words} is of product {', '.join(asked.products)}; there are"
            f" {', '.join(sorted(job.heard())) or 'none'}"
        )


def _make(folder: Path) -> None:
    with files.writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def alone(job: Job) -> Iterator[None]:
    """Nobody else works in the folder. Raises CannotReplay."""
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(job.folder / _LOCK))
        except BlockingIOError:
            raise CannotReplay(
                f"another replay is at work in {job.folder}: wait for it, or end it"
            ) from None
        _wait_for_orphans(job)
        yield


def _wait_for_orphans(job: Job) -> None:
    """Processes of a replay that was killed end by themselves, as soon as they notice."""
    deadline = time.monotonic() + _ORPHANS
    while True:
        try:
            with locked(job.folder / BUSY):
                return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise CannotReplay(
                    f"processes of an earlier replay are still at work in {job.folder}: end them"
                ) from None
            time.sleep(_LOOK)
