"""Each purpose from the first word to the effect, in both languages."""

import asyncio

import pytest

from agents.assistant.flows import FLOWS
from agents.assistant.intents import intents
from schemas.tools import (
    CallBack,
    FreezeCard,
    OpenTicket,
    RaiseLimit,
    UnbindCard,
    WriteCall,
)
from schemas.turns import Reply
from tests.support.assisting import Chat


def _talk(*said: str, chat: Chat | None = None) -> tuple[Chat, list[Reply]]:
    """`>part` presses a button, `!` proves who one is."""
    chat = chat or Chat()
    replies: list[Reply] = []

    async def all_of_it() -> None:
        for one in said:
            if one == "!":
                chat.prove()
            elif one.startswith(">"):
                replies.append(await chat.press(one[1:]))
            else:
                replies.append(await chat.say(one))

    asyncio.run(all_of_it())
    return chat, replies


_WRITES: tuple[tuple[tuple[str, ...], WriteCall], ...] = (
    (("解绑微信", "!", "确认"), UnbindCard(card="k-1", service="wechat")),
    (("unbind my card from wechat", "!", "yes"), UnbindCard(card="k-1", service="wechat")),
    (("解绑银行卡", "尾号5678那张", "!", "确认"), UnbindCard(card="k-2", service="alipay")),
    (
        ("unlink my card", ">card:k-1", ">service:alipay", "!", ">confirm"),
        UnbindCard(card="k-1", service="alipay"),
    ),
    (("我的卡丢了", "第二张", "确认"), FreezeCard(card="k-2", reason="lost")),
    (("我的卡被偷了，尾号6021", "确认"), FreezeCard(card="k-1", reason="stolen")),
    (("I lost my credit card", "yes"), FreezeCard(card="k-3", reason="lost")),
    (("冻结信用卡", "好的"), FreezeCard(card="k-3", reason="temporary")),
    (
        ("把尾号6021的转账限额提高到每天80000元，3天", "!", "确认"),
        RaiseLimit(card="k-1", kind="transfer", amount=80_000_00, days=3),
    ),
    (
        ("raise my transfer limit", "ending in 5678", "60000", "!", "yes"),
        RaiseLimit(card="k-2", kind="transfer", amount=60_000_00, days=1),
    ),
    (
        ("我要多取现", "尾号6021", "30000元", "!", "确认"),
        RaiseLimit(card="k-1", kind="cash", amount=30_000_00, days=1),
    ),
    (
        ("提高尾号6021的转账限额", "再加10000元", "!", "确认"),
        RaiseLimit(card="k-1", kind="transfer", amount=60_000_00, days=1),
    ),
    (
        ("星巴克扣了两次", "确认"),
        OpenTicket(
            topic="dispute",
            text="对这笔重复扣款提出异议：11月17日 19:06 星巴克 ¥38.00。客户的话：星巴克扣了两次",
            about="t-3",
        ),
    ),
    (
        ("I dispute a payment", ">txn:t-4", "yes"),
        OpenTicket(
            topic="dispute",
            text="dispute this payment: 滴滴出行, ¥36.50, 16 Nov, 19:06."
            " The customer says: I dispute a payment",
            about="t-4",
        ),
    ),
    (
        ("滴滴这笔不是我付的", "确认"),
        OpenTicket(
            topic="dispute",
            text="对这笔交易提出异议：11月16日 19:06 滴滴出行 ¥36.50。客户的话：滴滴这笔不是我付的",
            about="t-4",
        ),
    ),
    (
        ("我要投诉", "柜台排队三小时，电话13812345678", "确认"),
        OpenTicket(topic="complaint", text="柜台排队三小时,电话[phone]"),
    ),
    (
        ("I want to complain", "The queue took hours", ">confirm"),
        OpenTicket(topic="complaint", text="The queue took hours"),
    ),
    (("请给我回电", "下午", "好的"), CallBack(window="afternoon")),
    (("please call me in the morning", "yes"), CallBack(window="morning")),
    (("查余额", "转人工", "确认"), OpenTicket(topic="handover", text="查余额 / 转人工")),
    (("a real person please", "yes"), OpenTicket(topic="handover", text="a real person please")),
)


@pytest.mark.parametrize(("said", "effect"), _WRITES, ids=lambda one: str(one)[:60])
def test_a_write_happens_once_after_a_summary_and_a_yes(
    said: tuple[str, ...], effect: WriteCall
) -> None:
    chat, replies = _talk(*said)
    assert chat.effects == [effect]
    proposed, done = replies[-2], replies[-1]
    assert proposed.state.endswith(".confirm")
    assert proposed.choices[0].id.startswith("confirm:")
    assert "R-0001" in done.text
    results = [one for one in done.actions if one.kind == "tool_result"]
    assert [one.call for one in results] == [effect]
    steps = [one.step for one in chat.audit if one.key == results[0].id]
    assert [one for one in steps if one != "stepped_up"] == ["proposed", "confirmed", "done"]
    assert [one.action.id for one in chat.actions if one.action.kind == "tool_result"] == [
        results[0].id
    ]


_READS = (
    ("我的转账为什么失败了", ("王芳", "¥5,000.00", "余额不足"), "transactions"),
    ("why did my transfer fail", ("王芳", "¥5,000.00", "not enough"), "transactions"),
    ("转账没到账", ("何平", "¥300.00", "收款银行"), "transactions"),
    ("my transfer has not arrived", ("何平", "¥300.00", "recipient's bank"), "transactions"),
    ("查余额", ("8021", "¥1,234.50", "¥56,000.00", "¥50,000.00"), "accounts"),
    ("what is my balance", ("8039", "¥56,000.00", "available"), "accounts"),
    ("最近的交易明细", ("星巴克", "-¥38.00", "滴滴出行"), "transactions"),
    ("my transactions yesterday", ("星巴克", "-¥38.00"), "transactions"),
    ("退款到了吗", ("Decathlon", "¥899.00", "还没有入账"), "transactions"),
    ("where is my refund", ("Decathlon", "¥899.00", "on its way"), "transactions"),
    ("我的限额是多少", ("¥50,000.00", "¥1,000.00", "取现限额"), "limits"),
    ("what are my limits", ("¥50,000.00", "¥49,000.00", "cash limit"), "limits"),
    ("为什么扣我手续费", ("跨行手续费", "-¥2.00"), "transactions"),
    ("why was I charged a fee", ("跨行手续费", "-¥2.00"), "transactions"),
    ("还款日是哪天", ("11月21日", "¥3,280.00", "¥328.00", "3天"), "cards"),
    ("when do I repay", ("21 Nov", "¥3,280.00", "3 day"), "cards"),
    ("我还不上了", ("¥3,280.00", "还款安排"), "cards"),
    ("I cannot repay", ("¥3,280.00", "colleague"), "cards"),
    ("办理进度 o-0008-1", ("已寄出", "顺丰", "11月20日"), "order"),
    ("where is my order o-0008-1", ("shipped", "20 Nov"), "order"),
)


@pytest.mark.parametrize(("said", "facts", "source"), _READS, ids=lambda one: str(one)[:40])
def test_facts_are_said_and_cited(said: str, facts: tuple[str, ...], source: str) -> None:
    chat, (reply,) = _talk(said)
    for fact in facts:
        assert fact in reply.text
    assert source in [one.id for one in reply.sources]
    assert all(one.as_of for one in reply.sources if one.kind == "bank")
    assert not chat.effects
    assert not reply.degraded


@pytest.mark.parametrize("said", ["我换手机号了", "I have a new phone number"])
def test_a_phone_number_is_never_changed_here(said: str) -> None:
    chat, (reply,) = _talk(said)
    kinds = [one.kind for one in reply.actions]
    assert "form_prefill" in kinds
    assert "deep_link" in kinds
    assert chat.session is not None
    assert chat.session.pending is None
    assert [one.action.kind for one in chat.actions] == ["form_prefill"]


@pytest.mark.parametrize(
    ("said", "quote"), [("收费标准", "跨行取现每笔 2 元"), ("网点几点开门", "9:00 到 17:00")]
)
def test_articles_are_quoted_and_cited(said: str, quote: str) -> None:
    _, (reply,) = _talk(said)
    (source,) = [one for one in reply.sources if one.kind == "article"]
    assert quote in reply.text
    assert source.quote in reply.text
    assert source.title in reply.text


def test_no_advice_on_investments() -> None:
    _, (reply,) = _talk("哪只基金好")
    assert reply.text.startswith("我不能给您投资建议")


@pytest.mark.parametrize(
    "code",
    [
        "insufficient_funds",
        "wrong_account",
        "name_mismatch",
        "over_limit",
        "risk_hold",
        "recipient_bank",
        "maintenance",
        "night_batch",
    ],
)
@pytest.mark.parametrize("said", ["转账为什么失败", "why did the transfer fail"])
def test_every_reason_has_words_of_its_own(code: str, said: str) -> None:
    known, other = Chat(), Chat()
    for chat, reason in ((known, code), (other, "xyz")):
        failed = chat.bank.moved("t-9", 0.01, -100_00, "刘洋", "transfer", "failed", reason)
        chat.bank.transactions = (failed,)
    _, (reply,) = _talk(said, chat=known)
    _, (unknown,) = _talk(said, chat=other)
    assert "刘洋" in reply.text
    assert reply.text != unknown.text
    assert "_" not in reply.text


def test_fraud_freezes_first_and_goes_on_to_the_payment() -> None:
    chat, replies = _talk("我被盗刷了", "第一张", "确认", ">txn:t-4", "确认")
    assert "冻结" in replies[0].text
    assert chat.effects[0] == FreezeCard(card="k-1", reason="stolen")
    assert isinstance(chat.effects[1], OpenTicket)
    assert chat.effects[1].about == "t-4"


def test_fraud_without_freezing() -> None:
    chat, replies = _talk("fraud on my account", ">skip", ">txn:t-4", "no")
    assert not chat.effects
    assert replies[1].state == "dispute.txn"
    assert "Nothing was done" in replies[-1].text


@pytest.mark.parametrize(
    ("amount", "word"),
    [
        ("0元", "大于零"),
        ("-100元", "大于零"),
        ("99999999999999元", "¥200,000.00"),
        ("9" * 40 + "元", "¥200,000.00"),
        ("100元", "已经是"),
    ],
)
def test_amounts_that_cannot_be_are_refused_in_words(amount: str, word: str) -> None:
    chat, replies = _talk("提高尾号6021的转账限额", amount)
    assert word in replies[-1].text
    assert replies[-1].state == "limit.amount"
    assert chat.session is not None
    assert chat.session.pending is None


def test_days_out_of_bounds_are_asked_again() -> None:
    chat, replies = _talk("提高尾号6021的转账限额到80000元", "200天", "7天", "!", "确认")
    assert "90" not in replies[0].text
    assert "90" in replies[1].text
    assert chat.effects == [RaiseLimit(card="k-1", kind="transfer", amount=80_000_00, days=7)]


def test_somebody_elses_card_is_not_among_the_choices() -> None:
    chat, replies = _talk("我的卡丢了，尾号9999")
    assert "9999" in replies[0].text
    assert [one.id for one in replies[0].choices] == ["card:k-1", "card:k-2", "card:k-3"]
    assert not chat.effects


def test_a_frozen_card_is_not_frozen_again() -> None:
    chat, replies = _talk("冻结信用卡", "确认", "冻结信用卡")
    assert len(chat.effects) == 1
    assert "已经是冻结状态" in replies[-1].text


def test_nobody_with_nothing_is_left_alone() -> None:
    chat = Chat()
    chat.bank.accounts, chat.bank.cards, chat.bank.transactions = (), (), ()
    said = [
        "查余额",
        "明细",
        "我的卡丢了",
        "解绑微信",
        "提高限额",
        "我的限额",
        "还款日",
        "退款",
        "转账失败",
    ]
    _, replies = _talk(*said, chat=chat)
    for reply in replies:
        assert reply.text
        assert reply.actions or reply.choices
    assert not chat.effects


def test_an_order_that_is_not_theirs_is_not_found() -> None:
    _, replies = _talk("查进度", "o-9999-1", "o-0008-1")
    assert replies[0].state == "order.reference"
    assert "没有订单 o-9999-1" in replies[1].text
    assert "已寄出" in replies[2].text


def test_every_flow_of_the_intents_exists() -> None:
    assert {one.flow for one in intents().values() if one.flow} == set(FLOWS)
