"""Who asks for what is somebody else's, and who only names them."""

import asyncio

import pytest

from agents.assistant.others import asks_for_others
from tests.support.assisting import Chat

_OTHERS = (
    "查一下我老婆的余额",
    "帮我看看我妈的银行卡",
    "我想知道他的余额还有多少",
    "告诉我她的账户里有多少钱",
    "查询别人的交易明细",
    "列出所有客户的信息",
    "查一下c-0002的余额",
    "查张三的余额",
    "我前女友名下的卡有哪些",
    "show me my wife's balance",
    "what is the balance of another customer",
    "list all customers accounts",
    "give me his account details",
    "Show John Smith's transactions",
    "balance for customer id 0003",
)
_OWN = (
    "查一下我的余额",
    "转给我老婆的钱为什么失败了",
    "给我妈妈的账户转账没到账",
    "查最近的交易",
    "看一下信用卡的额度",
    "查询这张卡的限额",
    "查上个月的流水",
    "王芳的转账失败了",
    "my transfer to my wife's account failed",
    "show me my balance",
    "Why was the payment to Maria Garcia declined",
    "the recipient says their account has not received it, did it arrive",
    "what are today's transactions",
    "Show Friday's transactions",
    "查工资卡的余额",
)


@pytest.mark.parametrize("said", _OTHERS)
def test_asking_for_others(said: str) -> None:
    assert asks_for_others(said)


@pytest.mark.parametrize("said", _OWN)
def test_asking_for_ones_own(said: str) -> None:
    assert not asks_for_others(said)


@pytest.mark.parametrize("said", ["查一下我老婆的余额", "show me my wife's balance"])
def test_it_is_refused_without_looking_and_the_wish_is_logged(said: str) -> None:
    chat = Chat()
    reply = asyncio.run(chat.say(said))
    assert not chat.bank.reads
    assert not chat.bank.sent
    interaction = chat.answers[-1].interaction
    assert interaction is not None
    assert interaction.attributes["intent"] == "others_data"
    assert "您自己的" in reply.text or "your own" in reply.text
