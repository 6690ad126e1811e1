"""A model server for the tests: real HTTP, answers as vLLM, llama.cpp and Ollama give them, and
every way in which a server can misbehave.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

from aiohttp import web

Dialect = Literal["vllm", "llama.cpp", "ollama"]
Behaviour = Callable[[web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]

GOOD: dict[str, Any] = {
    "hypotheses": [
        {
            "cause": "The rollout of checkout 7.2.0 broke payments on Android",
            "category": "release",
            "confidence": "high",
            "evidence_ids": ["c1", "s1", "e1"],
        }
    ],
    "next_steps": ["Roll back checkout 7.2.0"],
    "abstain_reason": "",
}
FLOOD_BYTES = 100 * 1024 * 1024


class ModelServer:
    """Answers the nth request as the nth behaviour does, all later ones as the last.

    `asked` has the bodies it got, `headers` their headers, `sent` the bytes of a flood.
    """

    def __init__(self, behaviours: tuple[Behaviour, ...]) -> None:
        self._behaviours = behaviours
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.sent = 0
        self.url = ""
        self.over = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        body = await request.json()
        place = min(len(self.asked), len(self._behaviours) - 1)
        self.asked.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        return await self._behaviours[place](request, body)


_SERVER = web.AppKey("server", ModelServer)


@asynccontextmanager
async def model_server(*behaviours: Behaviour) -> AsyncIterator[ModelServer]:
    """A server on a free port of this machine."""
    server = ModelServer(behaviours)
    app = web.Application(client_max_size=2**24)
    app[_SERVER] = server
    app.router.add_post("/v1/chat/completions", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}/v1"
    try:
        yield server
    finally:
        server.over.set()
        await runner.cleanup()


def completion(
    content: str | None,
    dialect: Dialect = "vllm",
    *,
    finish: str = "stop",
    usage: bool = True,
    **message: Any,
) -> dict[str, Any]:
    """A chat completion with the extras of a dialect."""
    said: dict[str, Any] = {"role": "assistant", "content": content, **message}
    choice: dict[str, Any] = {"index": 0, "message": said, "finish_reason": finish}
    body: dict[str, Any] = {
        "id": "chatcmpl-571",
        "object": "chat.completion",
        "created": 1_763_630_043,
        "model": "m",
        "choices": [choice],
    }
    if dialect == "vllm":
        said |= {"reasoning": "The rollout came first.", "tool_calls": []}
        choice |= {"logprobs": None, "stop_reason": None}
        body |= {"prompt_logprobs": None, "kv_transfer_params": None}
    elif dialect == "llama.cpp":
        said |= {"reasoning_content": "The rollout came first."}
        body |= {"system_fingerprint": "b1", "timings": {"cache_n": 236, "prompt_ms": 30.9}}
    else:
        said |= {"reasoning": "The rollout came first."}
        body |= {"system_fingerprint": "fp_ollama"}
    if usage:
        body["usage"] = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
    return body


def schema_in(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema to which the servers hold a model: only the nested form is one."""
    form = body.get("response_format", {})
    if form.get("type") != "json_schema":
        return None
    schema: dict[str, Any] | None = form.get("json_schema", {}).get("schema")
    return schema


def speaks(dialect: Dialect, answer: object = None) -> Behaviour:
    """A server that keeps its model to the schema; the model answers `answer`, else GOOD."""

    async def behave(_: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if dialect == "vllm" and "name" not in body["response_format"]["json_schema"]:
            return web.json_response({"error": {"message": "name is missing"}}, status=400)
        schema = schema_in(body)
        if schema is None:
            return web.json_response(completion("Dogs bark.", dialect))
        if "word" in schema["properties"]:
            content = json.dumps({"word": schema["properties"]["word"]["enum"][0]})
        else:
            content = json.dumps(GOOD if answer is None else answer, ensure_ascii=False)
        return web.json_response(completion(content, dialect))

    return behave


def says(content: str | None, dialect: Dialect = "vllm", **other: Any) -> Behaviour:
    """A server whose model writes this, whatever form was asked for."""

    async def behave(_: web.Request, __: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(completion(content, dialect, **other))

    return behave


def writes(made: Callable[[dict[str, Any]], str]) -> Behaviour:
    """A server whose model writes what is made of the question."""

    async def behave(_: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(completion(made(body)))

    return behave


def slow(seconds: float, then: Behaviour) -> Behaviour:
    """A server that takes its time, and then behaves so."""

    async def behave(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await then(request, body)

    return behave


def fails(status: int, text: str = "no", **headers: str) -> Behaviour:
    """A server that answers with a status; underscores in the names of headers become dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def behave(_: web.Request, __: dict[str, Any]) -> web.StreamResponse:
        return web.Response(status=status, text=text, headers=named)

    return behave


def sends(text: str, content_type: str = "application/json") -> Behaviour:
    """A server that sends this body."""

    async def behave(_: web.Request, __: dict[str, Any]) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type)

    return behave


async def silent(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
    """Takes the question and never says a word."""
    await request.app[_SERVER].over.wait()
    return web.Response()


async def trickles(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
    """Begins to answer and never ends."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b'{"choices": [')
    await request.app[_SERVER].over.wait()
    return response


async def breaks_off(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
    """Closes the connection in the middle of its answer."""
    response = web.StreamResponse(headers={"content-length": "5000"})
    await response.prepare(request)
    await response.write(b'{"choices": [')
    assert request.transport is not None
    request.transport.close()
    return response


async def hangs_up(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
    """Closes the connection before it has answered."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def floods(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
    """Sends 100 MB, unless nobody listens any more."""
    server = request.app[_SERVER]
    response = web.StreamResponse()
    await response.prepare(request)
    chunk = b"x" * 65_536
    while server.sent < FLOOD_BYTES:
        await response.write(chunk)
        server.sent += len(chunk)
    return response
