"""What becomes of a connection that the record process tries to make."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import NamedTuple

_PROGRAM = """\
import socket, sys
from edge import guard
from edge.errors import Forbidden
if sys.argv[2] == "guarded":
    guard.install()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    print("connected")
except Forbidden as error:
    print(error)
"""
_PATIENCE_S = 30.0


class Reached(NamedTuple):
    """What the process said, and whether a connection came."""

    said: str
    came: bool


def reach(*, guarded: bool) -> Reached:
    """A child process tries to connect to a port that this one listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        word = "guarded" if guarded else "free"
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, port, word],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        server.setblocking(False)
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return Reached(done.stdout.strip(), came=False)
        return Reached(done.stdout.strip(), came=True)
