"""The HTTP side of changes that come in: who may send, how much, and what is answered."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aiohttp import web

from schemas.changes import MAX_CHANGE_BYTES
from sinks.clock import now_ms
from sinks.errors import SinkError
from sinks.hosts import hostname, is_here
from sinks.listener import Listener
from sinks.pacing import Pacer
from streams.changes.errors import BadForm, NotAChange
from streams.changes.form import Request
from streams.changes.log import ChangeLog
from streams.changes.rules import Rule, apply
from streams.changes.senders import Sender
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
PER_MINUTE = 120
"""Changes of one form."""
_READ_SECONDS = 10.0
_WRITE_SECONDS = 8.0
"""GitHub and GitLab give up after ten."""
_AT_ONCE = 8
_COME_AGAIN = "30"


class Denied(Exception):
    """The request is not served: the answer's status, reason, and what the metric calls it."""

    def __init__(self, status: HTTPStatus, reason: str, outcome: str, again: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.outcome = outcome
        self.headers = {"Retry-After": again} if again else {}
        if status == HTTPStatus.UNAUTHORIZED:
            self.headers["WWW-Authenticate"] = "Bearer"


class Webhook:
    """`POST` to the path of a sender's form writes a change; whatever comes, no answer is a 500."""

    def __init__(
        self, log: ChangeLog, senders: Sequence[Sender], rules: Sequence[Rule], metrics: Metrics
    ) -> None:
        self._log = log
        self._rules = rules
        self._metrics = metrics
        self._is_local = False
        self._writing = asyncio.Semaphore(_AT_ONCE)
        app = web.Application(client_max_size=MAX_CHANGE_BYTES)
        for sender in senders:
            handler = _Handler(self, sender)
            for path in sender.paths:
                app.router.add_post(path, handler.answer)
        self._listener = Listener(app, "changes_port", _WRITE_SECONDS + 1)

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises CannotListen."""
        self._is_local = is_here(host)
        return await self._listener.start(host, port)

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        await self._listener.stop()

    def check_host(self, sender: Sender, host: str) -> None:
        """Without a secret a form is for this machine alone. Raises Denied."""
        if sender.secret:
            return
        # A page in a browser here may reach us by a name of its own that means this machine.
        if not self._is_local or not is_here(hostname(host)):
            raise Denied(
                HTTPStatus.FORBIDDEN, f"not set up here: set {sender.setting}", "unauthorised"
            )

    async def take(self, sender: Sender, request: Request) -> str:
        """The id of the change that is on the log now. Raises NotAChange, BadForm, Denied."""
        message = apply(self._rules, sender.read(request))
        try:
            async with asyncio.timeout(_WRITE_SECONDS), self._writing:
                change = await self._log.add(message, now_ms())
        except (SinkError, TimeoutError) as error:
            logger.warning("change not written", extra={"source": sender.name, "why": repr(error)})
            raise Denied(
                HTTPStatus.SERVICE_UNAVAILABLE, "the log is away", "failed", _COME_AGAIN
            ) from None
        logger.info("change taken", extra={"source": sender.name, "id": change.id})
        return change.id

    def count(self, sender: Sender, outcome: str) -> None:
        """Show what became of a request."""
        self._metrics.add("groundswell_changes_total", 1, sender.name, outcome)


class _Handler:
    """One form: a request in, an answer out."""

    def __init__(self, webhook: Webhook, sender: Sender) -> None:
        self._webhook = webhook
        self._sender = sender
        # Half of it at once.
        self._pacer = Pacer(2 * PER_MINUTE)

    async def answer(self, request: web.Request) -> web.Response:
        try:
            change_id = await self._webhook.take(self._sender, await self._checked(request))
        except NotAChange as reason:
            return self._say(HTTPStatus.ACCEPTED, "ignored", self._ignored(str(reason)))
        except BadForm as error:
            body = self._sender.turned_down(str(error))
            return self._say(HTTPStatus.BAD_REQUEST, "refused", body)
        except Denied as error:
            body = self._sender.turned_down(str(error))
            return self._say(error.status, error.outcome, body, error.headers)
        return self._say(HTTPStatus.ACCEPTED, "accepted", self._sender.welcome(change_id))

    def _ignored(self, reason: str) -> Mapping[str, Any]:
        return self._sender.accepted or {"status": "ignored", "reason": reason}

    def _say(
        self,
        status: HTTPStatus,
        outcome: str,
        body: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        self._webhook.count(self._sender, outcome)
        shown = {"Server": "groundswell", **(headers or {})}
        return web.json_response(dict(body), status=status, headers=shown)

    async def _checked(self, request: web.Request) -> Request:
        """What was sent, by somebody who may. Raises Denied."""
        self._webhook.check_host(self._sender, request.host)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.content_type != "application/json" or "content-encoding" in headers:
            # No page in a browser can send this to another site unasked.
            raise Denied(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "send Content-Type: application/json, not compressed",
                "refused",
            )
        found = Request(headers, await self._body(request))
        if self._sender.secret and not self._sender.is_genuine(found, self._sender.secret):
            logger.warning(
                "change from a stranger",
                extra={"source": self._sender.name, "from": request.remote},
            )
            raise Denied(HTTPStatus.UNAUTHORIZED, "the secret is missing or wrong", "unauthorised")
        if wait := self._pacer.take():
            raise Denied(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"more than {PER_MINUTE} a minute",
                "limited",
                str(int(wait) + 1),
            )
        return found

    async def _body(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                return await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise Denied(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"more than {MAX_CHANGE_BYTES} bytes",
                "refused",
            ) from None
        except TimeoutError:
            raise Denied(HTTPStatus.REQUEST_TIMEOUT, "too slow", "refused") from None
