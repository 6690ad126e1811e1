"""What every request passes: who it is, from which page, and what is answered when it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from streams.gateway.bodies import MAX_BODY
from streams.gateway.keys import KeysAway
from streams.gateway.origins import Origins
from streams.gateway.problems import Refused
from streams.gateway.tokens import BadToken, Caller, Tokens
from streams.logs import log_failure
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
BODY_SECONDS = 5.0
_BEARER_PROTOCOL = "bearer."
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CODES = {404: "not-found", 405: "wrong-method", 413: "too-large"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Checks tokens and origins, reads bodies, and turns every failure into a problem."""

    def __init__(self, tokens: Tokens, origins: Origins, metrics: Metrics) -> None:
        self._tokens = tokens
        self._origins = origins
        self._metrics = metrics

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer, whatever happens."""
        try:
            response = await self._pass(request, handler)
        except Refused as refused:
            response = refused.response()
        except web.HTTPException as error:
            response = _refused(error).response()
            if allow := error.headers.get(hdrs.ALLOW):
                response.headers[hdrs.ALLOW] = allow
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception as error:
            log_failure(logger, "a request failed", error)
            response = Refused("failed").response()
        resource = request.match_info.route.resource
        route = resource.canonical if resource else "other"
        self._metrics.add("groundswell_gateway_requests_total", 1, route, response.status)
        return response

    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in (
            request.headers
        ):
            return self._origins.preflight(request)
        if hdrs.ORIGIN in request.headers:
            self._origins.check(request)
        return await handler(request)

    async def dress(self, request: web.Request, response: web.StreamResponse) -> None:
        """Headers of every answer."""
        headers = response.headers
        headers[hdrs.SERVER] = "groundswell"
        # A page has stricter and looser ones of its own.
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        if request.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        self._origins.add_headers(request, headers)

    async def caller(self, request: web.Request) -> Caller:
        """Whose token the request brings. Raises Refused."""
        kind, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if kind.lower() != "bearer":
            token = _token_of_socket(request)
        if not token:
            raise Refused("no-token")
        try:
            return await self._tokens.check(token.strip())
        except BadToken as error:
            self._metrics.add("groundswell_gateway_tokens_refused_total", 1, error.reason)
            raise Refused("bad-token") from None
        except KeysAway:
            raise Refused("not-ready", "tokens cannot be checked now", 5.0) from None

    async def body(self, request: web.Request) -> bytes:
        """The JSON that was sent. Raises Refused."""
        if request.content_type != "application/json" or hdrs.CONTENT_ENCODING in request.headers:
            raise Refused("wrong-type")
        if (request.content_length or 0) > MAX_BODY:
            raise Refused("too-large", f"at most {MAX_BODY} bytes")
        if request.content.is_eof():
            # It came with its headers, as it mostly does.
            return await request.read()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await request.read()
        except TimeoutError:
            raise Refused("too-slow") from None


def _token_of_socket(request: web.Request) -> str:
    """Browsers can set no header on a WebSocket but its subprotocols."""
    if hdrs.SEC_WEBSOCKET_KEY not in request.headers:
        return ""
    for offered in request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "").split(","):
        if (name := offered.strip()).startswith(_BEARER_PROTOCOL):
            return name.removeprefix(_BEARER_PROTOCOL)
    return ""


def _refused(error: web.HTTPException) -> Refused:
    fallback = "bad-request" if error.status < 500 else "failed"
    return Refused(_CODES.get(error.status, fallback))
