"""Who may see the page: from where, by which name of the host, with which token."""

import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from sinks.cluster import Secret
from sinks.errors import Unguarded
from sinks.hosts import hostname, is_here, port

COOKIE = "groundswell"
"""The port follows: browsers keep one set of cookies for all ports of a host."""
HEADER = "X-Groundswell"
"""A form of another site cannot send it: every POST has to."""
SESSION_SECONDS = 12 * 3600
LEAST_TOKEN = 16
"""Characters."""
OPEN = ("/login", "/api/login")
_STATIC = "/static/"

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "groundswell",
}
"""On every answer that is a page: nothing from elsewhere runs, and nobody else shows it."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Login(msgspec.Struct):
    token: str


class Guard:
    """Without a token only this machine is served; with one, whoever shows it.

    Raises Unguarded if others could reach the page without a token, or could guess it.
    """

    def __init__(self, host: str, token: Secret, now: Callable[[], float] = time.time) -> None:
        self._token = token
        self._now = now
        if not token and not is_here(host):
            raise Unguarded(
                f"others can reach {host}: set console_token or console_token_file"
                " (GROUNDSWELL_CONSOLE_TOKEN), or use --host 127.0.0.1"
            )
        if token and len(token.reveal()) < LEAST_TOKEN:
            raise Unguarded(f"console_token has fewer than {LEAST_TOKEN} characters; take more")

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the request through or refuse it."""
        # A page of another site whose name leads here (DNS rebinding) has no cookie of ours, but
        # without a token nothing else would stop it.
        if not self._token and not is_here(hostname(request.host)):
            raise web.HTTPMisdirectedRequest(text="this console answers to localhost only\n")
        if request.method == "POST":
            _check_sender(request)
        if not self._may_enter(request):
            if request.path.startswith("/api/"):
                return refusal(401, "log in first")
            raise web.HTTPSeeOther("/login")
        return await handler(request)

    def _may_enter(self, request: web.Request) -> bool:
        if not self._token or request.path in OPEN or request.path.startswith(_STATIC):
            return True
        kind, _, word = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and self._token.is_known_to(word.strip()):
            return True
        return self._is_session(request.cookies.get(_cookie(request), ""))

    def _is_session(self, cookie: str) -> bool:
        until, _, _ = cookie.partition(".")
        if not hmac.compare_digest(cookie.encode(errors="replace"), self._session(until).encode()):
            return False
        return int(until) > self._now()

    def _session(self, until: str) -> str:
        # Made of the token, so that it outlives a restart and dies with the token.
        key = self._token.reveal().encode()
        seal = hmac.new(key, f"session {until}".encode(), hashlib.sha256).hexdigest()
        return f"{until}.{seal}"

    async def login(self, request: web.Request) -> web.StreamResponse:
        """Take the token in JSON, give a cookie that no script can read."""
        try:
            told = msgspec.json.decode(await request.read(), type=_Login)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return refusal(400, "expected a token")
        if not self._token.is_known_to(told.token):
            return refusal(401, "that is not the token")
        response = web.Response(status=204)
        response.set_cookie(
            _cookie(request),
            self._session(str(int(self._now()) + SESSION_SECONDS)),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=request.secure,
        )
        return response


def _cookie(request: web.Request) -> str:
    return f"{COOKIE}-{port(request.host)}"


def refusal(status: int, message: str) -> web.Response:
    """An answer of the API that says why not."""
    return web.json_response({"error": message}, status=status)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """`PAGE_HEADERS` on every answer."""
    response.headers.update(PAGE_HEADERS)
    caching = "no-cache" if request.path.startswith(_STATIC) else "no-store"
    response.headers.setdefault("Cache-Control", caching)


def _check_sender(request: web.Request) -> None:
    if HEADER not in request.headers:
        raise web.HTTPForbidden(text=f"a POST needs the header {HEADER}\n")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="this comes from another site\n")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send application/json\n")
