"""What a replay reads and what it says something about, fixed before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from schemas.times import MINUTE_MS, format_ms
from streams.replay.errors import CannotReplay
from windows.alignment import Source

_FORMAT = 2
"""Of the files in the work folder: another one cannot be gone on with."""


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for, in epoch milliseconds; records from `start_ms` to before `stop_ms`.

    `warm_up`: minutes before it that are read as well, but not told of. Without `topics`, all
    inputs; without `products`, all products.
    """

    start_ms: int
    stop_ms: int
    warm_up: int = 0
    topics: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    @property
    def read_from_ms(self) -> int:
        """The time of the first record that is read."""
        return max(0, self.start_ms - self.warm_up * MINUTE_MS)

    @property
    def first_minute(self) -> int:
        """The first epoch minute of which is told; with no warm-up whatever the records say."""
        return self.start_ms // MINUTE_MS if self.warm_up else 0

    @property
    def end_minute(self) -> int:
        """The epoch minute before which all that is told of lies."""
        return -(-self.stop_ms // MINUTE_MS)

    @property
    def words(self) -> str:
        """The range as people read it."""
        return f"{format_ms(self.start_ms)} to {format_ms(self.stop_ms)}"


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Offsets of an input partition: from `start` to before `end`, and to before `stop` only to
    complete the last minutes.

    `low`: the first offset that is still there. `clipped`: retention has deleted records that may
    belong to the range. `goes_on`: there are records after `stop`, so a live worker has closed all
    minutes of the range. `first_ms`: time of the first record. `bytes`: an estimate.
    """

    topic: str
    partition: int
    low: int
    start: int
    end: int
    stop: int
    clipped: bool = False
    goes_on: bool = False
    first_ms: int | None = None
    bytes: int = 0

    @property
    def source(self) -> Source:
        """Base name of the topic, and the partition."""
        return (self.topic, self.partition)

    @property
    def extent(self) -> tuple[Source, int, int, bool]:
        """What is read, whatever is said about it."""
        return (self.source, self.start, self.stop, self.goes_on)

    @property
    def size(self) -> int:
        """Offsets to go through."""
        return self.stop - self.start

    @property
    def records(self) -> int:
        """Records of the range, at the most: offsets may have gaps."""
        return self.end - self.start


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The range on the log of one cluster, frozen at `planned_ms`.

    `missing`: topics that are not there. `topic_ids` tell a topic from another one of its name.
    `shards`: partitions of `signals`, by which products are told apart.
    """

    format: int = _FORMAT
    range: Range
    cluster_id: str
    prefix: str
    code: str
    rules: str
    shards: int
    planned_ms: int
    topic_ids: dict[str, str]
    missing: tuple[str, ...]
    stretches: tuple[Stretch, ...]

    @property
    def name(self) -> str:
        """Of the folder of its work."""
        return name_of(self.range, self.cluster_id, self.prefix, self.code, self.rules)

    @property
    def records(self) -> int:
        """Records of the range, at the most."""
        return sum(stretch.records for stretch in self.stretches)

    @property
    def size(self) -> int:
        """Offsets to go through."""
        return sum(stretch.size for stretch in self.stretches)

    @property
    def extents(self) -> list[tuple[Source, int, int, bool]]:
        """What is read; the same extents give the same result."""
        return [stretch.extent for stretch in self.stretches]

    @property
    def sources(self) -> Sequence[Source]:
        """Every partition that is waited for."""
        return [stretch.source for stretch in self.stretches]


def name_of(asked: Range, cluster_id: str, prefix: str, code: str, rules: str) -> str:
    """The same for the same question to the same code and rules, whenever it is asked."""
    digest = sha256(msgspec.json.encode((_FORMAT, asked, cluster_id, prefix))).hexdigest()[:8]
    span = "_".join(_stamp(ms) for ms in (asked.start_ms, asked.stop_ms))
    return f"{span}_code-{code}_rules-{rules}_{digest}"


def _stamp(ms: int) -> str:
    return format_ms(ms).replace("-", "").replace(":", "").replace(".000Z", "Z")


def encode_plan(plan: Plan) -> bytes:
    """As it stands in `plan.json`."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


def read_plan(path: Path) -> Plan | None:
    """The plan of a work folder, None if there is none. Raises CannotReplay."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Plan)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise CannotReplay(f"{path} is no plan ({error}): remove {path.parent}") from None
