"""`groundswell-edge` on a machine without a network: `-m streams.edge.demonstration.offline`.

An audit hook refuses whatever would reach out, so an update can only come from a folder.
"""

from __future__ import annotations

import sys

from edge.cli import main

_REFUSED = frozenset({
    "http.client.connect", "socket.bind", "socket.connect", "socket.getaddrinfo",
    "socket.gethostbyname", "socket.sendmsg", "socket.sendto", "urllib.Request",
})  # fmt: skip


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event in _REFUSED:
        raise OSError(f"the network is cut: {event}")


if __name__ == "__main__":
    sys.addaudithook(_refuse)
    main(prog_name="groundswell-edge")
