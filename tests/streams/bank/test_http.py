"""The adapter before a bank that misbehaves: whatever comes, BankAway or BankRefused."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agents.assistant.errors import BankAway, BankRefused
from schemas.tools import (
    CallBack,
    FreezeCard,
    ListTransactions,
    ReadLimits,
    ReadOrder,
    ReadProfile,
)
from streams.bank.http import HttpBank, deadline_ms
from tests.support.banking import DEMO, TOKEN, adapter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RECEIPT = {
    "key": "key-1",
    "tool": "call_back",
    "reference": "CB-1",
    "at": "2026-11-20T03:00:00.000Z",
}


def against(handler: Handler, ask: Callable[[HttpBank], Awaitable[Any]], **other: Any) -> Any:
    """What the adapter makes of a bank that answers like this."""

    async def run() -> Any:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bank = adapter(runner.addresses[0][1], **other)
        try:
            return await ask(bank)
        finally:
            await bank.close()
            await runner.cleanup()

    return asyncio.run(run())


def says(status: int, body: str, kind: str = "application/json", **headers: str) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    return handle


def profile(bank: HttpBank) -> Awaitable[Any]:
    return bank.read(DEMO, "c-0001", ReadProfile())


def call_back(bank: HttpBank) -> Awaitable[Any]:
    return bank.write(DEMO, "c-0001", CallBack(window="now"), "key-1")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<html>welcome</html>", "text/html"),
        (200, "", "application/json"),
        (200, "null", "application/json"),
        (200, "[]", "application/json"),
        (200, '{"name": 7, "phone": "", "tier": ""}', "application/json"),
        (200, '{"name": "' + "x" * 201 + '", "phone": "", "tier": ""}', "application/json"),
        (200, "[" * 100_000, "application/json"),
        (200, '{"name": "' + "x" * 300_000 + '"}', "application/json"),
        (204, "", "application/json"),
        (401, '{"code": "unauthorised"}', "application/json"),
        (403, "<h1>proxy</h1>", "text/html"),
        (404, "Not Found", "text/plain"),
        (404, '{"code": "over_limit"}', "application/json"),
        (409, '{"code": "in_progress"}', "application/json"),
        (409, '{"code": 7}', "application/json"),
        (422, "[]", "application/json"),
        (429, '{"code": "busy"}', "application/json"),
        (500, '{"code": "not_found"}', "application/json"),
        (503, '{"code": "away"}', "application/json"),
    ],
)
def test_what_is_not_of_the_contract_is_no_answer(status: int, body: str, kind: str) -> None:
    for ask in (profile, call_back):
        with pytest.raises(BankAway) as away:
            against(says(status, body, kind), ask)
        assert away.value.sent
        assert "xxx" not in str(away.value)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "not_found"),
        (403, "not_allowed"),
        (422, "over_limit"),
        (422, "invalid"),
        (409, "wrong_state"),
        (409, "key_reused"),
    ],
)
def test_its_own_word_is_a_no(status: int, code: str) -> None:
    for ask in (profile, call_back):
        with pytest.raises(BankRefused) as refused:
            against(says(status, f'{{"code": "{code}", "detail": "{"y" * 900}"}}'), ask)
        assert refused.value.code == code
        assert len(refused.value.detail) == 200


def test_redirects_are_not_followed() -> None:
    paths = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    with pytest.raises(BankAway):
        against(handle, call_back)
    assert paths == ["/v1/call-backs"]


def test_an_answer_to_another_question_is_none() -> None:
    limits = '[{"card":"k-2","kind":"cash","per_day":1,"used_today":0,"most":2}]'
    with pytest.raises(BankAway):
        against(says(200, limits), lambda bank: bank.read(DEMO, "c", ReadLimits(card="k-1")))
    order = '{"id":"o-2","kind":"card","status":"done"}'
    with pytest.raises(BankAway):
        against(says(200, order), lambda bank: bank.read(DEMO, "c", ReadOrder(order="o-1")))
    for other in ({"key": "key-2"}, {"tool": "freeze_card"}, {"reference": ""}):

        async def handle(_: web.Request, other: dict[str, str] = other) -> web.Response:
            return web.json_response(RECEIPT | other)

        with pytest.raises(BankAway):
            against(handle, call_back)


def test_more_transactions_than_asked_for_are_cut() -> None:
    one = (
        '{"id":"t-1","account":"a-1","at":"2026-11-20T03:00:00.000Z","amount":-1,'
        '"counterparty":"x","kind":"fee","status":"booked"}'
    )
    body = f"[{','.join([one] * 40)}]"
    found = against(says(200, body), lambda bank: bank.read(DEMO, "c", ListTransactions(most=3)))
    assert len(found) == 3


def test_silence_ends_by_itself() -> None:
    async def handle(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    with pytest.raises(BankAway) as away:
        against(handle, call_back, patience_s=0.1)
    assert away.value.sent


def test_hanging_up_is_no_answer() -> None:
    async def handle(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    with pytest.raises(BankAway) as away:
        against(handle, call_back)
    assert away.value.sent


def test_what_never_left_is_known_not_to_be_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        async def run() -> None:
            bank = adapter(port)
            with pytest.raises(BankAway) as away:
                await call_back(bank)
            await bank.close()
            assert not away.value.sent

        asyncio.run(run())


def test_what_is_sent() -> None:
    seen: list[tuple[str, str, dict[str, str], bytes]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append((request.method, request.path_qs, dict(request.headers), await request.read()))
        return web.json_response(RECEIPT | {"tool": "freeze_card"})

    async def freeze(bank: HttpBank) -> None:
        deadline_ms.set(1_795_302_000_000)
        await bank.write("银行", "c-0001\r\nx: y", FreezeCard(card="k-1", reason="lost"), "key-1")

    against(handle, freeze)
    method, path, headers, body = seen[0]
    assert (method, path, body) == ("POST", "/v1/cards/k-1/freeze", b'{"reason":"lost"}')
    assert headers["Idempotency-Key"] == "key-1"
    assert headers["Groundswell-Tenant"] == "%E9%93%B6%E8%A1%8C"
    assert headers["Groundswell-Customer"] == "c-0001%0D%0Ax%3A%20y"
    assert headers["Groundswell-Deadline-Ms"] == "1795302000000"
    assert headers["Authorization"] == "Bearer a-word-of-the-bank"
    assert "x" not in headers


def test_a_trace_goes_on_at_the_bank() -> None:
    from opentelemetry.sdk.trace import TracerProvider

    tracer = TracerProvider().get_tracer("test")
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.headers["traceparent"])
        return web.json_response({"name": "x", "phone": "", "tier": ""})

    with tracer.start_as_current_span("turn") as span:
        against(handle, profile)
    assert seen[0].split("-")[1] == f"{span.get_span_context().trace_id:032x}"


def test_no_cookie_goes_from_one_customer_to_the_next() -> None:
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Cookie", ""))
        cookies = {"Set-Cookie": "session=of-c-0001"}
        return web.json_response({"name": "x", "phone": "", "tier": ""}, headers=cookies)

    async def twice(bank: HttpBank) -> None:
        await bank.read(DEMO, "c-0001", ReadProfile())
        await bank.read(DEMO, "c-0002", ReadProfile())

    against(handle, twice)
    assert seen == ["", ""]


def test_a_bank_has_to_show_who_it_is(tmp_path: Path) -> None:
    ours = self_signed(tmp_path)

    async def handle(_: web.Request) -> web.Response:
        return web.json_response({"name": "x", "phone": "", "tier": ""})

    async def run(trusted: ssl.SSLContext) -> Any:
        app = web.Application()
        app.router.add_get("/v1/profile", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(ours)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        bank = HttpBank(f"https://localhost:{runner.addresses[0][1]}", TOKEN, trusted)
        try:
            return await profile(bank)
        finally:
            await bank.close()
            await runner.cleanup()

    found = asyncio.run(run(ssl.create_default_context(cafile=ours)))
    assert found.name == "x"
    with pytest.raises(BankAway) as away:
        asyncio.run(run(ssl.create_default_context()))
    assert not away.value.sent


def self_signed(folder: Path) -> Path:
    """A PEM of localhost, certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "bank.pem").write_bytes(certificate.public_bytes(encoding) + private)
    return folder / "bank.pem"
