"""An analyst of a test, and a server that behaves as the test wants."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from agents.llm.analyst import ModelAnalyst
from agents.llm.client import ModelClient
from agents.llm.settings import ModelSettings
from schemas.causes import Rca
from schemas.incidents import Incident
from tests.support.incidents import incident
from tests.support.model_server import (
    GOOD,
    Behaviour,
    ModelServer,
    fails,
    model_server,
)

T0 = 1_763_630_000_000
KNOWS_TEXT: tuple[Behaviour, ...] = (fails(400), fails(400))
"""What the probe gets from a server that holds its model to nothing."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.ms = T0

    def __call__(self) -> int:
        return self.ms


Do = Callable[[ModelAnalyst, ModelServer, Clock], Awaitable[None]]


def with_analyst(do: Do, *behaviours: Behaviour, **other: Any) -> None:
    """Do something with an analyst whose server behaves like this."""

    async def run() -> None:
        async with model_server(*behaviours) as server:
            settings = replace(ModelSettings(server.url, "qwen3"), **other)
            client, clock = ModelClient(settings, wait_s=0.001), Clock()
            try:
                await do(ModelAnalyst(settings, client, clock_ms=clock, seed=7), server, clock)
            finally:
                await client.close()

    asyncio.run(run())


def explained(*behaviours: Behaviour, of: Incident | None = None, **other: Any) -> Rca:
    """What it says of an incident."""
    said: list[Rca] = []

    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        said.append(await analyst.explain(of or incident()))

    with_analyst(do, *behaviours, **other)
    return said[0]


def answer_of(**other: Any) -> str:
    """A good answer but for this."""
    return json.dumps({**GOOD, **other})


def guess_of(**other: Any) -> dict[str, Any]:
    """A good hypothesis but for this."""
    return {**GOOD["hypotheses"][0], **other}
