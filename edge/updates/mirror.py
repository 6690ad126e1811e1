"""A copy of the publisher's files on a web server, which may be anybody's."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from edge.errors import Missing, Unreachable
from edge.updates.source import PIECE, Source

PATIENCE_S = 20.0
"""Until an answer begins, and what a slow one gets on top."""
LEAST_RATE = 4_000
"""Bytes a second of a whole answer; slower is given up, and gone on with the next time."""
_NO_FILE = (403, 404, 410)
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


class Mirror(Source):
    """GET over HTTP or HTTPS: no redirects, no cookies, nothing sent but the path and a range."""

    def __init__(
        self, url: str, patience_s: float = PATIENCE_S, least_rate: int = LEAST_RATE
    ) -> None:
        """Raises Unreachable."""
        self._url = url.rstrip("/")
        self._patience_s = patience_s
        self._least_rate = least_rate
        try:
            parts = urlsplit(self._url)
            self._host, self._port = parts.hostname or "", parts.port
        except ValueError as error:
            raise Unreachable(f"{url[:200]}: {error}") from None
        if parts.scheme not in ("http", "https") or not self._host or parts.query or parts.username:
            raise Unreachable(f"{url[:200]} is no address like https://HOST/PATH")
        self._secure = parts.scheme == "https"
        self._path = parts.path

    def __str__(self) -> str:
        return self._url

    def _read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        connection = self._connect()
        # One deadline for all of it: a server that drips bytes never runs into a time-out.
        watch = _Watch(connection, self._patience_s + max(length - start, 0) / self._least_rate)
        try:
            with watch:
                response = self._ask(connection, key, start)
                skipped = _gone_over(response, start)
                while piece := response.read1(PIECE):
                    # A server that knows no ranges begins again.
                    over, skipped = piece[skipped:], max(skipped - len(piece), 0)
                    if over:
                        yield over
                if response.length and not watch.is_over:
                    raise Unreachable(f"{self._url}/{key} ended early: run it again")
        except (OSError, HTTPException, ValueError) as error:
            slow = "too slow" if watch.is_over else str(error) or type(error).__name__
            raise Unreachable(f"{self._url}/{key}: {slow}: run it again") from None
        finally:
            connection.close()
        if watch.is_over:
            raise Unreachable(f"{self._url}/{key}: too slow: run it again")

    def _connect(self) -> HTTPConnection:
        if self._secure:
            trusted = ssl.create_default_context()
            return HTTPSConnection(
                self._host, self._port, timeout=self._patience_s, context=trusted
            )
        return HTTPConnection(self._host, self._port, timeout=self._patience_s)

    def _ask(self, connection: HTTPConnection, key: str, start: int) -> HTTPResponse:
        headers = {"Accept-Encoding": "identity", "User-Agent": "groundswell-edge"}
        if start:
            headers["Range"] = f"bytes={start}-"
        connection.request("GET", f"{self._path}/{key}", headers=headers)
        response = connection.getresponse()
        if response.status in _NO_FILE:
            raise Missing(f"{self._url} has no {key}")
        if response.status not in (200, 206):
            told = "sends elsewhere, which is not followed" if response.status // 100 == 3 else ""
            raise Unreachable(f"{self._url}/{key}: {response.status} {told}".rstrip())
        return response


def _gone_over(response: HTTPResponse, start: int) -> int:
    """How many bytes of an answer lie before `start`. Raises Unreachable."""
    if response.status == 200:
        return start
    given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if given is None or not int(given[1]) <= start:
        raise Unreachable("the mirror gives another range than it was asked for")
    return start - int(given[1])


class _Watch:
    """Cuts a connection when its time is over."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.is_over = False
        self._connection = connection
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.is_over = True
        # Of the plain socket: TLS would wait for the other side.
        if (sock := self._connection.sock) is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
