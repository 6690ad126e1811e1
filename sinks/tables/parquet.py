"""Every revision in Parquet files, a folder per day of opening."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, ClassVar, TextIO

import duckdb
import msgspec
from msgspec import Meta

from schemas.incidents import Incident
from sinks.errors import Unreachable
from sinks.files import locked, make_durable
from sinks.tables.duck import opened, run, transaction
from sinks.tables.rows import REVISIONS
from sinks.tables.sink import TableSink
from sinks.tables.statements import Statements

_LOCK = ".lock"
_HOUR = len("2026-11-20T09")


class ParquetOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "parquet"`."""

    folder: Annotated[str, Meta(min_length=1, description="made if it is missing")]


class ParquetSink(TableSink):
    """`incident_revisions/date=YYYY-MM-DD/part-HH.parquet`: a file per hour (UTC) of opening.

    A new revision makes its file anew and replaces it at once. So a revision is in one file only
    however often it is delivered, and who reads sees each file as it was or as it is.
    """

    Options: ClassVar[type[ParquetOptions]] = ParquetOptions

    def __init__(self, name: str, options: ParquetOptions) -> None:  # noqa: ARG002
        self._folder = Path(options.folder).expanduser() / REVISIONS.name
        self._statements = Statements("main", "JSON")
        self._lock: TextIO | None = None

    async def start(self) -> None:
        """Take the folder: two writers would lose revisions. Raises Unreachable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = locked(self._folder / _LOCK)
        except BlockingIOError:
            raise Unreachable(
                f"another process writes to {self._folder}: end it, or name another folder"
            ) from None
        except OSError as error:
            raise Unreachable(f"{self._folder}: {error.strerror}") from None

    async def stop(self) -> None:
        """Let the folder go."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    async def _store(self, incidents: Sequence[Incident]) -> None:
        await self.start()
        await asyncio.to_thread(self._write, incidents)

    def _write(self, incidents: Sequence[Incident]) -> None:
        by_hour = sorted(incidents, key=_hour)
        for hour, opened_then in groupby(by_hour, key=_hour):
            day, _, number = hour.partition("T")
            file = self._folder / f"date={day}" / f"part-{number}.parquet"
            try:
                file.parent.mkdir(exist_ok=True)
                self._rewrite(file, list(opened_then))
            except (duckdb.Error, OSError) as error:
                raise Unreachable(f"cannot write {file}: {str(error).splitlines()[0]}") from None

    def _rewrite(self, file: Path, incidents: Sequence[Incident]) -> None:
        # Not *.parquet: who reads the folder must not see it.
        new = file.with_name(f".{file.name}.new")
        with opened(":memory:") as connection:
            with transaction(connection):
                run(connection, self._statements.prepare())
                if file.exists():
                    connection.execute(
                        f"INSERT INTO {REVISIONS.name} BY NAME"
                        " SELECT * FROM read_parquet($1, hive_partitioning = false)",
                        [str(file)],
                    )
                run(connection, self._statements.add(incidents))
            rows = connection.table(REVISIONS.name).order(", ".join(REVISIONS.key))
            rows.write_parquet(str(new), compression="zstd")
        make_durable(new)
        new.replace(file)
        make_durable(file.parent)


def _hour(incident: Incident) -> str:
    return incident.opened_at[:_HOUR]
