"""Every way to forge a token that is known, and keys that come and go."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from streams.gateway.keys import BadKeys, Keys, KeysAway, read_keys
from streams.gateway.tokens import BadToken, TokenRules, Tokens
from tests.streams.gateway.house import AUDIENCE, ISSUER, RULES, Issuer
from tests.support.waiting import eventually

_issuer = Issuer()
_other = Issuer()


def check(token: str, rules: TokenRules = RULES, issuer: Issuer = _issuer) -> Any:
    return asyncio.run(Tokens(Keys(issuer.fetch, time.monotonic), rules).check(token))


def reason(token: str) -> str:
    with pytest.raises(BadToken) as caught:
        check(token)
    return caught.value.reason


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def signed(head: dict[str, Any], claims: dict[str, Any]) -> str:
    """Of whatever content, which the library would not encode."""
    signing = f"{part(head)}.{part(claims)}"
    signature = _issuer.secret["EdDSA"].sign(signing.encode())
    return f"{signing}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def public_pem(algorithm: str) -> bytes:
    pem: bytes = (
        _issuer.secret[algorithm]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return pem


def signed_with(secret: bytes, algorithm: str, kid: str) -> str:
    head = f"{part({'alg': algorithm, 'kid': kid})}.{part(_issuer.claims())}"
    digest = hmac.new(secret, head.encode(), hashlib.new(f"sha{algorithm[2:]}").name).digest()
    return f"{head}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_each_algorithm_is_accepted(algorithm: str) -> None:
    caller = check(_issuer.token(algorithm))
    assert (caller.tenant, caller.user, caller.strong_ms) == ("bank-a", "u-1", 0)


@pytest.mark.parametrize("kid", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_public_key_is_no_secret(kid: str, algorithm: str) -> None:
    jwk = json.dumps(_issuer.jwk(kid)).encode()
    for secret in (public_pem(kid), public_pem(kid).strip(), jwk, b""):
        assert reason(signed_with(secret, algorithm, kid)) == "algorithm"


@pytest.mark.parametrize("kid", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_a_token_without_signature_is_refused(kid: str, algorithm: str) -> None:
    head = f"{part({'alg': algorithm, 'kid': kid})}.{part(_issuer.claims())}"
    for token in (f"{head}.", f"{head}.AA", head):
        assert reason(token) in ("algorithm", "malformed")


@pytest.mark.parametrize(
    ("kid", "algorithm"), list(itertools.permutations(["RS256", "ES256", "EdDSA"], 2))
)
def test_the_key_says_which_algorithm_it_is(kid: str, algorithm: str) -> None:
    assert reason(_issuer.token(algorithm, {"kid": kid})) == "algorithm"


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_other_algorithms_of_the_same_key_are_refused(algorithm: str) -> None:
    key = _issuer.secret["RS256"]
    token = jwt.encode(_issuer.claims(), key, algorithm=algorithm, headers={"kid": "RS256"})
    assert reason(token) == "algorithm"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_another_issuers_signature_is_refused(algorithm: str) -> None:
    assert reason(_other.token(algorithm)) == "signature"
    good = _issuer.token(algorithm)
    head, claims, signature = good.split(".")
    assert reason(f"{head}.{part(_issuer.claims(sub='u-2'))}.{signature}") == "signature"
    for cut in (signature[:-8], signature[8:], ""):
        assert reason(f"{head}.{claims}.{cut}") in ("signature", "malformed")


def test_keys_that_the_token_brings_are_not_looked_at() -> None:
    own = _other.jwk("EdDSA")
    for brought in (
        {"jwk": own},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/x"},
        {"x5c": ["MIIB"]},
    ):
        assert reason(_other.token("EdDSA", brought)) == "signature"
        # Beside a right signature they do no harm.
        assert check(_issuer.token("EdDSA", brought)).user == "u-1"


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "exp", None, [1]])
def test_what_is_critical_is_refused(crit: object) -> None:
    head = {"alg": "EdDSA", "kid": "EdDSA", "crit": crit, "exp": 1, "b64": True}
    assert reason(signed(head, _issuer.claims())) == "malformed"


_NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": [ISSUER]}, "issuer"),
        ({"iss": None}, "malformed"),
        ({"aud": "another"}, "audience"),
        ({"aud": AUDIENCE.upper()}, "audience"),
        ({"aud": []}, "malformed"),
        ({"aud": {"assistant": 1}}, "audience"),
        ({"aud": None}, "malformed"),
        ({"exp": _NOW - 60}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": None}, "malformed"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": float("inf")}, "malformed"),
        ({"exp": [1]}, "malformed"),
        ({"nbf": _NOW + 3600}, "not_yet"),
        ({"nbf": "later"}, "malformed"),
        ({"iat": _NOW + 3600}, "not_yet"),
        ({"iat": {}}, "malformed"),
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "names"),
        ({"sub": "u" * 129}, "names"),
        ({"sub": "\ud800"}, "names"),
        ({"tenant": None}, "names"),
        ({"tenant": 7}, "names"),
        ({"tenant": ["bank-a"]}, "names"),
        ({"tenant": "银" * 43}, "names"),
    ],
)
def test_wrong_claims_are_refused(claims: dict[str, Any], why: str) -> None:
    assert reason(signed({"alg": "EdDSA", "kid": "EdDSA"}, _issuer.claims(**claims))) == why


def test_clocks_may_differ_a_little() -> None:
    now = int(time.time())
    assert check(_issuer.token(exp=now - 10, nbf=now + 10, iat=now + 10)).user == "u-1"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "a" * 8_001,
        part({"alg": "EdDSA"}) + ".x",
        part([1]) + "." + part({}) + ".x",
        base64.urlsafe_b64encode(b"[" * 3000).decode() + ".e30.x",
        base64.urlsafe_b64encode(b'{"alg":"EdDSA","kid":1}').decode() + ".e30.x",
        "é.é.é",
        "\x00.\x00.\x00",
        f"{part({'alg': 'EdDSA', 'kid': 'EdDSA'})}." + "=" * 40 + ".x",
    ],
)
def test_garbage_is_refused(token: str) -> None:
    assert reason(token) in ("malformed", "size", "key", "algorithm", "signature")


def test_what_a_strong_login_is() -> None:
    rules = TokenRules(ISSUER, AUDIENCE, strong_acr=frozenset({"loa3"}))

    def strong(**claims: Any) -> int:
        ms: int = check(_issuer.token(**claims), rules).strong_ms
        return ms

    assert strong(auth_time=_NOW - 5, amr=["pwd", "otp"]) == (_NOW - 5) * 1000
    assert strong(auth_time=_NOW - 5, acr="loa3") == (_NOW - 5) * 1000
    assert strong(auth_time=_NOW + 20, acr="loa3") <= time.time() * 1000
    for weak in (
        {"auth_time": _NOW, "amr": ["pwd"]},
        {"auth_time": _NOW, "acr": "loa1"},
        {"auth_time": _NOW, "amr": "mfa"},
        {"auth_time": _NOW, "amr": [["mfa"]]},
        {"auth_time": _NOW + 3600, "amr": ["mfa"]},
        {"auth_time": str(_NOW), "amr": ["mfa"]},
        {"auth_time": -1, "amr": ["mfa"]},
        {"auth_time": float("nan"), "amr": ["mfa"]},
        {"amr": ["mfa"]},
    ):
        assert strong(**weak) == 0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_new_key_is_found_and_an_old_one_is_gone() -> None:
    async def run() -> None:
        clock, issuer = Clock(), Issuer()
        tokens = Tokens(Keys(issuer.fetch, clock), RULES)
        old = issuer.token()
        await tokens.check(old)
        fresh = Issuer()
        new = fresh.token(headers={"kid": "next"})
        issuer.document = json.dumps({"keys": [{**fresh.jwk("EdDSA"), "kid": "next"}]}).encode()
        clock.now += 31
        assert (await tokens.check(new)).user == "u-1"
        with pytest.raises(BadToken):
            await tokens.check(old)

    asyncio.run(run())


def test_a_token_that_is_known_expires_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        issuer, now = Issuer(), [time.time()]
        tokens = Tokens(Keys(issuer.fetch, Clock()), RULES, lambda: now[0])
        token = issuer.token()
        one = await tokens.check(token)
        # Not looked into again, but each time whether it is still good.
        monkeypatch.setattr(jwt, "decode", None)
        assert await tokens.check(token) is one
        now[0] += 629
        assert await tokens.check(token) is one
        now[0] += 2
        with pytest.raises(BadToken) as caught:
            await tokens.check(token)
        assert caught.value.reason == "expired"

    asyncio.run(run())


def test_few_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.gateway.tokens.MOST_KNOWN", 3)

    async def run() -> None:
        issuer = Issuer()
        tokens = Tokens(Keys(issuer.fetch, Clock()), RULES)
        for number in range(9):
            assert (await tokens.check(issuer.token(sub=f"u-{number}"))).user == f"u-{number}"
        assert len(tokens._known) == 3

    asyncio.run(run())


def test_unknown_keys_make_no_storm() -> None:
    async def run() -> None:
        clock, issuer = Clock(), Issuer()
        tokens = Tokens(Keys(issuer.fetch, clock), RULES)
        await tokens.check(issuer.token())
        clock.now += 31

        async def one(number: int) -> None:
            with pytest.raises(BadToken):
                await tokens.check(issuer.token(headers={"kid": f"k-{number}"}))

        await asyncio.gather(*(one(number) for number in range(200)))
        assert issuer.reads == 2
        clock.now += 31
        await one(1)
        await one(2)
        assert issuer.reads == 3

    asyncio.run(run())


def test_an_issuer_that_is_away_is_believed_for_a_day() -> None:
    async def run() -> None:
        clock, issuer = Clock(), Issuer()
        keys = Keys(issuer.fetch, clock)
        tokens = Tokens(keys, RULES)
        with pytest.raises(BadToken):
            await tokens.check(_other.token(headers={"kid": "none"}))
        for broken in (b"", b"<html>", b'{"keys": []}', b"[" * 9999):
            issuer.document = broken
            clock.now += 3600
            reads = issuer.reads
            assert (await tokens.check(issuer.token())).user == "u-1"
            await eventually(lambda before=reads: issuer.reads > before, "it is asked again")  # type: ignore[misc]
        clock.now += 23 * 3600
        assert not tokens.ready
        with pytest.raises(KeysAway):
            await tokens.check(issuer.token())
        issuer.document = issuer.jwks()
        clock.now += 3
        assert (await tokens.check(issuer.token())).user == "u-1"

    asyncio.run(run())


def test_a_token_without_key_id_will_do_where_there_is_one_key() -> None:
    async def run() -> None:
        issuer = Issuer()
        tokens = Tokens(Keys(issuer.fetch, Clock()), RULES)
        token = jwt.encode(issuer.claims(), issuer.secret["EdDSA"], algorithm="EdDSA")
        with pytest.raises(BadToken):
            await tokens.check(token)
        issuer.document = json.dumps({"keys": [issuer.jwk("EdDSA")]}).encode()
        tokens = Tokens(Keys(issuer.fetch, Clock()), RULES)
        assert (await tokens.check(token)).user == "u-1"

    asyncio.run(run())


def test_keys_that_do_not_fit_are_left_out() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    p384 = ec.generate_private_key(ec.SECP384R1())
    secret = ed25519.Ed25519PrivateKey.generate()
    out = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "oct", "alg": "HS256"},
        {**jwt.algorithms.RSAAlgorithm.to_jwk(weak.public_key(), as_dict=True), "kid": "weak"},
        {**jwt.algorithms.ECAlgorithm.to_jwk(p384.public_key(), as_dict=True), "kid": "p384"},
        {**jwt.algorithms.OKPAlgorithm.to_jwk(secret, as_dict=True), "kid": "secret"},
        {**_issuer.jwk("RS256"), "kid": "hs", "alg": "HS256"},
        {**_issuer.jwk("RS256"), "kid": "es", "alg": "ES256"},
        {**_issuer.jwk("RS256"), "kid": "enc", "use": "enc"},
        {**_issuer.jwk("RS256"), "kid": 7},
        {"kty": "RSA", "kid": "half", "n": "AQAB"},
        {},
    ]
    found = read_keys(_issuer.jwks(*out))
    assert set(found) == {"RS256", "ES256", "EdDSA"}
    with pytest.raises(BadKeys):
        read_keys(json.dumps({"keys": out}).encode())
