"""What became of the records of a replay, and what it says: `incidents.jsonl`, `replay.json`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import msgspec

from schemas.incidents import decode_incident
from schemas.signals import Counters
from schemas.times import format_ms
from sinks.files import locked
from streams.errors import OperatorError
from streams.replay import files
from streams.replay.job import Job
from streams.replay.plan import Plan, Stretch
from streams.replay.said import said
from streams.totals import total

INCIDENTS = "incidents.jsonl"
ACCOUNT = "replay.json"
LOCK = ".result"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """An input partition: offsets from `start` to before `stop`, and what became of the records.

    `clipped` and `goes_on` as the plan has them. `lost`: offsets that retention deleted between
    the plan and the reading.
    """

    topic: str
    partition: int
    start: int
    end: int
    stop: int
    clipped: bool
    goes_on: bool
    records: int
    counters: Counters
    lost: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The whole replay; `sha256` is that of the incidents, `seconds` those of the last run of it.

    The code, the rules and the range are what the result follows from, beside the log. `unknown`:
    those of the products of which there is no record.
    """

    name: str
    start: str
    stop: str
    warm_up_minutes: int
    cluster_id: str
    prefix: str
    code: str
    rules: str
    topics: tuple[str, ...]
    missing: tuple[str, ...]
    products: tuple[str, ...]
    unknown: tuple[str, ...]
    planned_at: str
    records: int
    counters: Counters
    lost: int
    incidents: int
    revisions: int
    sha256: str
    seconds: float
    parts: tuple[Part, ...]


def parts(job: Job) -> Iterator[Part]:
    """What became of every stretch."""
    for stretch in job.plan.stretches:
        last = job.chunks(stretch.source).last()
        if last is None:
            raise OperatorError(f"{job.folder} is not complete: remove it and run again")
        yield _part(stretch, last.head.counters, last.lost)


def _part(stretch: Stretch, counters: Counters, lost: int) -> Part:
    return Part(
        topic=stretch.topic,
        partition=stretch.partition,
        start=stretch.start,
        end=stretch.end,
        stop=stretch.stop,
        clipped=stretch.clipped,
        goes_on=stretch.goes_on,
        records=_records(counters),
        counters=counters,
        lost=lost,
    )


def _records(counters: Counters) -> int:
    return counters.accepted + counters.duplicates + sum(counters.refused.values())


def write_result(job: Job, folder: Path, seconds: float) -> Account:
    """Put the incidents in place, then the account of them. Raises OperatorError."""
    # Of two replays that end in one folder at once, the files of the later one stay.
    with ExitStack() as stack:
        with files.writing(folder):
            stack.enter_context(locked(folder / LOCK, wait=True))
        return _write_result(job, folder, seconds)


def _write_result(job: Job, folder: Path, seconds: float) -> Account:
    digest, ids, revisions = sha256(), set(), 0

    def lines() -> Iterator[bytes]:
        nonlocal revisions
        for one in said(job):
            revisions += 1
            ids.add(decode_incident(one.value).incident_id)
            line = one.value + b"\n"
            digest.update(line)
            yield line

    files.replace(folder / INCIDENTS, lines())
    of_all = tuple(parts(job))
    plan, asked = job.plan, job.plan.range
    account = Account(
        name=plan.name,
        start=format_ms(asked.start_ms),
        stop=format_ms(asked.stop_ms),
        warm_up_minutes=asked.warm_up,
        cluster_id=plan.cluster_id,
        prefix=plan.prefix,
        code=plan.code,
        rules=plan.rules,
        topics=tuple(plan.topic_ids),
        missing=plan.missing,
        products=asked.products,
        unknown=job.unknown(),
        planned_at=format_ms(plan.planned_ms),
        records=sum(part.records for part in of_all),
        counters=total(part.counters for part in of_all),
        lost=sum(part.lost for part in of_all),
        incidents=len(ids),
        revisions=revisions,
        sha256=digest.hexdigest(),
        seconds=round(seconds, 1),
        parts=of_all,
    )
    plain = msgspec.json.format(msgspec.json.encode(account), indent=1)
    files.replace(folder / ACCOUNT, [plain + b"\n"])
    return account


def read_account(folder: Path) -> Account | None:
    """That of a result that is whole; None if there is none."""
    try:
        account = msgspec.json.decode((folder / ACCOUNT).read_bytes(), type=Account)
        with (folder / INCIDENTS).open("rb") as file:
            digest = sha256()
            for line in file:
                digest.update(line)
    except (OSError, msgspec.MsgspecError):
        return None
    return account if digest.hexdigest() == account.sha256 else None


def is_of(account: Account, plan: Plan) -> bool:
    """Whether the account is that of this plan, to the offset."""
    extents = [((p.topic, p.partition), p.start, p.stop, p.goes_on) for p in account.parts]
    return account.name == plan.name and extents == plan.extents
