"""The gateway as a process: what stops its start, and the issuer of the demonstration."""

import asyncio
import json
from pathlib import Path

import aiohttp
import jwt
import pytest

from streams.gateway.demo_issuer import AUDIENCE, ISSUER, DemoIssuer
from streams.gateway.fetching import fetch_of
from streams.gateway.keys import Keys
from streams.gateway.process import serve
from streams.gateway.server import Gateway, GatewayRules
from streams.gateway.tokens import TokenRules, Tokens
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError, load
from tests.streams.gateway.house import Assistant, Issuer


def given(**settings: object) -> Settings:
    known = {"gateway_issuer": "i", "gateway_audience": "a", "gateway_jwks": "keys.json"}
    return load({}, {**known, **settings})


@pytest.mark.parametrize(
    ("settings", "named", "demo"),
    [
        ({"gateway_issuer": ""}, "gateway_issuer", False),
        ({"gateway_audience": ""}, "gateway_audience", False),
        ({"gateway_jwks": ""}, "gateway_jwks", False),
        ({"gateway_jwks": "http://bank.example/jwks"}, "gateway_jwks", False),
        ({"gateway_jwks": "file:///keys"}, "gateway_jwks", False),
        ({"gateway_origins": ("*",)}, "gateway_origins", False),
        ({"gateway_cert_file": "x"}, "gateway_key_file", False),
        ({"gateway_key_file": "x"}, "gateway_cert_file", False),
        ({"gateway_cert_file": "x", "gateway_key_file": "x"}, "gateway_cert_file", False),
        ({"gateway_host": "0.0.0.0"}, "gateway_host", True),
    ],
)
def test_a_wrong_setting_stops_the_start(
    settings: dict[str, object], named: str, demo: bool
) -> None:
    async def run() -> None:
        await serve(given(**settings), Assistant(), Metrics(), demo=DemoIssuer() if demo else None)

    with pytest.raises(SettingsError) as caught:
        asyncio.run(run())
    assert f"setting {named}" in str(caught.value)


def test_lists_come_from_the_environment() -> None:
    found = load(
        {"GROUNDSWELL_GATEWAY_ORIGINS": "https://a.example, https://b.example"},
    )
    assert found.gateway_origins == ("https://a.example", "https://b.example")
    assert load({"GROUNDSWELL_GATEWAY_STRONG_AMR": ""}).gateway_strong_amr == ()


def test_keys_of_a_file_and_of_an_address(tmp_path: Path) -> None:
    issuer = Issuer()
    path = tmp_path / "keys.json"
    path.write_bytes(issuer.document)
    assert asyncio.run(_call(str(path))) == issuer.document
    with pytest.raises(OSError, match="No such file"):
        asyncio.run(_call(str(tmp_path / "none")))


async def _call(source: str) -> bytes:
    return await fetch_of(source)()


def test_keys_over_http_have_bounds() -> None:
    from aiohttp import web

    async def run() -> None:
        async def answer(request: web.Request) -> web.Response:
            match request.path:
                case "/good":
                    return web.Response(body=b"{}")
                case "/moved":
                    raise web.HTTPFound("/good")
                case "/huge":
                    return web.Response(body=b"x" * 300_000)
            raise web.HTTPInternalServerError

        app = web.Application()
        app.router.add_get("/{any}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            assert await _call(f"{address}/good") == b"{}"
            for path in ("moved", "huge", "away"):
                with pytest.raises(OSError, match="it answered"):
                    await _call(f"{address}/{path}")
        finally:
            await runner.cleanup()
        with pytest.raises(OSError, match="ClientConnector"):
            await _call(f"{address}/good")

    asyncio.run(run())


def test_the_issuer_of_the_demonstration() -> None:
    async def run() -> None:
        issuer, assistant = DemoIssuer(), Assistant()
        tokens = Tokens(Keys(issuer.jwks, lambda: 0.0), TokenRules(ISSUER, AUDIENCE))
        gateway = Gateway(
            assistant, tokens, GatewayRules(), Metrics(), add_routes=issuer.add_routes
        )
        port = await gateway.start("127.0.0.1", 0)
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

                async def login(body: object, headers: dict[str, str]) -> tuple[int, str]:
                    async with session.post("/demo/login", data=body, headers=headers) as got:
                        return got.status, await got.text()

                kind = {"Content-Type": "application/json"}
                status, body = await login(json.dumps({"user": "c-1", "strong": True}), kind)
                assert status == 200
                token = json.loads(body)["access_token"]
                sent = {**kind, "Authorization": f"Bearer {token}"}
                async with session.post(
                    "/v1/turns", data='{"text":"hi"}', headers=sent
                ) as response:
                    assert response.status == 200
                asked = assistant.asked[0]
                assert (asked.tenant, asked.user, asked.strong_ms > 0) == ("demo", "c-1", True)
                good = json.dumps({"user": "c-1"})
                # A page of elsewhere, also one whose name leads here.
                for wrong, status in (
                    ({"Host": "evil.example"}, 403),
                    ({"Origin": "https://evil.example"}, 403),
                    ({"Content-Type": "text/plain"}, 415),
                ):
                    assert (await login(good, kind | wrong))[0] == status
                for bad in ("", "{}", '{"user":""}', '{"user":"a b"}'):
                    assert (await login(bad, kind))[0] == 400
        finally:
            await gateway.stop()
        another = jwt.PyJWK(json.loads(await DemoIssuer().jwks())["keys"][0])
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, another, audience=AUDIENCE, issuer=ISSUER)

    asyncio.run(run())
