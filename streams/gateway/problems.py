"""What is answered instead of a reply: RFC 9457, problem+json."""

from math import ceil

import msgspec
from aiohttp import web

from schemas.turns import Reply

PAGE = "docs/gateway.md"
_encode = msgspec.json.encode

TITLES: dict[str, tuple[int, str]] = {
    "bad-request": (400, "This is not a request of the interface"),
    "no-token": (401, "A bearer token is needed"),
    "bad-token": (401, "The token is not accepted"),
    "other-origin": (403, "Pages of this origin may not ask"),
    "not-found": (404, "There is nothing here"),
    "no-such-session": (404, "There is no such session"),
    "wrong-method": (405, "Another method is needed"),
    "too-slow": (408, "The request came too slowly"),
    "session-busy": (409, "Two messages of this session are waiting already"),
    "too-large": (413, "The request is too large"),
    "wrong-type": (415, "Send application/json"),
    "upgrade-needed": (426, "This is for WebSockets"),
    "too-many-turns": (429, "Too many turns"),
    "too-many-sockets": (429, "Too many connections"),
    "failed": (500, "A mistake of ours"),
    "overloaded": (503, "More is asked than can be answered in time"),
    "not-ready": (503, "The assistant cannot be reached"),
    "draining": (503, "This gateway is being stopped"),
}
"""Code to status and title; docs/gateway.md has a heading for each."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """RFC 9457. `reply`: something useful to show all the same; `retry_after` in seconds."""

    type: str
    title: str
    status: int
    detail: str = ""
    retry_after: int = 0
    reply: Reply | None = None


class Refused(Exception):
    """The request is not served. `code`: one of `TITLES`; `retry_after_s`: when to come again."""

    def __init__(
        self, code: str, detail: str = "", retry_after_s: float = 0.0, reply: Reply | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        status, title = TITLES[code]
        self.problem = Problem(
            type=f"{PAGE}#{code}",
            title=title,
            status=status,
            detail=detail,
            retry_after=ceil(retry_after_s),
            reply=reply,
        )

    def response(self) -> web.Response:
        """Its answer over HTTP."""
        problem = self.problem
        headers = {"Content-Type": "application/problem+json"}
        if problem.retry_after:
            headers["Retry-After"] = str(problem.retry_after)
        if problem.status == 401:
            # RFC 6750: no error code for who has brought no token.
            error = "" if self.code == "no-token" else ' error="invalid_token"'
            headers["WWW-Authenticate"] = f"Bearer{error}"
        response = web.Response(status=problem.status, body=_encode(problem), headers=headers)
        if self.code in ("draining", "too-slow", "too-large"):
            response.force_close()
        return response
