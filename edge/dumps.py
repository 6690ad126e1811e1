"""No dump of memory: a crash would leave what this process has read of patients in a file."""

from __future__ import annotations

import ctypes
import resource
import sys

_SET_DUMPABLE = 4
"""Of prctl(2)."""


def switch_off() -> None:
    """From now on, for the life of the process; a program that it starts keeps the limit only."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit is nothing to a system that hands its dumps to a program, as many Linuxes do.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
