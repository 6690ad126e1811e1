"""How far a shard has come, in a file that is replaced at once."""

from __future__ import annotations

import msgspec

from streams.replay import files
from streams.replay.errors import CannotReplay
from streams.replay.job import Job


class Cursor(msgspec.Struct, array_like=True):
    """The next signal: of which chunk, and which one there; `closed` are the minutes before it."""

    chunk: int = 0
    signal: int = 0
    closed: int = 0
    ended: bool = False


class Saved(msgspec.Struct, array_like=True, frozen=True):
    """A shard between two minutes: `length` bytes of revisions are whole, `state` follows them."""

    cursors: list[Cursor]
    length: int
    state: bytes
    ended: bool


_decode = msgspec.msgpack.Decoder(Saved).decode


def save(job: Job, shard: int, saved: Saved) -> None:
    """Durable on return. Raises Interrupted."""
    files.replace(job.shard(shard, "snapshot"), [msgspec.msgpack.encode(saved)])


def has_ended(job: Job, shard: int) -> bool:
    """Whether all is said that is to be said of its products."""
    saved = load(job, shard)
    return saved is not None and saved.ended


def load(job: Job, shard: int) -> Saved | None:
    """None before the first one. Raises CannotReplay."""
    path = job.shard(shard, "snapshot")
    try:
        return _decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise CannotReplay(f"{path} is damaged ({error}): remove it") from None
