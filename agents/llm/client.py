"""One question to an OpenAI-compatible server: time-outs, repetitions, a bound on everything."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import httpx
import msgspec
import stamina

from agents.llm.errors import ModelAway, ModelDeclined, ModelError, ModelNonsense, ModelRefused
from agents.llm.settings import ModelSettings

MAX_BYTES = 262_144
"""Of one answer."""
_ATTEMPTS = 4
_CONNECT_S = 5.0
_AGAIN = frozenset({408, 409, 429, *range(500, 600)})
_HINTS = {
    401: "check the model's key",
    403: "check the model's key",
    404: "check the model's url, which ends in /v1, and its name",
}


class BadBody(Exception):
    """An answer that is not read to its end."""


class Reply(NamedTuple):
    """What the model wrote; `cut`: it had no room to end; tokens if the server counts them."""

    content: str
    cut: bool
    tokens_in: int | None
    tokens_out: int | None


class _Message(msgspec.Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct, frozen=True):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


_decode = msgspec.json.Decoder(_Completion).decode


def request_of(
    settings: ModelSettings,
    messages: Sequence[Mapping[str, str]],
    form: Mapping[str, Any] | None,
    tokens: int,
) -> dict[str, Any]:
    """The body of a request, of fields that every server knows."""
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": list(messages),
        "temperature": 0,
        "stream": False,
        settings.tokens_field: tokens,
    }
    if form is not None:
        body["response_format"] = form
    return body


class ModelClient:
    """One server; `wait_s` is the first pause before a repetition, of which each doubles.

    Neither proxies nor keys are taken from the environment; the authorities of the system count.
    Raises ValueError if the url is none.
    """

    def __init__(self, settings: ModelSettings, *, wait_s: float = 0.5) -> None:
        self._settings = settings
        self._wait_s = wait_s
        # Compressed bodies would grow after they have been measured.
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if settings.key:
            headers["authorization"] = f"Bearer {settings.key}"
        self._http = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(settings.timeout_s, connect=min(_CONNECT_S, settings.timeout_s)),
            limits=httpx.Limits(max_connections=settings.in_flight + 1),
            follow_redirects=False,
            trust_env=False,
            verify=ssl.create_default_context(),
        )
        try:
            self._url = httpx.URL(settings.url.rstrip("/") + "/chat/completions")
        except httpx.InvalidURL as error:
            raise ValueError(f"the model's url {settings.url}: {error}") from None

    async def close(self) -> None:
        """Let go of the connections; safe to call twice."""
        await self._http.aclose()

    async def ask(
        self, messages: Sequence[Mapping[str, str]], form: Mapping[str, Any] | None, tokens: int
    ) -> Reply:
        """The answer in at most `tokens` tokens, of the `form` (response_format) if there is one.

        Raises ModelAway, ModelRefused, ModelNonsense, ModelDeclined.
        """
        body = request_of(self._settings, messages, form, tokens)
        return reply_of(await self._send(msgspec.json.encode(body)))

    async def _send(self, body: bytes) -> bytes:
        """Again and again, for as long as one answer may take in all."""
        patience = self._settings.timeout_s
        deadline = asyncio.get_running_loop().time() + patience
        last: list[ModelError] = []
        attempts = stamina.retry_context(
            on=_again(deadline, last),
            attempts=_ATTEMPTS,
            timeout=None,
            wait_initial=self._wait_s,
            wait_jitter=self._wait_s,
        )
        try:
            async with asyncio.timeout_at(deadline):
                async for attempt in attempts:
                    with attempt:
                        return await self._post(body)
        except TimeoutError:
            if last:
                raise last[-1] from None
            raise ModelAway(f"no answer within {patience:g} s", begun=True) from None
        raise AssertionError("stamina gives up by raising")

    async def _post(self, body: bytes) -> bytes:
        headers = {"content-type": "application/json"}
        try:
            async with self._http.stream(
                "POST", self._url, content=body, headers=headers
            ) as response:
                try:
                    found = await body_of(response, MAX_BYTES)
                except BadBody as error:
                    raise ModelNonsense(str(error)) from None
                except httpx.TransportError as error:
                    what = f"the answer broke off ({type(error).__name__})"
                    raise ModelAway(what, begun=True) from None
                _check(response, found)
                return found
        except httpx.ReadTimeout:
            raise ModelAway("the server took the question and kept silent", begun=True) from None
        except httpx.HTTPError as error:
            raise ModelAway(f"the server cannot be reached ({type(error).__name__})") from None


def _again(deadline: float, last: list[ModelError]) -> Callable[[Exception], bool | float]:
    """Whether and when to repeat: as the server says, unless that is too late."""

    def decide(error: Exception) -> bool | float:
        if not isinstance(error, ModelAway) or error.begun:
            return False
        last.append(error)
        if error.retry_after is None:
            return True
        left = deadline - asyncio.get_running_loop().time()
        return error.retry_after if error.retry_after < left else False

    return decide


async def body_of(response: httpx.Response, most: int) -> bytes:
    """An answer that is streamed, up to so many bytes. Raises BadBody, httpx.HTTPError."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise BadBody("the answer is compressed although nobody asked for that")
    found = bytearray()
    async for chunk in response.aiter_raw():
        found += chunk
        if len(found) > most:
            raise BadBody(f"the answer is longer than {most} bytes")
    return bytes(found)


def _check(response: httpx.Response, found: bytes) -> None:
    """What the server wrote of an error is not passed on: it may quote the key or the question."""
    status = response.status_code
    if status == 200:
        return
    if status in _AGAIN:
        after = response.headers.get("retry-after", "")
        retry_after = float(after) if after.isdecimal() and len(after) < 7 else None
        raise ModelAway(f"the server answers HTTP {status}", retry_after=retry_after)
    hint = _HINTS.get(status, "it does not take what we send")
    if 300 <= status < 400:
        hint = "it sends us elsewhere, where we do not go: name that place as the model's url"
    elif b"max_completion_tokens" in found:
        hint = "it wants the name max_completion_tokens: set the tokens field to it"
    raise ModelRefused(f"the server answers HTTP {status}: {hint}", status)


def reply_of(found: bytes | msgspec.Raw) -> Reply:
    """What a chat completion says. Raises ModelNonsense, ModelDeclined."""
    try:
        completion = _decode(found)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ModelNonsense("the server's answer is no chat completion") from None
    if not completion.choices:
        raise ModelNonsense("the server's answer holds no choice")
    choice, usage = completion.choices[0], completion.usage or _Usage()
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise ModelDeclined("the model declined to answer")
    return Reply(
        choice.message.content or "",
        choice.finish_reason == "length",
        _counted(usage.prompt_tokens),
        _counted(usage.completion_tokens),
    )


def _counted(tokens: int | None) -> int | None:
    """What a server says of itself, if it can be true."""
    return tokens if tokens is not None and 0 < tokens < 10_000_000 else None
