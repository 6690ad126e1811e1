"""Wrong passphrases cost time: one second after the first, twice as much after each, to 15 minutes.

Each user has a count of their own: who mistypes keeps nobody else out. It holds over restarts and
when the clock is set back. It is for whoever sits before the device: who has copied the files, or
sets the clock ahead, is held up by Argon2id alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from edge.errors import EdgeError, Wait, WrongPassphrase
from edge.files import remove, save, turn

MOST_SECONDS = 900
_MANY = 11
"""As many failures as make the longest wait."""


class _Tries(msgspec.Struct, frozen=True):
    failures: int
    at_ms: int

    def ends_ms(self) -> int:
        seconds = min(MOST_SECONDS, 1 << min(self.failures - 1, _MANY)) if self.failures else 0
        return self.at_ms + 1000 * seconds


@contextmanager
def one_try(path: Path, user: str, now_ms: int) -> Iterator[int]:
    """Around an attempt; gives how many of this user failed since their last good one.

    It counts as failed before it begins, so that to be killed is no way round. Attempts of several
    processes come one after the other. Raises Wait.
    """
    with turn(path.parent):
        every = _read(path, now_ms)
        tries = every[user]
        if now_ms < tries.at_ms:
            # The clock was set back: the whole wait begins again.
            tries = every[user] = msgspec.structs.replace(tries, at_ms=now_ms)
            _write(path, every)
        if (rest := tries.ends_ms() - now_ms) > 0:
            raise Wait(math.ceil(rest / 1000))
        every[user] = _Tries(tries.failures + 1, now_ms)
        _write(path, every)
        try:
            yield tries.failures
        except WrongPassphrase:
            raise
        except EdgeError:
            # Not the passphrase's fault.
            every[user] = tries
            _write(path, every)
            raise
        del every[user]
        _write(path, every)


def waiting(path: Path, now_ms: int) -> dict[str, int]:
    """Seconds until the next attempt of each user who has to wait."""
    every = _read(path, now_ms)
    rests = {
        user: math.ceil((tries.ends_ms() - max(now_ms, tries.at_ms)) / 1000)
        for user, tries in sorted(every.items())
    }
    return {user: rest for user, rest in rests.items() if rest > 0}


def _read(path: Path, now_ms: int) -> defaultdict[str, _Tries]:
    every: defaultdict[str, _Tries] = defaultdict(lambda: _Tries(0, now_ms))
    try:
        every.update(msgspec.json.decode(path.read_bytes(), type=dict[str, _Tries]))
    except FileNotFoundError:
        pass
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # Nobody of ours leaves it so; as if from the future, so that the wait begins now.
        return defaultdict(lambda: _Tries(_MANY, now_ms + 1))
    return every


def _write(path: Path, every: dict[str, _Tries]) -> None:
    kept = {user: tries for user, tries in every.items() if tries.failures}
    if kept:
        save(path, [msgspec.json.encode(kept)])
    else:
        remove(path)
