"""A gateway of a test, the issuer it trusts, and an assistant whose manners the test decides."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from schemas.turns import Part, Reply, Timing, Turn
from streams.gateway.asking import OnPart
from streams.gateway.keys import Keys
from streams.gateway.server import Gateway, GatewayRules
from streams.gateway.tokens import TokenRules, Tokens
from streams.metrics import Metrics
from streams.requests.errors import NoReply

ISSUER, AUDIENCE = "https://login.bank.example", "assistant"
RULES = TokenRules(ISSUER, AUDIENCE)


class Issuer:
    """One key of each accepted type; `document` is what its JWKS says."""

    def __init__(self) -> None:
        self.secret: dict[str, Any] = {
            "RS256": rsa.generate_private_key(65537, 2048),
            "ES256": ec.generate_private_key(ec.SECP256R1()),
            "EdDSA": ed25519.Ed25519PrivateKey.generate(),
        }
        self.document = self.jwks()
        self.reads = 0

    def jwk(self, algorithm: str) -> dict[str, Any]:
        kinds: dict[str, Any] = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}
        public = self.secret[algorithm].public_key()
        jwk: dict[str, Any] = kinds[algorithm].to_jwk(public, as_dict=True)
        return {**jwk, "kid": algorithm, "use": "sig", "alg": algorithm}

    def jwks(self, *more: dict[str, Any]) -> bytes:
        return json.dumps({"keys": [*map(self.jwk, self.secret), *more]}).encode()

    async def fetch(self) -> bytes:
        self.reads += 1
        return self.document

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(time.time())
        known = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "u-1",
            "tenant": "bank-a",
            "iat": now,
            "exp": now + 600,
        }
        return {k: v for k, v in {**known, **other}.items() if v is not None}

    def token(
        self, algorithm: str = "EdDSA", headers: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        return jwt.encode(
            self.claims(**claims),
            self.secret[algorithm],
            algorithm=algorithm,
            headers={"kid": algorithm, **(headers or {})},
        )


class Assistant:
    """An `Asking` in this process; `delay` seconds, then the reply or `error`."""

    def __init__(self) -> None:
        self.ready = True
        self.delay = 0.0
        self.error: Exception | None = None
        self.reply: Callable[[Turn], Reply] = echo
        self.parts: tuple[str, ...] = ()
        self.asked: list[Turn] = []
        self.traces: list[dict[str, str]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def ask(
        self,
        turn: Turn,
        *,
        deadline_ms: int,
        trace: Mapping[str, str],
        on_part: OnPart | None = None,
    ) -> Reply:
        self.asked.append(turn)
        self.traces.append(dict(trace))
        try:
            async with asyncio.timeout(deadline_ms / 1000 - time.time()):
                await asyncio.sleep(self.delay)
                await self.open.wait()
        except TimeoutError:
            raise NoReply from None
        if self.error is not None:
            raise self.error
        for part in self.parts:
            if on_part is not None:
                on_part(Part(turn.session, turn.turn, part))
            await asyncio.sleep(0)
        return self.reply(turn)


def echo(turn: Turn) -> Reply:
    text = f"{turn.user}: {turn.text or turn.choice}"
    return Reply(
        session=turn.session, turn=turn.turn, text=text, timing=Timing(waited=1.0, worked=2.0)
    )


class House:
    """Everything of one test."""

    def __init__(self, rules: GatewayRules) -> None:
        self.issuer = Issuer()
        self.assistant = Assistant()
        self.metrics = Metrics()
        self.keys = Keys(self.issuer.fetch, time.monotonic)
        self.gateway = Gateway(self.assistant, Tokens(self.keys, RULES), rules, self.metrics)
        self.port = 0
        self.session: aiohttp.ClientSession

    def bearer(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.token(**claims)}"}

    async def say(
        self, text: object = "hello", headers: Mapping[str, str] | None = None, **fields: Any
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        """POST; `text` may be bytes: the whole body."""
        body = text if isinstance(text, bytes) else json.dumps({"text": text, **fields}).encode()
        sent = {"Content-Type": "application/json", **self.bearer(), **(headers or {})}
        async with self.session.post("/v1/turns", data=body, headers=sent) as response:
            return response.status, await response.json(content_type=None), response.headers

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def house(rules: GatewayRules | None = None) -> AsyncIterator[House]:
    made = House(rules or GatewayRules())
    made.port = await made.gateway.start("127.0.0.1", 0)
    try:
        url, many = f"http://127.0.0.1:{made.port}", aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(url, connector=many) as made.session:
            yield made
    finally:
        await made.gateway.drain(0.1)
        await made.gateway.stop()
