"""`python -m edge.messenger`: carries one question outside, and brings the answer.

A process of its own without the vault's key. It knows what stands on its standard input, a line
with the address and the bytes of the question behind it, and the token in the file named there.
It posts these bytes once: no redirects, no proxy, TLS verified, the answer capped.
"""

from __future__ import annotations

import http.client
import signal
import ssl
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from edge.address import is_fit
from schemas.turns import Reply

PATH = "/v1/turns"
MOST_ANSWER = 64 << 10
"""Bytes."""
_MOST_TOKEN = 8_000
_OK = 200

Status = Literal["answered", "refused", "unreachable", "strange"]
"""refused: by the gateway, or the token is missing; strange: no answer of a gateway."""


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`address`: https, or http of this machine; `ca_file`: who vouches for it, if not the system.

    `seconds`: for all of it; then the process ends itself.
    """

    address: str
    token_file: str
    ca_file: str = ""
    seconds: float = 2.0


class Told(msgspec.Struct, frozen=True):
    """What came back. `sources`: titles of articles."""

    status: Status
    text: str = ""
    sources: tuple[str, ...] = ()


class _NoToken(Exception):
    """The file is missing, empty, or holds no token."""


def main() -> None:
    """Read the order, post, print what came back as JSON."""
    line, _, body = sys.stdin.buffer.read().partition(b"\n")
    order = msgspec.json.decode(line, type=Order)
    # The whole of it, also a name that is looked up or an answer that drips: the process just ends.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, order.seconds)
    sys.stdout.buffer.write(msgspec.json.encode(post(order, body)))


def post(order: Order, body: bytes) -> Told:
    """Raises nothing."""
    try:
        connection = _connection(order)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {_token(order)}"}
    except (ValueError, OSError, _NoToken):
        return Told("refused")
    try:
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        content = answer.read(MOST_ANSWER + 1)
        status = answer.status
    except (OSError, http.client.HTTPException, UnicodeError):
        return Told("unreachable")
    finally:
        connection.close()
    if status != _OK:
        return Told("refused")
    return _told(content)


def _connection(order: Order) -> http.client.HTTPConnection:
    if not is_fit(order.address):
        raise ValueError("the address")
    parts = urlsplit(order.address)
    assert parts.hostname is not None
    if parts.scheme == "http":
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=order.seconds)
    context = ssl.create_default_context(cafile=order.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return http.client.HTTPSConnection(
        parts.hostname, parts.port, timeout=order.seconds, context=context
    )


def _token(order: Order) -> str:
    with Path(order.token_file).open(encoding="ascii") as file:
        token = file.read(_MOST_TOKEN + 1).strip()
    if not token or len(token) > _MOST_TOKEN or not token.isprintable() or " " in token:
        raise _NoToken
    return token


def _told(content: bytes) -> Told:
    if len(content) > MOST_ANSWER:
        return Told("strange")
    try:
        reply = msgspec.json.decode(content, type=Reply)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Told("strange")
    if reply.status != "answered":
        return Told("refused")
    return Told("answered", reply.text, tuple(source.title for source in reply.sources))


if __name__ == "__main__":
    main()
