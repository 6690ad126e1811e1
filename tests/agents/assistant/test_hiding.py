"""Passwords and codes that people write into a chat are kept nowhere."""

import asyncio

import pytest

from agents.assistant.hiding import hide
from schemas.sessions import Session
from tests.support.assisting import Chat


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我的密码是284913，卡号6222021234567894", "我的密码是[secret],卡号[card]"),
        ("验证码 482 913", "验证码 [secret]"),
        ("短信验证码收到了是 482913", "短信验证码收到了是 [secret]"),
        ("密码是２８４９１３", "密码是[secret]"),
        ("my PIN is 4821", "my PIN is [secret]"),
        ("password: hunter2!", "password: [secret]"),
        ("the security code 12-34-56", "the security code [secret]"),
        ("CVV 123", "CVV [secret]"),
    ],
)
def test_what_is_called_a_secret_goes(said: str, kept: str) -> None:
    assert hide(said) == kept
    assert hide(kept) == kept


@pytest.mark.parametrize(
    "said",
    [
        "密码输错3次被锁了",
        "密码是多少位?6位",
        "我改了密码,2000元没到账",
        "转账限额 50000",
        "spinning 500 times",
        "I need a new PIN for card 6021",
        "the PIN of my 6021 card",
        "password reset took 3 days",
    ],
)
def test_other_figures_stay(said: str) -> None:
    assert hide(said) == said


def test_not_even_the_understanding_sees_it() -> None:
    chat = Chat()

    async def talk() -> Session | None:
        await chat.say("提高6021的限额，密码是884422")
        return chat.session

    session = asyncio.run(talk())
    assert session is not None
    assert "884422" not in repr(chat.answers)


def test_what_is_said_instead_of_a_number_is_not_said_back() -> None:
    chat = Chat()

    async def talk() -> str:
        await chat.say("order status")
        return (await chat.say("13812345678")).text

    assert "[phone]" in asyncio.run(talk())
    assert "13812345678" not in repr([answer.session for answer in chat.answers])


def test_an_interaction_names_nobody_who_was_paid() -> None:
    chat = Chat()
    asyncio.run(chat.say("转账失败"))
    interaction = chat.answers[0].interaction
    assert interaction is not None
    assert "王芳" in chat.answers[0].reply.text
    assert "王芳" not in interaction.answer
    assert "[name]" in interaction.answer
