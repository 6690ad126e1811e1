"""Wrong passphrases cost time: one second after the first, twice as much after each, to 15 minutes.

It holds over restarts and when the clock is set back. It is for whoever sits before the device:
who has copied the files, or sets the clock ahead, is held up by Argon2id alone.
"""

from __future__ import annotations

import math
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
def one_try(path: Path, now_ms: int) -> Iterator[int]:
    """Around an attempt; gives how many failed since the last good one.

    It counts as failed before it begins, so that to be killed is no way round. Attempts of several
    processes come one after the other. Raises Wait.
    """
    with turn(path.parent):
        tries = _read(path, now_ms)
        if now_ms < tries.at_ms:
            # The clock was set back: the whole wait begins again.
            tries = msgspec.structs.replace(tries, at_ms=now_ms)
            save(path, [msgspec.json.encode(tries)])
        if (rest := tries.ends_ms() - now_ms) > 0:
            raise Wait(math.ceil(rest / 1000))
        save(path, [msgspec.json.encode(_Tries(tries.failures + 1, now_ms))])
        try:
            yield tries.failures
        except WrongPassphrase:
            raise
        except EdgeError:
            # Not the passphrase's fault.
            save(path, [msgspec.json.encode(tries)])
            raise
        remove(path)


def waiting(path: Path, now_ms: int) -> int:
    """Seconds until the next attempt."""
    tries = _read(path, now_ms)
    return max(0, math.ceil((tries.ends_ms() - max(now_ms, tries.at_ms)) / 1000))


def _read(path: Path, now_ms: int) -> _Tries:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Tries)
    except FileNotFoundError:
        return _Tries(0, now_ms)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # Nobody of ours leaves it so; as if from the future, so that the wait begins now.
        return _Tries(_MANY, now_ms + 1)
