"""Who is asking: a JSON Web Token of the bank's issuer, checked."""

import base64
import binascii
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

import jwt
import msgspec
from jwt import PyJWK
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuerError,
    InvalidSignatureError,
    PyJWTError,
)

from streams.gateway.keys import TYPES, Keys, UnknownKey

MAX_TOKEN = 8_000
"""Characters."""
LEEWAY_SECONDS = 30
MAX_NAME = 128
"""Bytes of a tenant or a user."""
MOST_KNOWN = 10_000
_LATEST = 2.0**40
_ALGORITHMS = list(TYPES)
_REASONS: dict[type[PyJWTError], str] = {
    ExpiredSignatureError: "expired",
    ImmatureSignatureError: "not_yet",
    InvalidAudienceError: "audience",
    InvalidIssuerError: "issuer",
    InvalidSignatureError: "signature",
}


class BadToken(Exception):
    """It is not accepted; `reason` is for the metric, the client is told nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Caller(msgspec.Struct, frozen=True):
    """Who asks. `expires`: epoch seconds; `strong_ms`: of the last second factor, 0: never."""

    tenant: str
    user: str
    expires: float
    strong_ms: int = 0


class _Header(msgspec.Struct):
    """What the token says of its own making; addresses of keys in it are not looked at."""

    alg: str
    kid: str = ""
    crit: msgspec.Raw = msgspec.Raw()


_header = msgspec.json.Decoder(_Header)


@dataclass(frozen=True)
class TokenRules:
    """What a token must say; a strong login has one of `acr` or one of `amr`."""

    issuer: str
    audience: str
    tenant_claim: str = "tenant"
    strong_acr: frozenset[str] = frozenset()
    strong_amr: frozenset[str] = frozenset({"mfa", "otp", "hwk"})


class _Known(NamedTuple):
    """What a token that was checked is good for, with the key that it was checked with."""

    header: _Header
    key: PyJWK
    caller: Caller


class Tokens:
    """Checks signature, times, issuer, audience and claims; `now`: epoch seconds.

    A token comes again with every turn: its signature is checked once for each reading of the keys,
    its expiry each time.
    """

    def __init__(self, keys: Keys, rules: TokenRules, now: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._rules = rules
        self._now = now
        self._known: dict[bytes, _Known] = {}

    @property
    def ready(self) -> bool:
        """Whether tokens can be checked."""
        return self._keys.ready

    async def check(self, token: str) -> Caller:
        """Raises BadToken, KeysAway."""
        if len(token) > MAX_TOKEN:
            raise BadToken("size")
        digest = hashlib.blake2b(token.encode(errors="replace"), digest_size=32).digest()
        known = self._known.get(digest)
        try:
            header = known.header if known else _header_of(token)
            key = await self._keys.find(header.kid)
        except UnknownKey:
            raise BadToken("key") from None
        # Keys that are read anew are other ones: then it is checked again.
        if known and known.key is key:
            if self._now() - LEEWAY_SECONDS >= known.caller.expires:
                raise BadToken("expired")
            return known.caller
        caller = self._checked(token, header, key)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[digest] = _Known(header, key, caller)
        return caller

    def _checked(self, token: str, header: "_Header", key: PyJWK) -> Caller:
        # The key decides which algorithm it is, not the token.
        if header.alg != key.algorithm_name:
            raise BadToken("algorithm")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._rules.audience,
                issuer=self._rules.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except PyJWTError as error:
            raise BadToken(_REASONS.get(type(error), "malformed")) from None
        except (ValueError, TypeError, RecursionError, OverflowError):
            raise BadToken("malformed") from None
        return self._caller(claims)

    def _caller(self, claims: dict[str, Any]) -> Caller:
        tenant, user = claims.get(self._rules.tenant_claim), claims["sub"]
        if not (_is_name(tenant) and _is_name(user)):
            raise BadToken("names")
        return Caller(
            tenant, user, float(min(int(claims["exp"]), _LATEST)), self._strong_ms(claims)
        )

    def _strong_ms(self, claims: dict[str, Any]) -> int:
        at, acr, amr = claims.get("auth_time"), claims.get("acr"), claims.get("amr")
        if not isinstance(at, int | float) or not 0 < at <= self._now() + LEEWAY_SECONDS:
            return 0
        named = isinstance(acr, str) and acr in self._rules.strong_acr
        ways = {way for way in amr if isinstance(way, str)} if isinstance(amr, list) else set()
        if not (named or ways & self._rules.strong_amr):
            return 0
        return int(min(at, self._now()) * 1000)


def _header_of(token: str) -> _Header:
    """Raises BadToken."""
    first, dot, _ = token.partition(".")
    try:
        padded = first.encode("ascii") + b"=" * (-len(first) % 4)
        header = _header.decode(base64.b64decode(padded, b"-_", validate=True))
    except (msgspec.MsgspecError, UnicodeError, binascii.Error, RecursionError):
        raise BadToken("malformed") from None
    if not dot or header.crit:
        raise BadToken("malformed")
    if header.alg not in TYPES:
        raise BadToken("algorithm")
    return header


def _is_name(claim: object) -> TypeGuard[str]:
    try:
        return isinstance(claim, str) and 0 < len(claim.encode()) <= MAX_NAME
    except UnicodeEncodeError:
        return False
