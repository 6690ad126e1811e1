"""The issuer's public keys: read, renewed, and kept for a day while the issuer is away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from jwt import PyJWK, PyJWTError

logger = logging.getLogger(__name__)
TYPES = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""Accepted algorithms, each with the one type of key it belongs to."""
LEAST_RSA_BITS = 2048
MOST_KEYS = 64
FRESH_SECONDS = 300.0
PATIENCE_SECONDS = 30.0
"""Between two readings, however many unknown keys are named."""
STALE_SECONDS = 24 * 3600.0
"""An issuer that is away so long is believed no more."""
_FIRST_PATIENCE = 2.0


class KeysAway(Exception):
    """No keys to check with: never read, or too old."""


class UnknownKey(Exception):
    """The issuer has no such key."""


class BadKeys(Exception):
    """This is no set of keys."""


class _Set(msgspec.Struct):
    keys: list[dict[str, Any]]


def read_keys(document: bytes) -> dict[str, PyJWK]:
    """The usable keys of a JWKS by their ids; the others are logged. Raises BadKeys."""
    try:
        given = msgspec.json.decode(document, type=_Set).keys
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadKeys("not a JSON Web Key Set") from None
    keys: dict[str, PyJWK] = {}
    for jwk in given[:MOST_KEYS]:
        kid = jwk.get("kid", "")
        try:
            keys[str(kid)] = _usable(jwk)
        except (BadKeys, PyJWTError) as error:
            # Not the key itself, which PyJWT puts into some of its messages.
            why = str(error) if isinstance(error, BadKeys) else type(error).__name__
            logger.warning("a key of the issuer is not used", extra={"kid": kid, "why": why})
    if not keys:
        raise BadKeys("no usable key in it")
    return keys


def _usable(jwk: dict[str, Any]) -> PyJWK:
    if not isinstance(jwk.get("kid", ""), str):
        raise BadKeys("kid is no text")
    if "d" in jwk or "k" in jwk:
        raise BadKeys("it is a secret key, which does not belong there")
    if jwk.get("use", "sig") != "sig":
        raise BadKeys("not for signatures")
    key = PyJWK(jwk)
    if TYPES.get(key.algorithm_name) != jwk.get("kty"):
        raise BadKeys(f"{key.algorithm_name} is not accepted with this type of key")
    if jwk["kty"] == "RSA" and key.key.key_size < LEAST_RSA_BITS:
        raise BadKeys(f"fewer than {LEAST_RSA_BITS} bits")
    return key


class Keys:
    """`fetch` gives the document or raises OSError; `clock` is monotonic, in seconds."""

    def __init__(self, fetch: Callable[[], Awaitable[bytes]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._read_at = self._tried_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether there are keys that are young enough."""
        return self._clock() - self._read_at < STALE_SECONDS

    async def find(self, kid: str) -> PyJWK:
        """The key; an empty `kid` will do if there is but one. Raises KeysAway, UnknownKey."""
        key = self._key(kid)
        if key is None or not self.ready:
            await self.renew()
            key = self._key(kid)
        elif self._clock() - self._read_at > FRESH_SECONDS:
            self._begin()
        if not self.ready:
            raise KeysAway
        if key is None:
            raise UnknownKey
        return key

    def _key(self, kid: str) -> PyJWK | None:
        if not kid and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    async def renew(self) -> None:
        """Read the keys unless that was tried a moment ago; failing is logged."""
        if reading := self._begin():
            # Shielded: the next one who waits for it must not go empty because this one left.
            await asyncio.shield(reading)

    def _begin(self) -> "asyncio.Task[None] | None":
        if self._reading is not None and not self._reading.done():
            return self._reading
        patience = PATIENCE_SECONDS if self.ready else _FIRST_PATIENCE
        if self._clock() - self._tried_at < patience:
            return None
        self._tried_at = self._clock()
        self._reading = asyncio.create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        try:
            self._keys = read_keys(await self._fetch())
        except (OSError, BadKeys) as error:
            logger.warning("the issuer's keys cannot be read", extra={"why": str(error)})
        else:
            self._read_at = self._clock()
