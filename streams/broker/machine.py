"""What the machine has: space and ports."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from pathlib import Path

from streams.broker.properties import HOST


def disk_bytes(directory: Path) -> int:
    """The space that the files below a directory take; 0 if it does not exist."""
    blocks = 0
    for parent, _, names in os.walk(directory):
        for name in names:
            # Kafka renames and deletes segments while we look.
            with contextlib.suppress(FileNotFoundError):
                blocks += (Path(parent) / name).stat().st_blocks
    return 512 * blocks


def free_bytes(directory: Path) -> int:
    """The free space of the file system of an existing directory."""
    return shutil.disk_usage(directory).free


def port_is_free(port: int) -> bool:
    """Whether a server could listen at `port` of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As Kafka does: connections of a server that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that the system says is free."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
