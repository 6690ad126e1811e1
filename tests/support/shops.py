"""A made-up shop in a folder, and its nights run in this process or another."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from sinks.cluster import Cluster
from sinks.reviews.options import FILE
from streams.reviews.config import read_config
from streams.reviews.shop import Shop
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 20)
_CONFIG = """\
zone = "Asia/Shanghai"
[source]
kind = "files"
name = "shop"
path = "reviews.jsonl"
[columns]
id = "id"
product = "product"
author = "author"
rating = "rating"
"""


class Quiet:
    """Progress that nobody sees; counts what went through."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002
        self.stages.append(name)

    def done(self, records: int) -> None:
        """Nobody looks."""

    def asked(self, done: int, of: int) -> None:
        """Nobody looks."""


def row(n: int, text: str, **different: Any) -> dict[str, Any]:
    """The n-th review of the day, by an author of its own."""
    own = {
        "id": f"r-{n}",
        "time": f"2026-11-20T{n // 3600 % 16:02d}:{n // 60 % 60:02d}:{n % 60:02d}+08:00",
        "text": text,
        "product": "mug",
        "author": f"u-{n}",
        "rating": 3,
    }
    return own | different


def write_shop(folder: Path, rows: Iterable[Mapping[str, Any] | bytes], more: str = "") -> Path:
    """The file of a shop with these reviews; bytes are a line as it is."""
    lines = (one if isinstance(one, bytes) else msgspec.json.encode(one) for one in rows)
    (folder / "reviews.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    file = folder / "reviews.toml"
    file.write_text(_CONFIG + more, encoding="utf-8")
    return file


def no_kafka() -> Cluster:
    """For a shop without topics."""
    raise AssertionError("nobody asks for Kafka here")


def shop_of(file: Path, settings: Settings | None = None, progress: Quiet | None = None) -> Shop:
    """Its nights, with one process."""
    config = read_config(file, {})
    return Shop(config, settings or Settings(), no_kafka, progress or Quiet(), 1)


def asked_of(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the tables of its nights."""
    with duckdb.connect(str(folder / "nights" / FILE), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`groundswell reviews ...` in that folder."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "streams", "reviews", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
