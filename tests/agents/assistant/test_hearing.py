"""What people say in their own way: doubts, several wants at once, digits alone, urgency."""

import asyncio

import pytest

from agents.assistant.assistant import Assistant
from agents.assistant.understanding import Understander
from agents.assistant.urgent import urgent_intent
from schemas.tools import FreezeCard, OpenTicket
from schemas.turns import Reply
from tests.support.assisting import Chat


def _talk(*said: str, chat: Chat | None = None) -> tuple[Chat, list[Reply]]:
    chat = chat or Chat()

    async def all_of_it() -> list[Reply]:
        return [
            await (chat.press(one[1:]) if one.startswith(">") else chat.say(one)) for one in said
        ]

    return chat, asyncio.run(all_of_it())


@pytest.mark.parametrize(
    "said",
    ["等一下，找到了，不用了", "先别", "hmm never mind", "wait", "I changed my mind", "我不冻结了"],
)
def test_a_doubt_at_a_summary_is_a_no(said: str) -> None:
    chat, replies = _talk("尾号6021的卡丢了", said, "确认")
    assert chat.session is not None
    assert chat.session.pending is None
    assert not chat.bank.sent
    assert "什么都没有办理" in replies[1].text or "Nothing was done" in replies[1].text


@pytest.mark.parametrize("said", ["不要取消", "别取消", "don't cancel"])
def test_not_to_cancel_is_no_cancel(said: str) -> None:
    chat, _ = _talk("尾号6021的卡丢了", said)
    assert chat.session is not None
    assert chat.session.pending is not None


def test_two_wants_in_one_message_are_both_answered() -> None:
    _, (reply,) = _talk("余额多少，还款日是哪天")
    assert "¥1,234.50" in reply.text
    assert "11月21日" in reply.text


def test_a_fact_and_a_wish_in_one_message() -> None:
    chat, (reply,) = _talk("查一下余额，我要投诉")
    assert "¥1,234.50" in reply.text
    assert reply.state == "ticket.text"
    assert not chat.bank.sent


def test_four_digits_alone_are_a_card_if_there_is_one() -> None:
    _, replies = _talk("我的卡丢了", "9518")
    assert "尾号9518" in replies[1].text
    _, replies = _talk("我的卡丢了", "不对，5678")
    assert "尾号5678" in replies[1].text


def test_a_card_of_another_is_not_made_of_digits() -> None:
    chat, replies = _talk("我的卡丢了", "4321")
    assert replies[1].state == "lost.card"
    assert "没有尾号4321" not in replies[0].text
    assert not chat.bank.sent


def test_all_cards_one_by_one_each_with_its_own_yes() -> None:
    chat, replies = _talk("卡全部丢了", "确认", "确认", "确认")
    assert [one.card for one in chat.effects if isinstance(one, FreezeCard)] == [
        "k-1",
        "k-2",
        "k-3",
    ]
    assert "一张一张" in replies[0].text
    assert len({key for key, _ in chat.bank.sent}) == 3


def test_a_service_that_is_not_bound_is_not_replaced_by_another() -> None:
    chat = Chat()
    chat.bank.cards = chat.bank.cards[1:]
    _, replies = _talk("解绑微信", ">service:alipay", chat=chat)
    assert "没有卡绑定微信支付" in replies[0].text
    assert replies[0].state == "unbind.service"
    assert replies[1].state == "unbind.confirm"


def test_a_report_grows_while_it_waits() -> None:
    chat, _ = _talk("我要投诉", "柜台排队太久", "而且工作人员态度不好", "确认")
    assert chat.effects == [OpenTicket(topic="complaint", text="柜台排队太久 而且工作人员态度不好")]


def test_a_complaint_that_says_why_is_not_asked_why() -> None:
    _, (reply,) = _talk("I want to complain because your hotline kept me waiting for an hour")
    assert reply.state == "ticket.confirm"
    assert reply.text.startswith("I am sorry")


def test_a_person_is_called_once() -> None:
    chat, replies = _talk("转人工", "确认", "转人工")
    assert len(chat.effects) == 1
    assert "R-0001" in replies[2].text


def test_a_remembered_day_may_be_wrong_if_the_name_is_right() -> None:
    _, (reply,) = _talk("昨天转账给王芳为什么失败")
    assert "¥5,000.00" in reply.text


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("帮我freeze一下我的card", "freeze_card"),
        ("OMG my wallet is missing", "card_lost"),
        ("卡不见了", "card_lost"),
        ("余额", ""),
    ],
)
def test_urgency_in_any_words(said: str, intent: str) -> None:
    assert urgent_intent(said) == intent


@pytest.mark.parametrize("said", ["what does a transfer cost", "how do transfers work at weekends"])
def test_a_new_question_after_a_list_is_not_answered_by_the_list(said: str) -> None:
    chat = Chat()
    # "transfer" names a kind of limit, too, as the real reader says.
    chat.assistant = Assistant(Understander.load(), chat.shelf)
    _, (first, second) = _talk("where is my refund", said, chat=chat)
    assert "899.00" in first.text
    assert "899.00" not in second.text


def test_who_gives_up_and_asks_something_else_is_answered() -> None:
    chat = Chat()
    chat.assistant = Assistant(Understander.load(), chat.shelf)
    _, (reply,) = _talk("never mind, what are your opening hours", chat=chat)
    assert (reply.intent, "9:00" in reply.text) == ("branch", True)


def test_an_answer_leaves_no_value_behind_that_its_flow_has_no_use_for() -> None:
    chat = Chat()
    chat.assistant = Assistant(Understander.load(), chat.shelf)
    _talk("freeze my card", "the credit card, this afternoon", chat=chat)
    assert chat.session is not None
    assert chat.session.flow is not None
    slots = chat.session.flow.slots
    assert (slots["card"], slots.get("window")) == ("k-3", None)
