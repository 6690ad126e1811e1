"""Which pages of the web may ask: none of another origin, unless it is named."""

from urllib.parse import urlsplit

from aiohttp import hdrs, web
from multidict import CIMultiDict

from streams.gateway.problems import Refused
from streams.settings import SettingsError

_AGE_SECONDS = "600"
_METHODS = "GET, POST"
_ALLOWED = "Authorization, Content-Type, Idempotency-Key, traceparent, tracestate"
_SHOWN = "Retry-After, Server-Timing, traceparent, Idempotency-Key"


class Origins:
    """Exact origins such as `https://bank.example`. Raises SettingsError for anything else."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        for origin in allowed:
            parts = urlsplit(origin)
            plain = f"{parts.scheme}://{parts.netloc}"
            if parts.scheme not in ("http", "https") or not parts.netloc or plain != origin:
                raise SettingsError(
                    f"setting gateway_origins: {origin!r}: write https://HOST[:PORT] for each"
                )
        self._allowed = frozenset(allowed)

    def check(self, request: web.Request) -> None:
        """Raises Refused for a page of another origin."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None or origin in self._allowed or _is_own(origin, request):
            return
        raise Refused("other-origin")

    def add_headers(self, request: web.BaseRequest, headers: "CIMultiDict[str]") -> None:
        """What lets a page of an allowed origin read the answer."""
        if not self._allowed:
            return
        headers[hdrs.VARY] = "Origin"
        origin = request.headers.get(hdrs.ORIGIN, "")
        if origin in self._allowed:
            headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _SHOWN

    def preflight(self, request: web.Request) -> web.Response:
        """The answer to a browser that asks beforehand. Raises Refused."""
        if request.headers.get(hdrs.ORIGIN, "") not in self._allowed:
            raise Refused("other-origin")
        return web.Response(
            status=204,
            headers={
                hdrs.ACCESS_CONTROL_ALLOW_METHODS: _METHODS,
                hdrs.ACCESS_CONTROL_ALLOW_HEADERS: _ALLOWED,
                hdrs.ACCESS_CONTROL_MAX_AGE: _AGE_SECONDS,
            },
        )


def _is_own(origin: str, request: web.Request) -> bool:
    return origin == f"{request.scheme}://{request.host}"
