"""Input files as messages: topic, value and time of arrival."""

import csv
import heapq
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from schemas.topics import CHANGES, CHANNELS, INPUTS
from streams.play.arrival import arrivals
from streams.play.errors import BadInput, BadRow
from streams.play.mapping import ColumnMap
from streams.play.order import Line, by_time, is_in_order

_TIME = re.compile(rb'"time(?:stamp)?"\s*:\s*(?:"([^"]{10,40})"|(\d{10,14}))')
_TOPIC_OF = {channel: topic for topic, channel in CHANNELS.items()}


class Played(NamedTuple):
    """One message to write; `arrived_ms` becomes the record's timestamp."""

    arrived_ms: int
    topic: str
    value: bytes


class Reader:
    """What is to be played.

    `skipped` counts rows left out, by reason; `sorted` names the files of lines that did not stand
    in order of arrival, once `messages` was called.
    """

    def __init__(
        self,
        path: Path,
        *,
        channel: str | None = None,
        product: str | None = None,
        columns: str | None = None,
        time_format: str | None = None,
    ) -> None:
        """Raises BadInput if the path cannot be played."""
        if not path.exists():
            raise BadInput(f"{path} does not exist")
        if channel is not None and channel not in _TOPIC_OF:
            raise BadInput(f"--channel {channel}: one of {', '.join(sorted(_TOPIC_OF))}")
        self.path = path
        self.skipped: Counter[str] = Counter()
        self.sorted: list[str] = []
        self._topic = _TOPIC_OF[channel or "app"]
        self._product = product
        self._columns = columns
        self._time_format = time_format

    def messages(self, now_ms: int) -> Iterator[Played]:
        """Everything, in order of arrival. Raises PlayError."""
        if self.path.is_dir():
            return self._folder(now_ms)
        if self.path.suffix in (".csv", ".tsv"):
            return self._table(now_ms)
        if self.path.suffix in (".jsonl", ".ndjson", ".json"):
            return self._lines(now_ms)
        raise BadInput(f"{self.path}: a .csv, .tsv or .jsonl file, or a folder of TOPIC.jsonl")

    def bytes_total(self) -> int:
        """Size of the input, for a progress bar."""
        files = self.path.glob("*.jsonl") if self.path.is_dir() else [self.path]
        return sum(file.stat().st_size for file in files)

    def _folder(self, now_ms: int) -> Iterator[Played]:
        topics = [name for name in (*INPUTS, CHANGES) if (self.path / f"{name}.jsonl").exists()]
        if not topics:
            raise BadInput(f"{self.path} holds none of {', '.join(INPUTS)} as TOPIC.jsonl")
        return heapq.merge(
            *(self._raw(self.path / f"{topic}.jsonl", topic, now_ms) for topic in topics),
            key=lambda played: played.arrived_ms,
        )

    def _lines(self, now_ms: int) -> Iterator[Played]:
        with _opened(self.path) as file:
            first = file.readline().strip()
        if self.path.suffix == ".json" and (first == b"{" or first[:1] == b"["):
            raise BadInput(f"{self.path} is one JSON document; write one object a line")
        if not self._columns and self._product is None:
            return self._raw(self.path, self._topic, now_ms)
        with _opened(self.path) as file:
            lines = (line for line in file if not line.isspace())
            rows = [row for line in lines if (row := self._row(line)) is not None]
        header = sorted({name for row in rows for name in row})
        return self._mapped(rows, header, now_ms)

    def _raw(self, path: Path, topic: str, now_ms: int) -> Iterator[Played]:
        """Lines as they are, broken ones included: in file order if that is of arrival."""
        lines: Iterable[Line] = _timed(path)
        with _opened(path) as file:
            in_order = is_in_order(file, time_of)
        if not in_order:
            self.sorted.append(path.name)
            lines = by_time(lines)
        return (Played(arrived, topic, value) for value, arrived in arrivals(lines, now_ms))

    def _row(self, line: bytes) -> dict[str, Any] | None:
        try:
            row = msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            row = None
        if isinstance(row, dict):
            return row
        self.skipped["not a JSON object"] += 1
        return None

    def _table(self, now_ms: int) -> Iterator[Played]:
        csv.field_size_limit(sys.maxsize)
        delimiter = "\t" if self.path.suffix == ".tsv" else ","
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, delimiter=delimiter)
                header, rows = list(reader.fieldnames or ()), list(reader)
        except OSError as error:
            raise BadInput(f"cannot read {self.path}: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise BadInput(f"{self.path} is not UTF-8 (byte {error.start}); convert it") from None
        except csv.Error as error:
            raise BadInput(f"{self.path}: {error}") from None
        return self._mapped(rows, header, now_ms)

    def _mapped(
        self, rows: list[Mapping[str, Any]] | list[dict[str, Any]], header: list[str], now_ms: int
    ) -> Iterator[Played]:
        """Rows sorted by time: an export is rarely in order of arrival."""
        if not rows:
            raise BadInput(f"{self.path} has no rows")
        column_map = ColumnMap.parse(self._columns, header, self._time_format)
        played = []
        last_error = ""
        for row in rows:
            try:
                event, time_ms = column_map.event(row)
            except BadRow as error:
                self.skipped[error.reason] += 1
                last_error = str(error)
                continue
            if self._product is not None:
                event.setdefault("product", self._product)
            arrived = now_ms if time_ms is None else min(time_ms, now_ms)
            played.append(Played(arrived, self._topic, msgspec.json.encode(event)))
        if not played:
            raise BadInput(f"{self.path}: no row could be used; the last: {last_error}")
        played.sort(key=lambda message: message.arrived_ms)
        return iter(played)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}") from None


def _timed(path: Path) -> Iterator[Line]:
    with _opened(path) as file:
        for line in file:
            if value := line.rstrip(b"\r\n"):
                yield value, time_of(value)


def time_of(value: bytes) -> int | None:
    """The event time a raw line seems to name, without trusting the line to be JSON."""
    found = _TIME.search(value)
    if found is None:
        return None
    text, number = found.groups()
    if number:
        return int(number)
    try:
        moment = datetime.fromisoformat(text.decode())
    except (ValueError, UnicodeDecodeError):
        return None
    return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)
