"""No way out of the record process: an audit hook that refuses calls which could carry data away.

Refused: every connection (also to this machine: a proxy may listen there), datagrams, names that
would be looked up, listening anywhere but on loopback, raw and foreign sockets, other processes
but those in `CHILDREN` (started exactly as `child` says), forks, loading libraries by ctypes and
looking up in loaded ones what does the same.

What it cannot stop: code in C that asks the system itself, as an extension module may, the private
`_posixsubprocess`, or an extension loaded into SQLCipher, which tells no hook; a socket or file
that was open before; `send` on a connection that was accepted; writing to a mounted or shared
folder; the clipboard and the screen. It guards against mistakes of ours and of the packages we
use, not against hostile machine code in this process: for that, start it where the system has no
network either. A hook cannot be taken off again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from ipaddress import ip_address

from edge.errors import Forbidden

CHILDREN = ("edge.importing.reader", "edge.messenger")
"""Our own programs; each gets only what stands on its standard input."""

_REFUSED = frozenset({
    "ctypes.dlopen", "ftplib.connect", "http.client.connect", "imaplib.open", "os.exec", "os.fork",
    "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "poplib.connect",
    "pty.spawn", "smtplib.connect", "socket.connect", "socket.gethostbyaddr",
    "socket.gethostbyname", "socket.getnameinfo", "socket.sendmsg", "socket.sendto",
    "socket.sethostname", "telnetlib.Telnet.open", "urllib.Request", "webbrowser.open",
})  # fmt: skip
_SYMBOLS = frozenset({
    "accept", "bind", "clone", "connect", "dlopen", "dlsym", "execl", "execle", "execlp", "execv",
    "execve", "execvp", "execvpe", "fork", "forkpty", "getaddrinfo", "gethostbyname", "popen",
    "posix_spawn", "posix_spawnp", "send", "sendfile", "sendmmsg", "sendmsg", "sendto", "socket",
    "syscall", "system", "vfork",
})  # fmt: skip
_FAMILIES = frozenset({-1, 1, 2, 10, 30})
"""Sockets that a local page and its event loop need: Unix pairs, IPv4, IPv6 (Linux, macOS)."""
_STREAM = 1
_KIND = 0xF
"""The kind of a socket without the flags that Linux puts beside it."""

_installed = False


def install() -> None:
    """From now on, for the life of the process; again does nothing."""
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_check)


def child(module: str) -> list[str]:
    """How one of `CHILDREN` is started: this Python, nothing of the current folder."""
    return [sys.executable, "-P", "-m", module]


def _check(event: str, arguments: tuple[object, ...]) -> None:
    if event in _REFUSED:
        allowed = event == "ctypes.dlopen" and arguments[0] is None
    elif event == "socket.bind":
        allowed = _is_loopback(arguments[1])
    elif event == "socket.getaddrinfo":
        allowed = _is_loopback(arguments)
    elif event == "socket.__new__":
        allowed = arguments[1] in _FAMILIES and _is_stream(arguments[2])
    elif event == "subprocess.Popen":
        allowed = arguments[0] == sys.executable and _is_ours(arguments[1])
    elif event in ("ctypes.dlsym", "ctypes.dlsym/handle"):
        allowed = arguments[1] not in _SYMBOLS
    else:
        return
    if not allowed:
        raise Forbidden(f"the record process may not use {event}: nothing was sent")


def _is_loopback(address: object) -> bool:
    """Whether an address, or arguments that begin with one, is a number of this machine only."""
    if not (isinstance(address, tuple) and address and isinstance(address[0], str)):
        return False
    try:
        return ip_address(address[0]).is_loopback
    except ValueError:
        return False


def _is_stream(kind: object) -> bool:
    return isinstance(kind, int) and (kind == -1 or kind & _KIND == _STREAM)


def _is_ours(command: object) -> bool:
    if not isinstance(command, Sequence) or isinstance(command, str | bytes):
        return False
    return any(list(command) == child(module) for module in CHILDREN)
