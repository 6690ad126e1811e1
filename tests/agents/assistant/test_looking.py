"""What is shown before the reply: the finished draft, or that somebody looks; nothing otherwise."""

import asyncio
import time

import pytest

from agents.assistant.looking import SOON_MS
from agents.assistant.tools import Done, Failed, Fetched
from agents.assistant.words import Heard, Worded
from schemas.tools import ReadCall, WriteCall
from schemas.turns import Reply
from tests.support.assisting import Chat, SmallBank

_LONGER = SOON_MS / 1000 + 0.1
_MOMENT = "请稍等，我正在查。"


class SlowBank(SmallBank):
    """`reads`: seconds of each read; `writes`: of a write."""

    def __init__(self, reads: float = 0.0, writes: float = 0.0) -> None:
        super().__init__()
        self._pauses = reads, writes

    async def read(self, call: ReadCall) -> Fetched | Failed:
        await asyncio.sleep(self._pauses[0])
        return await super().read(call)

    async def write(self, call: WriteCall, key: str) -> Done | Failed:
        await asyncio.sleep(self._pauses[1])
        return await super().write(call, key)


class Warm:
    """A model that warms every draft, and takes its time to explain."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self.shown: list[str] = []

    async def reword(self, draft: str, *_: object) -> Worded:
        self.shown = list(self._chat.shown)
        return Worded(f"好的，{draft}")

    async def explain(self, *_: object) -> Worded:
        await asyncio.sleep(_LONGER)
        return Worded("积分两年有效。", ("points#rules",))

    async def read(self, *_: object) -> Heard:
        return Heard()


def _said(chat: Chat, text: str) -> Reply:
    return asyncio.run(chat.say(text))


def test_the_draft_is_shown_while_the_model_rewords_it() -> None:
    chat = Chat()
    chat.words = model = Warm(chat)
    reply = _said(chat, "我的余额")
    assert "¥1,234.50" in model.shown[0]
    assert reply.text == f"好的，{model.shown[0]}"
    assert chat.shown == model.shown


def test_what_is_quick_and_needs_no_model_shows_nothing() -> None:
    chat = Chat()
    _said(chat, "我的余额")
    _said(chat, "冻结尾号6021的卡")
    asyncio.run(chat.press("confirm"))
    assert chat.effects
    assert chat.shown == []


@pytest.mark.parametrize(
    ("said", "moment"), [("我的余额", _MOMENT), ("my balance", "One moment, I am looking.")]
)
def test_a_slow_bank_is_told_in_the_language_of_the_person(said: str, moment: str) -> None:
    chat = Chat(SlowBank(_LONGER))
    _said(chat, said)
    assert chat.shown == [moment]


def test_reads_that_are_slow_together_are_told_once() -> None:
    chat = Chat(SlowBank(SOON_MS / 1000 * 0.7))
    began = time.monotonic()
    chat.left = lambda: 2000.0 - (time.monotonic() - began) * 1000
    _said(chat, "我的限额")
    assert len(chat.bank.reads) > 2
    assert chat.shown == [_MOMENT]


def test_a_slow_model_is_told_too() -> None:
    chat = Chat()
    chat.words = Warm(chat)
    assert _said(chat, "积分怎么用").text == "积分两年有效。"
    assert chat.shown == [_MOMENT]


def test_nothing_is_shown_before_the_outcome_of_a_write() -> None:
    chat = Chat(SlowBank(writes=_LONGER))
    chat.words = Warm(chat)
    _said(chat, "冻结尾号6021的卡")
    chat.shown.clear()
    asyncio.run(chat.press("confirm"))
    assert chat.effects
    assert chat.shown == []
