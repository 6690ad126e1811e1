"""What leaves the device is what was shown and agreed to, byte for byte, and else nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agents.models.errors import BadModel
from agents.models.tags import Tags
from agents.records.pack import Pack
from edge.consult import Consent, Context, Draft, Gateway, ask, hide, pieces, prepare, visible
from edge.errors import Unfit
from schemas.records import Line, Patient, Source, Span, Summary
from tests.support.waiting import SOON

PATIENT = Patient("p-1", "张建国", "male", "1960-05-31", "ZY0012345")
GENERAL = (
    "张建国（住院号ZY0012345，电话13812345678）2024年3月5日起吃华法林，华法林和布洛芬能一起吃吗？"
)
DOUBTFUL = "华法林和布洛芬能一起吃吗？河对门的糖豆说能"
WHERE = (Source("d-1", Span(0, 4)),)
SUMMARY = Summary(
    "p-1", 1, "2026-03-01", "", allergies=(Line("青霉素：皮疹", WHERE),), changes=(),
    contradictions=(), problems=(),
    medication=(Line("华法林 2.5 mg qd", WHERE), Line("二甲双胍 0.5 g bid", WHERE)),
    results=(), procedures=(), precautions=(), family=(), version="1",
)  # fmt: skip
ANSWER = {
    "session": "s" * 16,
    "turn": "t",
    "text": "不建议合用。",
    "sources": [{"kind": "article", "id": "a", "title": "抗凝"}],
}
TOKEN = "abc.def.ghi"


@dataclass
class Gate:
    """A gateway that keeps everything it gets."""

    address: str = ""
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def gate(
    status: int = 200,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    hangs: bool = False,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Gate]:
    made, ready, loop = Gate(), threading.Event(), asyncio.new_event_loop()
    stopped = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        made.got.append(
            (request.method, request.path_qs, dict(request.headers), await request.read())
        )
        if hangs:
            await stopped.wait()
        content = json.dumps(ANSWER).encode() if body is None else body
        return web.Response(status=status, body=content, headers=headers)

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        made.address = f"http{'s' if tls else ''}://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stopped.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(SOON)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(SOON)
        loop.close()


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(PATIENT, SUMMARY, Pack.load(), lambda count: bytes(count))


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    return path


@pytest.fixture(scope="module")
def draft(context: Context) -> Draft:
    return prepare(GENERAL, context)


def test_draft_has_nothing_of_the_patient(draft: Draft) -> None:
    text = draft.body.decode()
    assert draft.intent.scope == "general"
    for word in ("张", "建国", "0012345", "13812345678", "3月5日", "1960"):
        assert word not in text
    assert json.loads(draft.body) == {"text": draft.text}
    assert "华法林和布洛芬能一起吃吗" in draft.text
    assert {"name", "record", "phone", "date"} <= {one.kind for one in draft.taken}
    assert [line.text for line in draft.lines] == ["华法林 2.5 mg qd"]
    assert "张" not in repr(draft)


@pytest.mark.parametrize(
    "question", ["他现在吃什么药？", "对青霉素过敏吗", "Tell me a joke", "What is she allergic to?"]
)
def test_record_is_never_asked_outside(question: str, context: Context, token: Path) -> None:
    made = prepare(question, context)
    assert made.body == b""
    noted: list[str] = []
    with gate() as there:
        answer = ask(made, Consent(made), Gateway(there.address, token), noted.append)
    assert (answer.outcome, there.got, noted) == ("local", [], [])
    if made.intent.scope == "own":
        assert answer.lines
        assert all(line.sources for line in answer.lines)


def test_only_the_draft_leaves(draft: Draft, token: Path) -> None:
    noted: list[str] = []
    with gate() as there:
        answer = ask(draft, Consent(draft), Gateway(there.address, token), noted.append)
    ((method, path, headers, body),) = there.got
    assert (method, path, body) == ("POST", "/v1/turns", draft.body)
    assert {name.lower(): value for name, value in headers.items()} == {
        "host": there.address.removeprefix("http://"),
        "accept-encoding": "identity",
        "content-length": str(len(draft.body)),
        "content-type": "application/json",
        "authorization": f"Bearer {TOKEN}",
    }
    assert noted == [hashlib.sha256(draft.body).hexdigest()]
    assert (answer.outcome, answer.text, answer.sources) == ("answered", "不建议合用。", ("抗凝",))


def test_consent_is_for_one_draft_and_once(draft: Draft, context: Context, token: Path) -> None:
    noted: list[str] = []
    other = prepare(GENERAL, context)
    spent = Consent(draft)
    assert spent.spend(draft)
    with gate() as there:
        for consent in (None, spent, Consent(other)):
            answer = ask(draft, consent, Gateway(there.address, token), noted.append)
            assert (answer.outcome, answer.lines) == ("no consent", draft.lines)
    assert (there.got, noted) == ([], [])


def test_nothing_leaves_if_the_audit_cannot_be_written(draft: Draft, token: Path) -> None:
    def full(_: str) -> None:
        raise OSError("disk full")

    with gate() as there, pytest.raises(OSError, match="disk full"):
        ask(draft, Consent(draft), Gateway(there.address, token), full)
    assert there.got == []


def test_network_down_answers_here(draft: Draft, token: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        answer = ask(draft, Consent(draft), Gateway(address, token), lambda _: None)
    assert (answer.outcome, answer.lines, answer.text) == ("unreachable", draft.lines, "")


def test_hanging_gateway_is_left(draft: Draft, token: Path) -> None:
    with gate(hangs=True) as there:
        answer = ask(draft, Consent(draft), Gateway(there.address, token), lambda _: None, 0.6)
    assert (answer.outcome, len(there.got)) == ("unreachable", 1)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (401, b"{}", "refused"),
        (500, b"x", "refused"),
        (200, b"<html>", "strange"),
        (200, b"[" * 60_000, "strange"),
        (200, b"\xff\xfe", "strange"),
        (200, b" " * 200_000 + json.dumps(ANSWER).encode(), "strange"),
        (200, json.dumps(ANSWER | {"status": "late"}).encode(), "refused"),
    ],
)
def test_hostile_answers(status: int, body: bytes, outcome: str, draft: Draft, token: Path) -> None:
    with gate(status, body) as there:
        answer = ask(draft, Consent(draft), Gateway(there.address, token), lambda _: None)
    assert (answer.outcome, answer.text, len(there.got)) == (outcome, "", 1)


def test_redirect_is_not_followed(draft: Draft, token: Path) -> None:
    with (
        gate() as elsewhere,
        gate(307, headers={"Location": elsewhere.address + "/v1/turns"}) as there,
    ):
        answer = ask(draft, Consent(draft), Gateway(there.address, token), lambda _: None)
    assert (answer.outcome, len(there.got), elsewhere.got) == ("refused", 1, [])


def test_answer_cannot_steer_a_terminal(draft: Draft, token: Path) -> None:
    nasty = json.dumps(ANSWER | {"text": "a\x1b[2Jb\u202ec\nd"}).encode()
    with gate(200, nasty) as there:
        answer = ask(draft, Consent(draft), Gateway(there.address, token), lambda _: None)
    assert answer.text == "a[2Jbc\nd" == visible("a\x1b[2Jb\u202ec\nd")


def _certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Of this machine, by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, secret)
    return cert, context


def test_only_a_gateway_that_is_vouched_for(draft: Draft, token: Path, tmp_path: Path) -> None:
    cert, tls = _certificate(tmp_path)
    with gate(tls=tls) as there:
        stranger = ask(draft, Consent(draft), Gateway(there.address, token), lambda _: None)
        assert (stranger.outcome, there.got) == ("unreachable", [])
        known = ask(draft, Consent(draft), Gateway(there.address, token, cert), lambda _: None)
        assert (known.outcome, [body for *_, body in there.got]) == ("answered", [draft.body])


UNDER_GUARD = """
import sys
from pathlib import Path
from edge import guard
guard.install()
from edge.consult import Consent, Draft, Gateway, ask
from agents.records.questions import Intent
draft = Draft(Intent("general"), "x", b"{}", (), ())
print(ask(draft, Consent(draft), Gateway(sys.argv[1], Path(sys.argv[2])), lambda _: None).outcome)
print("ssl" in sys.modules, "http.client" in sys.modules, "edge.messenger" in sys.modules)
"""


def test_under_the_guard_the_child_alone_reaches_out(token: Path) -> None:
    with gate() as there:
        command = [sys.executable, "-c", UNDER_GUARD, there.address, str(token)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.split() == ["answered", "False", "False", "False"], done.stderr
    assert [body for *_, body in there.got] == [b"{}"]


@pytest.mark.parametrize("content", ["", "two words", "x" * 9_000, "é"])
def test_bad_token_sends_nothing(content: str, draft: Draft, token: Path) -> None:
    token.write_text(content, encoding="utf-8")
    with gate() as there:
        answer = ask(draft, Consent(draft), Gateway(there.address, token), lambda _: None)
    assert (answer.outcome, there.got) == ("refused", [])


def test_nothing_is_drafted_if_the_model_of_identifiers_fails(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise BadModel("tags.onnx fails")

    monkeypatch.setattr(Tags, "read", fails)
    with pytest.raises(Unfit, match="identifiers"):
        prepare(GENERAL, context)


@pytest.mark.parametrize(
    "between",
    [
        "\u200b",
        "\u200b" * 5,
        "\ufe0f",
        "\u034f",
        "\u3164",
        "\u2800",
        "\xad",
        "\u0301",
        "\U000e0100",
    ],
)
def test_nothing_unseen_hides_an_identifier(between: str, context: Context) -> None:
    """Between the characters of what the redactor knows when they stand together."""
    words = [between.join(one) for one in ("张建国", "13812345678", "li@example.com")]
    try:
        made = prepare(f"{words[0]}，电话{words[1]}，邮箱{words[2]}：高血压能吃柚子吗？", context)
    except Unfit:
        return  # In other words, then.
    left = "".join(c for c in made.text if c.isprintable())
    assert not any(one in left for one in ("建国", "1381", "example"))
    # A letter with an accent of its own is no letter of an address: the model calls it a number.
    mail = "record" if between == "\u0301" else "email"
    assert {"name", "phone", mail} <= {one.kind for one in made.taken}


def test_what_would_leave_is_what_a_person_sees(context: Context) -> None:
    unseen = "".join(chr(0xE0000 + ord(c)) for c in "zhang 13812345678")
    said = f"高血压\u3000能不能吃柚子\t？{unseen}\u202e\u2066\x9b31m\x1b]0;x\x07"
    made = prepare(said, context)
    assert made.text == "高血压 能不能吃柚子 ？31m]0;x"
    assert made.body.decode().isprintable()


@pytest.mark.parametrize("unseen", ["\u200b\u202e", "\ufe0f", "\U000e0041" * 9])
def test_a_question_that_nobody_sees_is_none(unseen: str, context: Context) -> None:
    with pytest.raises(Unfit):
        prepare(unseen, context)


def test_too_long_and_empty_questions(context: Context) -> None:
    for question in ("", "  ", "药" * 2_001):
        with pytest.raises(Unfit):
            prepare(question, context)


@pytest.mark.usefixtures("unsure")
def test_what_may_be_an_identifier_is_hidden_only_by_hand(context: Context) -> None:
    made = prepare(DOUBTFUL, context)
    words = [made.text[one.span.start : one.span.end] for one in made.doubts]
    assert (made.text, made.hidden) == (DOUBTFUL, frozenset())
    assert "糖豆" in words
    number = words.index("糖豆")
    without = hide(made, frozenset({number}))
    assert without.text == DOUBTFUL.replace("糖豆", made.doubts[number].mark)
    assert json.loads(without.body) == {"text": without.text}
    for one in (made, without):
        assert "".join(piece.text for piece in pieces(one)) == one.text
        assert len([piece for piece in pieces(one) if piece.number is not None]) == len(made.doubts)
    assert hide(without, frozenset()) == made


@pytest.mark.usefixtures("unsure")
def test_hiding_keeps_what_the_redactor_took(draft: Draft, context: Context) -> None:
    made = prepare(GENERAL + DOUBTFUL, context)
    assert made.doubts
    without = hide(made, frozenset(range(len(made.doubts))))
    assert without.taken == made.taken
    assert without.text.startswith(draft.text)
    for word in ("张", "建国", "0012345", "13812345678", "3月5日", "糖豆"):
        assert word not in without.text
    assert "糖豆" not in repr(made)


@pytest.mark.usefixtures("unsure")
def test_what_is_hidden_does_not_leave_and_the_yes_is_for_the_rest(
    context: Context, token: Path
) -> None:
    made = prepare(DOUBTFUL, context)
    without = hide(made, frozenset({0}))
    with gate() as there:
        place = Gateway(there.address, token)
        assert ask(without, Consent(made), place, lambda _: None).outcome == "no consent"
        assert ask(without, Consent(without), place, lambda _: None).outcome == "answered"
    assert [body for *_, body in there.got] == [without.body]


@pytest.mark.usefixtures("unsure")
def test_only_what_is_marked_can_be_hidden(context: Context) -> None:
    made = prepare(DOUBTFUL, context)
    for number in (-1, len(made.doubts)):
        with pytest.raises(Unfit):
            hide(made, frozenset({number}))
