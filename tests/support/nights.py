"""Nights as the tests make them."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from schemas.nights import NightAccount
from schemas.reviews import Aspect, Finding, ReviewLabel, RiskTicket
from sinks.reviews.night import Night
from sinks.reviews.options import FILE, OutputOptions
from sinks.reviews.writing import Written, write

DATE = "2026-11-20"


def label(source: str = "shop:1", **given: Any) -> ReviewLabel:
    """A label; fields as given."""
    fields: dict[str, Any] = {
        "source": source,
        "date": DATE,
        "time": f"{given.get('date', DATE)}T09:04:11.120Z",
        "product": "kettle",
        "author": "u-1",
        "channel": "app",
        "rating": 2.0,
        "lang": "zh",
        "status": "labelled",
        "reason": "",
        "sentiment": "negative",
        "sentiment_confidence": 0.93,
        "aspects": (
            Aspect("logistics", "negative", "物流慢"),
            Aspect("quality", "positive", "做工好", 0.7, "model"),
        ),
        "findings": (Finding("banned", "banned.gambling", "博彩", 0.9),),
        "campaign": "",
        "cause": "",
        "excerpt": "做工好，就是物流慢",
        "by": "rules",
        "rules": "r1",
        "models": "m1",
    }
    return ReviewLabel(**fields | given)


def ticket(ticket_id: str = "t-1", **given: Any) -> RiskTicket:
    """A ticket; fields as given."""
    fields: dict[str, Any] = {
        "ticket_id": ticket_id,
        "date": DATE,
        "kind": "banned",
        "severity": "error",
        "due": "2026-11-22T00:00:00.000Z",
        "title": "Banned words in 1 review",
        "product": "kettle",
        "reason": "banned.gambling",
        "confidence": 0.9,
        "reviews": 1,
        "sources": ("shop:1",),
        "authors": ("u-1",),
        "first": f"{DATE}T09:04:11.120Z",
        "last": f"{DATE}T09:04:11.120Z",
        "quotes": ("做工好，就是物流慢",),
        "rules": "r1",
        "models": "m1",
    }
    return RiskTicket(**fields | given)


def account(labels: Sequence[ReviewLabel], tickets: int = 0, **given: Any) -> NightAccount:
    """The account of a night with these labels; fields as given."""
    refused = [one.reason for one in labels if one.status == "refused"]
    fields: dict[str, Any] = {
        "date": DATE,
        "zone": "Asia/Shanghai",
        "start": "2026-11-19T16:00:00.000Z",
        "end": "2026-11-20T16:00:00.000Z",
        "source": "shop",
        "read": len(labels),
        "labelled": sum(one.status == "labelled" for one in labels),
        "open": sum(one.status == "open" for one in labels),
        "refused": {reason: refused.count(reason) for reason in sorted(set(refused))},
        "findings": {},
        "tickets": tickets,
        "campaigns": 0,
        "rules": "r1",
        "models": "m1",
    }
    return NightAccount(**fields | given)


def night(
    folder: Path,
    labels: Sequence[ReviewLabel],
    tickets: Sequence[RiskTicket] = (),
    *,
    date: str = DATE,
    size: int = 2,
    **given: Any,
) -> Night:
    """A night whose label files, of `size` lines, are in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for n in range(0, len(labels), size):
        path = folder / f"labels-{n:07}.jsonl"
        path.write_bytes(b"".join(map(_line, labels[n : n + size])))
        files.append(path)
    return Night(date, files, tickets, account(labels, len(tickets), **{"date": date} | given))


def _line(one: ReviewLabel) -> bytes:
    return msgspec.json.encode(one) + b"\n"


def write_night(given: Night, folder: Path, **options: Any) -> Written:
    """Write it to a folder; options as in the file, `cluster` and `prefix` beside."""
    cluster, prefix = options.pop("cluster", None), options.pop("prefix", "")
    output = OutputOptions(folder=str(folder), **options)
    return asyncio.run(write(given, output, cluster, prefix))


def ask(folder: Path, sql: str) -> list[Any]:
    """Rows from the DuckDB file of the folder."""
    with duckdb.connect(str(folder / FILE), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def prints(folder: Path) -> dict[str, str]:
    """A hash of every Parquet file and of what may be left of one."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*parquet*"))
    }
