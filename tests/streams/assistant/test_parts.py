"""Parts of answers: the real assistant, Kafka, the gateway's WebSocket."""

import asyncio
import json
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest
from aiohttp import web
from confluent_kafka import Message

from schemas.topics import REPLIES
from streams.bank.faults import Fault
from tests.support.branch import Branch, open_branch
from tests.support.model_server import completion, model_server
from tests.support.waiting import SOON

pytestmark = [pytest.mark.broker, pytest.mark.slow]
CHEN = "c-0001"
_Frames: TypeAlias = list[dict[str, Any]]


class _Warmer:
    """A model that says the draft a bit warmer, once the person has seen something."""

    def __init__(self) -> None:
        self.seen = asyncio.Event()

    async def __call__(self, _: web.Request, asked: dict[str, Any]) -> web.Response:
        await self.seen.wait()
        rules, data = asked["messages"][0]["content"], asked["messages"][-1]["content"]
        draft = data.partition("answer: ")[2].partition("\n")[0]
        mark = rules.partition("its words are joined by ")[2].split(",")[0]
        text = "好的，" + draft.replace(mark, "")
        return web.json_response(completion(json.dumps({"text": text, "abstain": False})))


async def _asked(
    chat: aiohttp.ClientWebSocketResponse, warmer: _Warmer | None = None, **said: str
) -> _Frames:
    """Frames until the reply."""
    await chat.send_json(said)
    frames: _Frames = []
    while not frames or frames[-1]["type"] == "part":
        frames.append(await chat.receive_json(timeout=SOON))
        if warmer is not None:
            warmer.seen.set()
    return frames


def test_the_facts_are_shown_while_the_model_rewords_them(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    async def talk() -> None:
        warmer = _Warmer()
        async with (
            model_server(warmer) as model,
            open_branch(
                *(bootstrap, prefix, tmp_path),
                model_url=model.url,
                model_name="qwen3",
                bank_timeout_ms=1500,
            ) as branch,
            branch.web.ws_connect("/v1/chat", headers=await branch.headers(CHEN)) as chat,
        ):
            await _reworded(chat, warmer)
            await _slow(branch, chat)
            await _written(branch, chat)
            await _unheard(branch)

    asyncio.run(talk())


async def _reworded(chat: aiohttp.ClientWebSocketResponse, warmer: _Warmer) -> None:
    part, reply = await _asked(chat, warmer, type="say", text="我的余额是多少")
    assert part["text"].count("¥") >= 1
    assert "".join(reply["text"].split()) == "好的，" + "".join(part["text"].split())
    assert (part["session"], part["turn"]) == (reply["session"], reply["turn"])


async def _unheard(branch: Branch) -> None:
    """`POST /v1/turns`: nobody would hear a part, and none is on the topic."""
    branch.faulty.faults = {"cards": Fault(delay_ms=600)}
    parts = len(_parts(branch))
    status, reply = await branch.say(CHEN, text="我要冻结尾号6021的卡")
    assert (status, "6021" in reply["text"]) == (200, True)
    _, reply = await branch.say(CHEN, text="我的余额是多少")
    assert reply["text"].startswith("好的"), "it was reworded: the draft would have been shown"
    assert len(_parts(branch)) == parts == 2


def _parts(branch: Branch) -> list[Message]:
    return [one for one in branch.counter.read(REPLIES) if ("final", b"0") in (one.headers() or ())]


async def _slow(branch: Branch, chat: aiohttp.ClientWebSocketResponse) -> None:
    branch.faulty.faults = {"cards": Fault(delay_ms=600)}
    frames = await _asked(chat, type="say", text="我要冻结尾号6021的卡")
    assert [one["text"] for one in frames[:-1]] == ["请稍等，我正在查。"]
    assert "6021" in frames[-1]["text"]


async def _written(branch: Branch, chat: aiohttp.ClientWebSocketResponse) -> None:
    branch.faulty.faults = {"freeze_card": Fault(delay_ms=600)}
    frames = await _asked(chat, type="say", text="确认")
    assert len(frames) == 1, "nothing is said before the outcome of a write is known"
    assert len({receipt.key for receipt in branch.watched.receipts}) == 1
