"""Customers of the bench: a bank that has them, an issuer's keys, and a token for each."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from streams.bank.embedded import prepare
from streams.bank.inside import customers

CUSTOMERS = 3_000
_ISSUER, _AUDIENCE = "https://login.bank.invalid", "bench"
_TENANT = "demo"
_FIRST = 13
"""Those before it have stories of their own, which are not like the others'."""
_TOKENS_LIVE_S = 6 * 3600


class Customer(msgspec.Struct, frozen=True, array_like=True):
    """Who asks, with a token of RS256."""

    user: str
    lang: str
    token: str


@dataclass(frozen=True)
class Town:
    """Files: the bank's, and the customers with their tokens; settings that name the issuer."""

    bank: Path
    tokens: Path
    environ: dict[str, str]

    def everybody(self) -> list[Customer]:
        """From the file."""
        return msgspec.json.decode(self.tokens.read_bytes(), type=list[Customer])


def found(home: Path) -> Town:
    """Write the files of a new town into a directory."""
    home.mkdir(parents=True, exist_ok=True)
    bank = home / "bank.sqlite"
    with patch("streams.bank.seed._ORDINARY", range(_FIRST, _FIRST + CUSTOMERS)):
        prepare(bank, int(time.time() * 1000))
    key = rsa.generate_private_key(65537, 2048)
    public: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = home / "jwks.json"
    keys.write_text(json.dumps({"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}))
    tokens = home / "tokens.json"
    tokens.write_bytes(msgspec.json.encode(_everybody(bank, key)))
    environ = {
        "GROUNDSWELL_GATEWAY_JWKS": str(keys),
        "GROUNDSWELL_GATEWAY_ISSUER": _ISSUER,
        "GROUNDSWELL_GATEWAY_AUDIENCE": _AUDIENCE,
        "GROUNDSWELL_BANK_FILE": str(bank),
        # All of them are of one tenant; what one person may ask stays as it is.
        "GROUNDSWELL_GATEWAY_TENANT_TURNS": "1000000",
    }
    return Town(bank, tokens, environ)


def _everybody(bank: Path, key: rsa.RSAPrivateKey) -> list[Customer]:
    now = int(time.time())
    times = {"iat": now, "exp": now + _TOKENS_LIVE_S}
    made = []
    for tenant, user, name in customers(bank):
        number = int(user.removeprefix("c-"))
        if tenant == _TENANT and number >= _FIRST:
            whose = {"iss": _ISSUER, "aud": _AUDIENCE, "sub": user, "tenant": tenant}
            token = jwt.encode(whose | times, key, algorithm="RS256", headers={"kid": "1"})
            made.append(Customer(user, "en" if name.isascii() else "zh", token))
    return made
