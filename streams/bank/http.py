"""A real bank, behind the contract of wire.py."""

import ssl
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
import msgspec
from opentelemetry import propagate

from agents.assistant.bank import Found
from agents.assistant.errors import BankAway, BankRefused
from agents.llm.client import BadBody, body_of
from schemas.tools import (
    Call,
    ListTransactions,
    ReadCall,
    ReadLimits,
    ReadOrder,
    Receipt,
    WriteCall,
)
from sinks.cluster import Secret
from streams.bank.calls import canonical, check_key, name_of
from streams.bank.wire import (
    CUSTOMER,
    DEADLINE,
    KEY,
    MOST_ANSWERED,
    ROUTES,
    STATUS,
    TENANT,
    Refused,
    asked,
    header,
)

deadline_ms: ContextVar[int] = ContextVar("deadline_ms", default=0)
"""When nobody waits for the answer any more; 0: not said."""
_CONNECT_SHARE = 0.5
_CONNECTIONS = 100
_LONGEST_LIST = 500
_SHOWN = 200
_refused = msgspec.json.Decoder(Refused).decode
_answers = {name: msgspec.json.Decoder(route.answer).decode for name, route in ROUTES.items()}


class HttpBank:
    """A CoreBank. `patience_s` holds for each step of a request; the caller bounds the whole.

    Neither proxies nor passwords are taken from the environment, and no redirect is followed.
    """

    def __init__(
        self, url: str, token: Secret, tls: ssl.SSLContext, *, patience_s: float = 0.6
    ) -> None:
        # Compressed bodies would grow after they have been measured.
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if token:
            headers["authorization"] = f"Bearer {token.reveal()}"
        self._url = url.rstrip("/")
        self._http = httpx.AsyncClient(
            headers=headers,
            # What a bank hangs on the answer to one customer must not come with the next one's.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=httpx.Timeout(patience_s, connect=_CONNECT_SHARE * patience_s),
            limits=httpx.Limits(max_connections=_CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
            verify=tls,
        )

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:
        """Facts of this customer. Raises BankAway, BankRefused."""
        found: Found = await self._ask(tenant, customer, call, {})
        _check_fits(call, found)
        return found[: call.most] if isinstance(call, ListTransactions) else found  # type: ignore[index]

    async def write(self, tenant: str, customer: str, call: WriteCall, key: str) -> Receipt:
        """One effect for one key. Raises BankAway, BankRefused."""
        check_key(key)
        receipt: Receipt = await self._ask(tenant, customer, call, {KEY: key})
        if (receipt.key, receipt.tool) != (key, name_of(call)):
            raise BankAway("the receipt is of something else")
        return receipt

    async def close(self) -> None:
        """Let go of the connections; safe to call twice."""
        await self._http.aclose()

    async def _ask(self, tenant: str, customer: str, call: Call, headers: dict[str, str]) -> Any:
        canonical(call)
        method, path, query, body = asked(call)
        if not (tenant and customer):
            raise BankRefused("not_found")
        headers = headers | {TENANT: header(tenant), CUSTOMER: header(customer)}
        if until := deadline_ms.get():
            headers[DEADLINE] = str(until)
        if body is not None:
            headers["content-type"] = "application/json"
        propagate.inject(headers)
        try:
            async with self._http.stream(
                method, self._url + path, params=query, content=body, headers=headers
            ) as response:
                said = await body_of(response, MOST_ANSWERED)
        except BadBody as error:
            raise BankAway(str(error)) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise BankAway(f"no connection ({type(error).__name__})", sent=False) from None
        except httpx.HTTPError as error:
            raise BankAway(f"no answer ({type(error).__name__})") from None
        return _judged(call, response.status_code, said)


def _judged(call: Call, status: int, said: bytes) -> Any:
    """What the body says; nothing of it is quoted, for it may hold what is personal."""
    try:
        if status == 200:
            return _answers[name_of(call)](said)
        refusal = _refused(said)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise BankAway(f"HTTP {status} with a body that is not of the contract") from None
    # Only its own word is a no: a proxy in between has other pages for the same status.
    if STATUS.get(refusal.code) == status:
        raise BankRefused(refusal.code, refusal.detail[:_SHOWN])
    raise BankAway(f"HTTP {status}")


def _check_fits(call: ReadCall, found: Found) -> None:
    """Raises BankAway for an answer to another question."""
    if isinstance(found, tuple) and len(found) > _LONGEST_LIST:
        raise BankAway("the list is too long")
    match call:
        case ReadLimits() if isinstance(found, tuple):
            fits = all(getattr(one, "card", "") == call.card for one in found)
        case ReadOrder():
            fits = getattr(found, "id", "") == call.order
        case _:
            fits = True
    if not fits:
        raise BankAway("the answer is about something else")
