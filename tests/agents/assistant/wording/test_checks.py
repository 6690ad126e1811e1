import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.assistant.wording.checks import unfaithful, unfit, ungrounded
from tests.agents.assistant.wording.saying import DRAFT, DRAFT_ZH, FRIENDLY, FRIENDLY_ZH

_DIGITS = [found.start() for found in re.finditer(r"\d", FRIENDLY)]


_BALANCE = (
    "Your current account ending in 6789 has a balance of ¥12,340.50. Of this, ¥12,000.00 is "
    "available."
)
_LIMIT = "The limit of card 5678 for transfers is ¥50,000.00 a day. You have used ¥1,000.00 today."
_DUE = (
    "Your credit card ending in 1234 is due on 2026-12-05. You owe ¥3,200.00. The minimum is "
    "¥320.00."
)
_NONE = "I did not find a transfer that failed in the last 30 days."
_DUE_ZH = "您尾号1234的信用卡本期账单¥3,200.00，最低还款¥320.00，还款日2026-12-05。"
HONEST = (
    (
        _BALANCE,
        "Hi there! Your current account ending in 6789 has a balance of ¥12,340.50, and ¥12,000.00 "
        "of it is available.",
    ),
    (
        _DUE,
        "Your credit card ending in 1234 has a payment due on 2026-12-05. You owe ¥3,200.00 in "
        "total, and the minimum is ¥320.00.",
    ),
    (
        _LIMIT,
        "For card 5678, the daily transfer limit is ¥50,000.00, and you have used ¥1,000.00 of it "
        "today.",
    ),
    (
        _LIMIT,
        "Card 5678 has a transfer limit of ¥50,000.00 a day. So far you have used ¥1,000.00 today.",
    ),
    ("I can only see your own accounts.", "I'm sorry, I can only look at your own accounts."),
    (_NONE, "I looked through the last 30 days and did not find a transfer that failed."),
    (_NONE, "I'm sorry, but I did not find a failed transfer in the last 30 days."),
    (
        "Your order ord-77 has been shipped. It should arrive on 2026-11-25.",
        "Good news: your order ord-77 has been shipped and should arrive on 2026-11-25.",
    ),
    (DRAFT, FRIENDLY),
    (
        DRAFT,
        "I'm sorry, your transfer of ¥5,000.00 to Lin* on 2026-11-20 did not succeed. The daily "
        "limit was reached. Nothing was taken from your account ending in 6789.",
    ),
)
HONEST_ZH = (
    (
        "您尾号6789的活期账户余额为¥12,340.50，可用¥12,000.00。",
        "您好！您尾号6789的活期账户目前余额是¥12,340.50，其中可用金额为¥12,000.00。",
    ),
    (
        _DUE_ZH,
        "您尾号1234的信用卡这期账单是¥3,200.00，最低还款额为¥320.00，还款日是2026-12-05，请您留意。",
    ),
    ("最近30天没有失败的转账。", "帮您查了一下，最近30天没有失败的转账哦。"),
    ("我只能看到您本人的账户。", "抱歉，我这边只能看到您本人名下的账户呢。"),
    ("转账失败的原因是收款账号有误。", "很抱歉，这笔转账失败了，原因是收款账号填写有误。"),
    (
        "您的订单ord-77已寄出，预计2026-11-25送达。",
        "您的订单ord-77已经寄出啦，预计会在2026-11-25送达，请您留意查收。",
    ),
    ("陈*您好，手机号138****1234未更改。", "陈*您好，您的手机号138****1234没有更改。"),
    (DRAFT_ZH, FRIENDLY_ZH),
)


def test_most_honest_wordings_are_taken() -> None:
    taken = [not unfaithful(said, draft, ["Lin*"], "en") for draft, said in HONEST]
    assert sum(taken) >= 7
    taken = [not unfaithful(said, draft, ["林*"], "zh") for draft, said in HONEST_ZH]
    assert sum(taken) == len(HONEST_ZH)


def test_the_words_of_others_allow_no_word_elsewhere() -> None:
    name = "Call 4001234567 for a refund"
    draft = f"Your transfer to {name} on 2026-11-20 was sent."
    assert unfaithful(f"Sorry! {draft}", draft, [name], "en") == ""
    for said in (f"{draft} Please call us.", f"{draft} A refund is here.", f"{draft} 4001234567"):
        assert unfaithful(said, draft, [name], "en") != ""


@given(st.sampled_from(_DIGITS), st.sampled_from("0123456789"))
def test_no_digit_can_be_changed(place: int, digit: str) -> None:
    said = FRIENDLY[:place] + digit + FRIENDLY[place + 1 :]
    assert (unfaithful(said, DRAFT, ["Lin*"], "en") == "") == (FRIENDLY[place] == digit)


@given(st.data())
@settings(max_examples=200)
def test_no_figure_can_be_left_out_or_added(data: st.DataObject) -> None:
    number = data.draw(st.integers(2, 10**6))
    form = data.draw(st.sampled_from(["{}", "¥{}", "{} days", "{}%", "{} yuan"]))
    place = data.draw(st.sampled_from([m.start() for m in re.finditer(" ", FRIENDLY)]))
    said = FRIENDLY[:place] + " " + form.format(number) + FRIENDLY[place:]
    assert unfaithful(said, DRAFT, ["Lin*"], "en") != ""
    figure = data.draw(st.sampled_from(["¥5,000.00", "2026-11-20", "6789", "Lin*"]))
    assert unfaithful(FRIENDLY.replace(figure, "it"), DRAFT, ["Lin*"], "en") != ""


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (
            "Card 1234 has ¥5.00. Card 5678 has ¥7.00.",
            "Card 1234 has ¥7.00, and card 5678 has ¥5.00.",
        ),
        ("The ¥5.00 was paid, the ¥7.00 was not.", "The ¥5.00 was not paid, the ¥7.00 was."),
        ("¥5.00 to Lin failed. ¥7.00 arrived.", "¥5.00 to Lin arrived. ¥7.00 failed."),
        ("You may take out ¥500.00.", "You may not take out ¥500.00."),
        ("At most ¥500.00.", "At least ¥500.00."),
        ("You paid ¥500.00.", "You received ¥500.00."),
        ("The limit was raised to ¥500.00.", "The limit was lowered to ¥500.00."),
        ("It takes 3 business days.", "It takes 3 days."),
        ("It takes 3 days.", "It takes 3 hours."),
        ("It costs ¥500.00.", "It costs $500.00."),
        ("It costs ¥500.00.", "It costs 500%."),
        ("Shall I freeze the card?", "I have done it: the card is frozen."),
    ],
)
def test_the_sense_cannot_be_turned(draft: str, said: str) -> None:
    assert unfaithful(said, draft, [], "en") != ""


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("尾号1234有¥5.00，尾号5678有¥7.00。", "尾号1234有¥7.00，尾号5678有¥5.00。"),
        ("您可以取¥500.00。", "您不可以取¥500.00。"),
        ("最高¥500.00。", "最低¥500.00。"),
        ("需要3个工作日。", "需要3天。"),
        ("要冻结这张卡吗？", "这张卡已经成功冻结了。"),
        ("转出¥500.00。", "转入¥500.00。"),
    ],
)
def test_nor_in_chinese(draft: str, said: str) -> None:
    assert unfaithful(said, draft, [], "zh") != ""


def test_what_may_be_said_of_a_passage() -> None:
    quote = "Fees are ¥15.00 for a lost card. You can not order it by post."
    assert ungrounded("A lost card costs fees of ¥15.00.", [quote]) == ""
    assert ungrounded("Order a lost card by post.", ["Nothing of that."]) == "ungrounded"
    assert ungrounded("我们承诺补卡15元。", ["补卡15元。"]) == "promise"


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    unfit(text, "en", 100)
    unfaithful(text, DRAFT, ["Lin*"], "en")
    unfaithful(text, DRAFT_ZH, [], "zh")
    ungrounded(text, [FRIENDLY_ZH])
