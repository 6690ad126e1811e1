"""A bank that is slow, away or only known from before."""

import asyncio

import pytest

from agents.assistant.tools import Failed
from schemas.turns import Reply
from tests.support.assisting import Chat

_TOOLS = ("accounts", "cards", "transactions", "limits", "order")


def _one(said: str, chat: Chat) -> Reply:
    return asyncio.run(chat.say(said))


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("查余额", "accounts"),
        ("what is my balance", "accounts"),
        ("我的卡丢了", "cards"),
        ("I lost my card", "cards"),
        ("解绑微信", "cards"),
        ("转账为什么失败", "transactions"),
        ("明细", "transactions"),
        ("退款", "transactions"),
        ("星巴克扣了两次", "transactions"),
        ("我的限额", "limits"),
        ("提高尾号6021的转账限额", "limits"),
        ("进度 o-0008-1", "order"),
        ("还款日", "cards"),
        ("我的限额", "cards"),
    ],
)
def test_without_facts_there_is_a_page_and_a_person(said: str, tool: str) -> None:
    chat = Chat()
    chat.bank.fails[tool] = Failed("away")
    reply = _one(said, chat)
    assert reply.degraded[0] == f"tool:{tool}"
    assert reply.degraded[-1] == "template"
    assert "link:hotline" in [one.id for one in reply.actions]
    assert "intent:human" in [one.id for one in reply.choices]
    assert not [one for one in reply.sources if one.kind == "bank" and one.id == tool]


@pytest.mark.parametrize(("said", "why"), [("my balance", "found no such"), ("查余额", "没有找到")])
def test_a_refusal_is_not_told_as_a_bank_that_is_silent(said: str, why: str) -> None:
    chat = Chat()
    chat.bank.fails["accounts"] = Failed("refused", "not_found")
    reply = _one(said, chat)
    assert why in reply.text
    assert "not answering" not in reply.text
    assert "没有回应" not in reply.text
    assert "intent:human" in [one.id for one in reply.choices]


def test_an_article_stands_in_for_facts() -> None:
    chat = Chat()
    chat.bank.fails["accounts"] = Failed("away")
    reply = _one("查余额", chat)
    assert reply.degraded == ("tool:accounts", "knowledge_only", "template")
    assert "在首页可以看余额" in reply.text


def test_old_facts_are_said_to_be_old() -> None:
    chat = Chat()
    chat.bank.stale_ms = 12 * 60_000
    reply = _one("查余额", chat)
    assert "12分钟前" in reply.text
    assert reply.degraded == ("cache:accounts:720",)
    assert reply.sources[0].as_of == "2026-11-18T10:54:40.000Z"


def test_everything_away_still_has_an_answer() -> None:
    for said in ("查余额", "我的卡丢了", "转账失败", "收费标准", "转人工", "我要投诉", "换手机号"):
        chat = Chat()
        chat.bank.fails = {name: Failed("away") for name in (*_TOOLS, "open_ticket")}
        reply = _one(said, chat)
        assert reply.text
        assert reply.actions or reply.choices or reply.state


def test_little_time_leaves_out_what_can_be_left_out() -> None:
    chat = Chat()
    chat.left_ms = 100
    reply = _one("我的限额", chat)
    assert reply.text.count("转账限额") == 1
    assert "没有来得及" in reply.text
