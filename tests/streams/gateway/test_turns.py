"""`POST /v1/turns` and `GET /v1/sessions/{id}` over real HTTP."""

import asyncio

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from schemas.turns import Exchange, Reply, Turn
from streams import spans
from streams.gateway.server import GatewayRules
from streams.gateway.tracing import carried, spanned
from streams.gateway.turns import TurnRules
from streams.logs import JsonFormatter
from streams.requests.errors import BrokerAway, NotReady, Overloaded
from tests.streams.gateway.house import House, house


def test_a_turn_is_answered() -> None:
    async def run() -> None:
        async with house() as home:
            status, reply, headers = await home.say("where is my money?", lang="en")
            assert (status, reply["type"], reply["text"]) == (
                200,
                "reply",
                "u-1: where is my money?",
            )
            asked = home.assistant.asked[0]
            assert (asked.tenant, asked.user, asked.lang) == ("bank-a", "u-1", "en")
            assert reply["session"] == asked.session
            assert len(asked.session) == 22
            assert "worked;dur=2.0" in headers["Server-Timing"]
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Server"] == "groundswell"
            route = {"route": "/v1/turns", "status": "200"}
            assert home.count("groundswell_gateway_requests_total", **route) == 1

    asyncio.run(run())


def test_an_empty_session_and_turn_are_none() -> None:
    async def run() -> None:
        async with house() as home:
            status, reply, _ = await home.say("hi", session="", turn="")
            assert status == 200
            assert len(reply["session"]) == 22

    asyncio.run(run())


def test_who_asks_is_said_by_the_token_alone() -> None:
    async def run() -> None:
        async with house() as home:
            await home.say("hi", tenant="bank-b", user="u-2", strong_ms=9, kind="show")
            asked = home.assistant.asked[0]
            assert (asked.tenant, asked.user, asked.strong_ms) == ("bank-a", "u-1", 0)
            assert asked.kind == "say"

    asyncio.run(run())


def test_a_session_goes_on_and_a_turn_sent_again_is_the_same_turn() -> None:
    async def run() -> None:
        async with house() as home:
            key = {"Idempotency-Key": "k-1"}
            for headers in (key, {"Idempotency-Key": '"k-1"'}):
                assert (await home.say("hi", headers))[0] == 200
            one, two = home.assistant.asked
            # Sent again without a session, as by a client that got no answer to its first turn.
            assert (one.session, one.turn) == (two.session, two.turn)
            other = home.bearer(sub="u-2")
            await home.say("hi", key | other)
            assert home.assistant.asked[2].session != one.session
            await home.say("more", session=one.session, turn="t-2")
            assert home.assistant.asked[3].session == one.session
            assert home.assistant.asked[3].turn == "t-2"
            status, problem, _ = await home.say("hi", key, turn="k-2")
            assert (status, problem["detail"]) == (400, "Idempotency-Key and `turn` differ")

    asyncio.run(run())


def test_when_nothing_comes_the_gateway_answers_itself() -> None:
    async def run() -> None:
        rules = GatewayRules(TurnRules(deadline_ms=150, hotline="tel:1"))
        async with house(rules) as home:
            home.assistant.open.clear()
            for text, lang in (("我的卡丢了", "zh"), ("my card is lost", "en")):
                status, reply, _ = await home.say(text)
                assert (status, reply["status"]) == (504, "late")
                assert reply.get("lang", "zh") == lang
                assert reply["degraded"] == ["template", "hand_over"]
                assert reply["actions"][0]["link"] == "tel:1"
                assert reply["session"] == home.assistant.asked[-1].session
            outcome = {"outcome": "late"}
            assert home.count("groundswell_gateway_turn_seconds_count", **outcome) == 2

    asyncio.run(run())


def test_an_assistant_that_keeps_no_deadline_holds_nobody_up() -> None:
    async def run() -> None:
        async with house(GatewayRules(TurnRules(deadline_ms=100))) as home:

            async def hang(*_: object, **__: object) -> Reply:
                await asyncio.Event().wait()
                raise AssertionError

            home.assistant.ask = hang  # type: ignore[method-assign]
            status, reply, _ = await home.say()
            assert (status, reply["status"]) == (504, "late")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("error", "code", "retry_after"),
    [
        (NotReady(), "not-ready", "1"),
        (BrokerAway(), "not-ready", "1"),
        (Overloaded("", 2.5), "overloaded", "3"),
    ],
)
def test_who_cannot_ask_says_so_and_says_something_useful(
    error: Exception, code: str, retry_after: str
) -> None:
    async def run() -> None:
        async with house() as home:
            home.assistant.error = error
            status, problem, headers = await home.say("my card is lost")
            assert (status, headers["Retry-After"]) == (503, retry_after)
            assert headers["Content-Type"] == "application/problem+json"
            assert problem["type"] == f"docs/gateway.md#{code}"
            assert problem["reply"]["actions"][0]["kind"] == "hand_over"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "code", "http"), [("busy", "session-busy", 409), ("failed", "failed", 500)]
)
def test_what_the_worker_did_not_answer_is_a_problem_with_its_reply(
    status: str, code: str, http: int
) -> None:
    async def run() -> None:
        async with house() as home:
            home.assistant.reply = lambda turn: Reply(
                session=turn.session,
                turn=turn.turn,
                status=status,  # type: ignore[arg-type]
                text="one moment",
            )
            got, problem, _ = await home.say()
            assert (got, problem["type"]) == (http, f"docs/gateway.md#{code}")
            assert problem["reply"]["text"] == "one moment"

    asyncio.run(run())


def test_a_mistake_of_ours_shows_no_stack_and_quotes_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        async with house() as home:
            home.assistant.error = RuntimeError("陈小姐 138 0000 0000")
            status, problem, _ = await home.say()
            assert (status, set(problem)) == (500, {"type", "title", "status"})
            assert (await home.say())[0] == 500
            async with home.session.ws_connect("/v1/chat", headers=home.bearer()) as web:
                await web.send_json({"type": "say", "text": "hi"})
                assert (await web.receive_json())["problem"]["status"] == 500

    asyncio.run(run())
    messages = [record.message for record in caplog.records]
    assert messages == ["a request failed", "a request failed", "a turn of a socket failed"]
    assert "0000" not in "".join(map(JsonFormatter().format, caplog.records))


async def _show(home: House, session: str, **claims: str) -> tuple[int, dict[str, object]]:
    path, headers = f"/v1/sessions/{session}", home.bearer(**claims)
    async with home.session.get(path, headers=headers) as response:
        return response.status, await response.json(content_type=None)


def test_a_session_is_shown_to_its_owner_alone() -> None:
    mine = "mine-0123456789abcdef"

    def reply(turn: Turn) -> Reply:
        if (turn.session, turn.user) != (mine, "u-1"):
            return Reply(session=turn.session, turn=turn.turn, status="refused")
        said = Exchange("t", "2026-11-20T09:14:03.120Z", "hi", "hello")
        return Reply(session=turn.session, turn=turn.turn, history=(said,))

    async def run() -> None:
        async with house() as home:
            home.assistant.reply = reply
            status, body = await _show(home, mine)
            assert (status, home.assistant.asked[0].kind) == (200, "show")
            assert body["history"] == [
                {"turn": "t", "at": "2026-11-20T09:14:03.120Z", "said": "hi", "answered": "hello"}
            ]
            answers = [
                await _show(home, mine, sub="u-2"),
                await _show(home, "none-0123456789abcdef"),
                await _show(home, "x"),
                await _show(home, "%2e%2e%2f%2e%2e%2f0123456789"),
            ]
            assert answers == [answers[0]] * 4
            assert answers[0][0] == 404
            said = await home.say("hi", home.bearer(sub="u-2"), session=mine)
            assert (said[0], said[1]) == answers[0]

    asyncio.run(run())


def test_a_trace_goes_through_and_comes_back() -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    async def run() -> None:
        async with house() as home:
            _, _, headers = await home.say("hi", {"traceparent": trace})
            assert home.assistant.traces[0]["traceparent"].split("-")[1] == trace.split("-")[1]
            assert headers["traceparent"].split("-")[1] == trace.split("-")[1]
            for garbage in ("x", "00-0-0-0", "é" * 9, f"{trace}\u0085"):
                assert (await home.say("hi", {"traceparent": garbage}))[0] == 200

    asyncio.run(run())


@pytest.mark.parametrize(
    ("state", "is_carried"),
    [
        ("a=b", True),
        ("a=b,fw@v=00f067aa0ba902b7", True),
        ("k=" + "v" * 510, False),
        ("a=b,," * 90, False),
        ("A=b", False),
        ("who=陈小姐", False),
        ("=", False),
    ],
)
def test_what_is_no_state_of_a_trace_is_dropped_and_not_logged(
    state: str, is_carried: bool, caplog: pytest.LogCaptureFixture
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    brought = carried({"traceparent": trace, "tracestate": state})
    assert ("tracestate" in brought) == is_carried
    with spanned("turn", brought) as (_, passed):
        assert passed["traceparent"].split("-")[1] == trace.split("-")[1]
    assert not caplog.records


def test_a_span_goes_on_with_the_trace_and_shows_nothing_personal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(spans, "_tracer", provider.get_tracer("test"))
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: provider)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    async def run() -> None:
        async with house() as home:
            _, _, headers = await home.say("call 13800000000", {"traceparent": trace})
            assert headers["traceparent"] == home.assistant.traces[0]["traceparent"] != trace
            home.assistant.error = RuntimeError("call 13800000000")
            assert (await home.say("call 13800000000"))[0] == 500

    asyncio.run(run())
    one, two = kept.get_finished_spans()
    assert one.parent is not None
    assert f"{one.parent.span_id:x}" == "b7ad6b7169203331"
    assert (two.parent, two.status.status_code, two.events) == (None, StatusCode.ERROR, ())
    assert (two.attributes or {})["error.type"] == "RuntimeError"
    assert not [span for span in (one, two) if "13800000000" in span.to_json()]
