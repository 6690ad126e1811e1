"""Words of a test, and a model server that behaves as the test wants."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from agents.assistant.passage import Passage
from agents.assistant.wording.settings import WordingSettings
from agents.assistant.wording.wordsmith import PersonalWords, Wordsmith
from agents.assistant.words import Worded
from agents.llm.client import ModelClient
from agents.llm.settings import ModelSettings
from schemas.commands import Cost
from schemas.turns import Lang
from tests.support.model_server import Behaviour, ModelServer, model_server, says

T0 = 1_763_630_000_000
PATIENCE_S = 0.4
"""With a server that keeps people waiting."""
LEFT_MS = 8_000.0

DRAFT = (
    "Your transfer of ¥5,000.00 to Lin* on 2026-11-20 failed. The daily limit was reached. "
    "Nothing was taken from your account ending in 6789."
)
FRIENDLY = (
    "I am sorry: your transfer of ¥5,000.00 to Lin* on 2026-11-20 failed, because the daily limit "
    "was reached. Nothing was taken from your account ending in 6789."
)
DRAFT_ZH = "您2026-11-20转给林*的¥5,000.00失败了。原因是超过单日限额。尾号6789的账户没有扣款。"
FRIENDLY_ZH = (
    "很抱歉，您2026-11-20转给林*的¥5,000.00失败了，原因是超过了单日限额。尾号6789的账户没有扣款哦。"
)
LOST = Passage(
    "card-lost#fees",
    "Lost cards",
    "Replacing a lost card costs ¥15.00. The new card arrives after 5 working days.",
    0.9,
    True,
)
LOST_ZH = Passage(
    "card-lost-zh#fees", "挂失补卡", "补卡工本费为15元。新卡会在5个工作日后寄出。", 0.9, True
)
INTENTS = {"balance": "my balance", "raise_limit": "raising a limit for a while"}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.ms = T0

    def __call__(self) -> int:
        return self.ms


Do = Callable[[Wordsmith, ModelServer, Clock], Awaitable[None]]


def with_smith(do: Do, *behaviours: Behaviour, **other: Any) -> None:
    """Do something with a Wordsmith whose server behaves like this; `other`: its settings."""

    async def run() -> None:
        async with model_server(*behaviours) as server:
            await with_server(server.url, lambda smith, clock: do(smith, server, clock), **other)

    asyncio.run(run())


async def with_server(
    url: str, do: Callable[[Wordsmith, Clock], Awaitable[None]], **other: Any
) -> None:
    """The same with a server elsewhere."""
    own = {name: other.pop(name) for name in ("per_session", "per_tenant") if name in other}
    model = replace(
        ModelSettings(url, "qwen3", timeout_s=LEFT_MS / 1000, answer_tokens=300), **other
    )
    clock = Clock()
    client = ModelClient(replace(model, in_flight=2 * model.in_flight), wait_s=0.01)
    smith = Wordsmith(WordingSettings(model, least_ms=50.0, **own), client, clock_ms=clock, seed=7)
    try:
        await do(smith, clock)
    finally:
        await smith.close()


def mine(smith: Wordsmith, session: str = "s1") -> PersonalWords:
    """The words of one person."""
    return smith.of("bank", "u1", session, Cost())


def reworded(*behaviours: Behaviour, lang: Lang = "en", **other: Any) -> Worded:
    """What becomes of the draft."""
    said: list[Worded] = []
    draft, fact = (DRAFT, "Lin*") if lang == "en" else (DRAFT_ZH, "林*")

    async def do(smith: Wordsmith, _: ModelServer, __: Clock) -> None:
        said.append(await mine(smith).reword(draft, lang, [fact], LEFT_MS))

    with_smith(do, *behaviours, **other)
    return said[0]


def text_of(text: str) -> str:
    """An answer to be reworded."""
    return json.dumps({"text": text, "abstain": False}, ensure_ascii=False)


def says_text(text: str) -> Behaviour:
    """A model that gives this wording."""
    return says(text_of(text))


def asked_of(body: dict[str, Any]) -> str:
    """All that the model was told."""
    return "\n".join(message["content"] for message in body["messages"])
