"""What demanding customers said to it, and what a bank's people want to read then."""

import asyncio

import pytest

from agents.assistant.passage import Passage
from agents.assistant.reading import Reading, Slots
from agents.assistant.tools import Failed, Fetched
from schemas.tools import OpenTicket, Profile, ReadCall, ReadProfile
from schemas.turns import Lang, Reply
from tests.support.assisting import NOW_MS, Chat, SmallBank


def _talk(*said: str, chat: Chat | None = None) -> tuple[Chat, list[Reply]]:
    chat = chat or Chat()

    async def all_of_it() -> list[Reply]:
        return [
            await (chat.press(one[1:]) if one.startswith(">") else chat.say(one)) for one in said
        ]

    return chat, asyncio.run(all_of_it())


def _unsure(chat: Chat, *texts: str, known: bool = False, upset: bool = False) -> Chat:
    """The reader cannot tell what these mean."""
    for text in texts:
        lang: Lang = "en" if text.isascii() else "zh"
        chat.reader.fixed[text] = Reading(lang, "", 0.3, known=known, sure=False, upset=upset)
    return chat


@pytest.mark.parametrize(
    "said",
    [
        "有个人说是公安局的，让我把钱转到安全账户",
        "我好像遇到骗子了",
        "a police officer told me to move my savings",
    ],
)
def test_whoever_may_be_swindled_is_told_to_stop_and_can_freeze(said: str) -> None:
    _, (reply,) = _talk(said, chat=_unsure(Chat(), said))
    assert "安全账户" in reply.text or "safe account" in reply.text
    assert (reply.intent, reply.state) == ("fraud", "dispute.card")


def test_money_that_did_not_leave_is_said_so_before_the_dispute_goes_on() -> None:
    _, replies = _talk("我被骗了，转了5000元给王芳", ">card:k-1", "确认")
    assert "钱没有转出去" in replies[2].text
    assert replies[2].state == "dispute.txn"


def test_an_angry_word_is_met_with_regret_and_a_way_out() -> None:
    chat = _unsure(Chat(), "你们什么破银行", upset=True)
    _, (reply,) = _talk("你们什么破银行", chat=chat)
    assert "抱歉" in reply.text
    assert [one.id for one in reply.choices] == ["intent:complaint", "intent:human"]


def test_a_complaint_ends_with_a_word_of_regret() -> None:
    _, replies = _talk("我要投诉", "柜台排队三小时了没有人理", "确认")
    assert "抱歉" in replies[0].text
    assert "抱歉" in replies[2].text


@pytest.mark.parametrize("said", ["多久到账", "how long does it take"])
def test_a_short_question_is_about_the_answer_before(said: str) -> None:
    chat = _unsure(Chat(), said)
    chat.shelf.passages["refund"] = Passage("refund#when", "退款", "退款3天到账。", 0.9, True)
    _, replies = _talk("我的退款", said, chat=chat)
    assert "3天" in replies[1].text
    assert replies[1].sources[0].id == "refund#when"


def test_a_short_question_at_a_proposal_explains_the_proposal() -> None:
    chat = _unsure(Chat(), "怎么办啊")
    _, replies = _talk("尾号6021的卡丢了", "怎么办啊", chat=chat)
    assert "您确认后" in replies[1].text
    assert replies[1].state == "lost.confirm"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("你能做什么", "我可以帮您"),
        ("what can you do", "I can look into"),
        ("算了不用了", "没有在办的事"),
        ("Whats my balance plz", "¥1,234.50"),
        ("i am 81 and my grandson said you can tell how much is in my savings", "¥1,234.50"),
        ("就冻结它吧", "要马上冻结哪张卡"),
        ("帮我unbind一下alipay那张", "要解绑哪张卡"),
        ("那笔转账怎么卡住了", "转给王芳"),
        ("the repayment of my credit card bounced", "transfer of ¥5,000.00"),
        ("i want to talk to your manager", "pass you on to a person"),
    ],
)
def test_what_is_plain_to_people_is_understood(said: str, words: str) -> None:
    _, (reply,) = _talk(said, chat=_unsure(Chat(), said))
    assert words in reply.text


def test_a_robot_says_that_it_is_one() -> None:
    _, (reply,) = _talk("你是机器人还是人工")
    assert "不是真人" in reply.text


def test_the_second_of_two_wishes_is_kept_for_later() -> None:
    chat, replies = _talk("把尾号6021的卡冻结，然后提高转账限额到60000", "确认")
    assert "提高限额" in replies[0].text
    assert replies[1].state == "resume.ask"
    assert [type(one).__name__ for one in chat.effects] == ["FreezeCard"]


def test_a_fact_comes_before_the_wish_that_needs_questions() -> None:
    _, (reply,) = _talk("余额，然后解绑微信")
    assert "¥1,234.50" in reply.text
    assert reply.state == "unbind.confirm"


def test_a_click_after_which_do_you_mean_keeps_what_was_said() -> None:
    chat = Chat()
    others = (("limits", 0.3), ("balance", 0.2))
    slots = Slots(last4="6021", amount=60_000_00)
    chat.reader.fixed["6021弄到6万"] = Reading(
        "zh", "fees", 0.35, (("raise_limit", 0.3), *others[1:]), "", slots, True, False
    )
    _, replies = _talk("6021弄到6万", ">intent:raise_limit", ">kind:transfer", chat=chat)
    assert replies[0].state == "which.ask"
    assert "6021" in replies[1].text
    assert "¥60,000.00" in replies[2].text


def test_tickets_are_for_people() -> None:
    chat, _ = _talk("星巴克扣了两次", "确认")
    ticket = chat.effects[0]
    assert isinstance(ticket, OpenTicket)
    assert ticket.text.startswith("对这笔重复扣款提出异议")
    assert "duplicate" not in ticket.text


def test_that_one_is_the_one_that_was_shown() -> None:
    _, replies = _talk("滴滴的交易", "那笔不是我付的")
    assert "滴滴出行 ¥36.50" in replies[1].text
    assert replies[1].state == "dispute.confirm"


def test_a_place_in_the_list_is_a_transaction() -> None:
    _, replies = _talk("查交易明细", "第二笔交易不是我付的")
    assert replies[1].state == "dispute.confirm"
    assert "星巴克" in replies[1].text


def test_other_days_are_not_called_those_days() -> None:
    _, (reply,) = _talk("昨天滴滴的交易")
    assert reply.text.startswith("11月17日到11月17日没有符合的交易。其他日子有：")


def test_what_was_spent_is_added_up() -> None:
    _, (reply,) = _talk("星巴克的交易一共花了多少")
    assert "合计支出 ¥76.00" in reply.text


def test_fees_of_another_amount_are_not_denied() -> None:
    _, (reply,) = _talk("为什么扣我9元手续费")
    assert "没有这样的费用" in reply.text
    assert "跨行手续费" in reply.text


def test_four_digits_answer_which_card() -> None:
    chat = _unsure(Chat(), "不是，7777的")
    _, replies = _talk("我的卡丢了", "不是，7777的", chat=chat)
    assert "没有尾号7777" in replies[1].text


def test_nothing_is_called_unchanged_after_a_change() -> None:
    _, replies = _talk("冻结尾号6021的卡", "确认", "算了")
    assert "没有改动" not in replies[2].text
    assert "不受影响" in replies[2].text


class _KnownBank(SmallBank):
    """It knows that its customer speaks English."""

    async def read(self, call: ReadCall) -> Fetched | Failed:
        if isinstance(call, ReadProfile):
            return Fetched(Profile("J*", "138****1234", "gold", "en"), NOW_MS)
        return await super().read(call)


def test_a_first_message_without_words_is_answered_in_the_persons_language() -> None:
    for said in ("", "???", "👍"):
        _, (reply,) = _talk(said, chat=Chat(_KnownBank()))
        assert reply.lang == "en", said
        _, (reply,) = _talk(said, chat=Chat(_KnownBank(), lang="zh"))
        assert reply.lang == "zh", said


def test_names_in_another_language_are_explained() -> None:
    _, (reply,) = _talk("my balance")
    assert "Current account (活期账户)" in reply.text
    _, (reply,) = _talk("which branch is open")
    assert "(in Chinese, from" in reply.text


@pytest.mark.parametrize(
    "said",
    ["我的密码是123456，帮我登录", "验证码 887766", "my PIN is 4711", "the sms code: 887766"],
)
def test_secrets_are_refused_and_kept_nowhere(said: str) -> None:
    chat, (reply,) = _talk(said)
    assert "密码" in reply.text or "password" in reply.text
    digits = "".join(one for one in said if one.isdecimal())
    assert digits not in repr(chat.answers)
    _, (reply,) = _talk("密码输错了3次怎么办")
    assert "不要把密码" not in reply.text
