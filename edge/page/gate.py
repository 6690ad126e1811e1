"""Who may ask: the browser of this machine that was shown the link, and no other page in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "groundswell-edge"
"""The port follows: browsers keep one set of cookies for all ports of a host."""
HEADER = "X-Groundswell"
"""The session's second half, which the cookie's readers on other ports do not have."""
API = "/api/"
ENTER = "/api/enter"
_BYTES = 24

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Server": "groundswell",
}
"""On every answer: nothing from elsewhere runs, nobody else shows it, no disk keeps it."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Session = tuple[bytes, bytes]
"""Digests of its halves."""


class Gate:
    """One link, which opens once; then a session, which ends with the process."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self.word = self._make()
        self._sessions: set[Session] = set()

    def __repr__(self) -> str:
        return "Gate(...)"

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the request through or refuse it."""
        # A page of another site whose name leads here (DNS rebinding).
        if not _is_here(request.host):
            raise web.HTTPMisdirectedRequest(text="this page answers to 127.0.0.1 only\n")
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            raise web.HTTPForbidden(text="this comes from another site\n")
        if request.path.startswith(API):
            origin = request.headers.get("Origin")
            if HEADER not in request.headers:
                raise web.HTTPForbidden(text=f"this needs the header {HEADER}\n")
            if origin is not None and urlsplit(origin).netloc != request.host:
                raise web.HTTPForbidden(text="this comes from another site\n")
            if request.path != ENTER and not self._knows(request):
                return refusal(401, "NoSession", "open the page by its link")
        return await handler(request)

    def enter(self, word: str) -> tuple[str, str] | None:
        """The two halves of a session, for the cookie and the header; the word is used up."""
        if not self.word or not _is_same(word, self.word):
            return None
        self.word = ""
        halves = self._make(), self._make()
        self._sessions.add((_digest(halves[0]), _digest(halves[1])))
        return halves

    def _knows(self, request: web.Request) -> bool:
        return session(request) in self._sessions

    def _make(self) -> str:
        return base64.urlsafe_b64encode(self._random(_BYTES)).decode()


def session(request: web.Request) -> Session:
    """Which one a request says that it is of; behind `check` it is."""
    shown = request.cookies.get(cookie_name(request), ""), request.headers[HEADER]
    return _digest(shown[0]), _digest(shown[1])


def cookie_name(request: web.Request) -> str:
    """Of the port that was asked."""
    return f"{COOKIE}-{urlsplit(f'//{request.host}').port or 80}"


def refusal(status: int, kind: str, message: str, **more: object) -> web.Response:
    """An answer that says why not; `kind`: name of the error, which the page has words for."""
    return web.json_response({"error": kind, "message": message, **more}, status=status)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """`HEADERS` on every answer."""
    response.headers.update(HEADERS)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(_digest(one), _digest(other))


def _is_here(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        return parts.port != 0 and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
