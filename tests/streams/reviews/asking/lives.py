"""A live run of a test."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from agents.llm.client import ModelClient
from agents.llm.settings import Limits, ModelSettings
from agents.reviews.asking.cost import Prices
from agents.reviews.asking.question import Question
from streams.reviews.asking import AskingFolder, LiveRun, ask_live
from tests.agents.reviews.asking.labels import FRAME, said
from tests.streams.reviews.asking.nights import (
    DATE,
    MODEL,
)
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    model_server,
    speaks,
)

GOOD = speaks("vllm", said())
"""A server whose model answers well."""


def asked_live(
    folder: AskingFolder,
    questions: list[Question],
    *behaviours: Behaviour,
    night: Limits = Limits(),  # noqa: B008
    after: Callable[[ModelServer], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    again: bool = False,
    **other: Any,
) -> LiveRun:
    """Ask live, of a server that behaves like this."""

    async def run() -> LiveRun:
        async with model_server(*behaviours) as server:
            model: ModelSettings = replace(MODEL, url=server.url, **{"timeout_s": 5.0, **other})
            client = ModelClient(model, wait_s=0.001)
            ticks = count(1_763_630_000_000)
            try:
                return await ask_live(
                    folder, DATE, questions, client, model, FRAME,
                    night=night, prices=Prices(model.price_in, model.price_out),
                    clock_ms=lambda: next(ticks), progress=progress, again=again,
                )  # fmt: skip
            finally:
                await client.close()
                after(server)

    return asyncio.run(run())


def reasons(run: LiveRun) -> Counter[str]:
    """Why questions were left."""
    return Counter(run.left.values())
