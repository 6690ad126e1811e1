"""An issuer of tokens for a demonstration on this machine: its own key, and no password."""

import secrets
import time
from typing import Annotated, Any

import jwt
import msgspec
from aiohttp import hdrs, web
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from sinks.hosts import hostname, is_here
from streams.gateway.problems import Refused

ISSUER = "https://issuer.invalid/groundswell-demo"
AUDIENCE = "groundswell-demo"
TENANT = "demo"
SECONDS = 3600
_ALGORITHM = "ES256"


class Login(msgspec.Struct, frozen=True):
    """The body of `POST /demo/login`; `strong`: as if with a second factor."""

    user: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    strong: bool = False


class DemoIssuer:
    """Anybody on this machine is whoever they say; never to be reached from elsewhere."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._kid = secrets.token_hex(8)

    @property
    def issuer(self) -> "DemoIssuer":
        """Itself: it is all there is to a demonstration without a page."""
        return self

    async def jwks(self) -> bytes:
        """Its public key as a JSON Web Key Set."""
        public: dict[str, Any] = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return msgspec.json.encode(
            {"keys": [{**public, "kid": self._kid, "alg": _ALGORITHM, "use": "sig"}]}
        )

    def token(self, user: str, *, strong: bool = False, seconds: int = SECONDS) -> str:
        """A token of a customer of the demonstration bank."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": user,
            "tenant": TENANT,
            "iat": now,
            "exp": now + seconds,
        }
        if strong:
            claims |= {"auth_time": now, "amr": ["mfa"]}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM, headers={"kid": self._kid})

    def add_routes(self, app: web.Application) -> None:
        """`POST /demo/login`."""
        app.router.add_post("/demo/login", self.login)

    async def login(self, request: web.Request) -> web.Response:
        """`POST /demo/login`. Raises Refused."""
        # A page whose name leads here must not log in as anybody.
        if not is_here(hostname(request.host)):
            raise Refused("other-origin")
        if request.content_type != "application/json":
            raise Refused("wrong-type")
        try:
            login = msgspec.json.decode(await request.read(), type=Login)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Refused("bad-request", "expected a user") from None
        body = {
            "access_token": self.token(login.user, strong=login.strong),
            "token_type": "Bearer",
            "expires_in": SECONDS,
        }
        return web.Response(
            body=msgspec.json.encode(body), headers={hdrs.CONTENT_TYPE: "application/json"}
        )
