"""A bank for tests: embedded, or the same one behind HTTP."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from agents.assistant.bank import CoreBank
from agents.assistant.errors import BankRefused
from schemas.times import parse_ms
from sinks.cluster import Secret
from streams.bank.embedded import EmbeddedBank
from streams.bank.http import HttpBank
from streams.bank.serving import BankServer

Kind = Literal["embedded", "http"]
NOW_MS = parse_ms("2026-11-20T11:00:00+08:00")
DEMO = "demo"
_TLS = ssl.create_default_context()
TOKEN = Secret("a-word-of-the-bank")


class Clock:
    """A time that tests move."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def adapter(port: int, **other: Any) -> HttpBank:
    """To a bank on this machine."""
    return HttpBank(f"http://127.0.0.1:{port}", TOKEN, _TLS, **other)


@asynccontextmanager
async def opened(kind: Kind, file: Path, clock: Callable[[], int]) -> AsyncIterator[CoreBank]:
    """The demo's bank in a file."""
    async with AsyncExitStack() as stack:
        bank = EmbeddedBank(file, clock)
        stack.push_async_callback(bank.close)
        if kind == "embedded":
            yield bank
            return
        server = BankServer(bank, TOKEN)
        port = await server.start("127.0.0.1", 0)
        stack.push_async_callback(server.stop)
        behind = adapter(port, patience_s=10.0)
        stack.push_async_callback(behind.close)
        yield behind


async def code_of(asked: Awaitable[object]) -> str:
    """Why the bank refuses; empty if it does not."""
    try:
        await asked
    except BankRefused as error:
        return error.code
    return ""
