"""No way out of a device's tests: what reaches for another machine is refused, and fails the test.

An audit hook, in the process of the tests and, by `site/sitecustomize.py`, in each that they start
with their environment. A connection, a datagram or a listening socket may name this machine by
number, or a file; a name is never looked up. What was refused is also written to a file, for the
code under test may take the error for a source that is away. Code in C that asks the system itself
(librdkafka) tells no hook; our own children without this environment have `edge.guard`, which is
stricter, or are the messenger, whose tests ask this machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

SITE = str(Path(__file__).parent / "site")
REPORT = "GROUNDSWELL_REACHED_OUT"
"""Names the file of what was refused; while it is unset nothing is."""
DEVICE = ("tests/edge/", "tests/agents/records/", "tests/schemas/", "tests/browser/test_edge_")
"""Whose tests run without a way out."""

_PLACED = {"socket.bind": 1, "socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
_NAMED = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
_installed = False


class Outside(OSError):
    """A call that would have left this machine; it was not made."""


def install() -> None:
    """For the life of the process; again does nothing."""
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_check)


@contextmanager
def closed(report: Path) -> Iterator[None]:
    """Until the end of the block. Raises AssertionError if something reached out."""
    install()
    path = os.environ.get("PYTHONPATH", "")
    ours = {REPORT: str(report), "PYTHONPATH": f"{SITE}{os.pathsep}{path}" if path else SITE}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            # A fixture may have set it for the test that comes.
            if os.environ.get(name) == ours[name]:
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        told = report.read_text("utf-8") if report.exists() else ""
        report.unlink(missing_ok=True)
    if told:
        raise AssertionError(f"reached for another machine:\n{told}")


def is_of_device(path: str) -> bool:
    """Whether a test file, named from the root with /, runs so."""
    return path.startswith(DEVICE)


def _check(event: str, arguments: tuple[object, ...]) -> None:
    if event in _PLACED:
        allowed = _is_here(arguments[_PLACED[event]])
    elif event in _NAMED:
        allowed = _is_number(arguments[_NAMED[event]])
    else:
        return
    if allowed or not (report := os.environ.get(REPORT)):
        return
    told = f"{event} {arguments[1:] if event in _PLACED else arguments}"
    with Path(report).open("a", encoding="utf-8") as file:
        file.write(f"{told}\n")
    raise Outside(told)


def _is_here(address: object) -> bool:
    """Whether it is a file, a peer that was connected before, or a number of this machine."""
    if isinstance(address, tuple):
        return bool(address) and _is_number(address[0])
    return address is None or isinstance(address, str | bytes)


def _is_number(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    try:
        return host is None or (isinstance(host, str) and ip_address(host).is_loopback)
    except ValueError:
        return False
