from datetime import date

import pytest
from msgspec.structs import replace

from schemas.turns import Action, Choice, Reply
from streams.evaluation.dialogues.customer import Customer
from streams.evaluation.dialogues.script import (
    MOST_TURNS,
    Expected,
    Habits,
    Move,
    Rule,
    Script,
)

CONFIRM = Choice("confirm:k1", "确认解绑")
CANCEL = Choice("cancel", "取消")
ASK = (Action(kind="step_up", id="step_up"),)


def _customer(*turns: str | Move, **habits: object) -> Customer:
    script = Script(
        name="test-script",
        topic="unbind",
        manner="ordinary",
        lang="zh",
        customer="c-0001",
        turns=list(turns),
        expect=Expected(),
        habits=Habits(**habits),  # type: ignore[arg-type]
    )
    return Customer(script, date(2026, 11, 20))


def _reply(text: str = "好", *choices: Choice, actions: tuple[Action, ...] = ()) -> Reply:
    return Reply(session="s", turn="t", text=text, choices=choices, actions=actions)


def test_turns_come_in_order() -> None:
    customer = _customer("解绑", Move(click="confirm", wait=3, strong=True), Move(click="6021"))
    first = customer.next(None)
    assert first is not None
    assert (first.text, first.move) == ("解绑", 0)
    second = customer.next(_reply("", CANCEL, CONFIRM))
    assert second is not None
    assert (second.choice, second.wait, second.strong) == ("confirm:k1", 3, True)
    third = customer.next(_reply("", Choice("card:2", "尾号 6021 借记卡")))
    assert third is not None
    assert third.choice == "card:2"
    assert customer.next(_reply()) is None


def test_what_is_not_offered_is_said() -> None:
    customer = _customer("解绑", Move(click="confirm"), Move(click="6021"))
    customer.next(None)
    for words in ("确认", "6021"):
        doing = customer.next(_reply())
        assert doing is not None
        assert (doing.text, doing.choice) == (words, "")


def test_an_old_button_is_the_first_that_was_shown() -> None:
    customer = _customer("解绑", "不对", Move(click="old"), Move(click="old"))
    customer.next(None)
    customer.next(_reply("", CONFIRM))
    doing = customer.next(_reply("", Choice("confirm:k2", "确认")))
    assert doing is not None
    assert doing.choice == "confirm:k1"
    never_shown = _customer("解绑", Move(click="old"))
    never_shown.next(None)
    assert never_shown.next(_reply()) is None


def test_a_summary_is_confirmed_once_and_only_if_it_says_what_was_meant() -> None:
    customer = _customer("解绑", yes=True, sees=["6021", ["微信", "wechat"]])
    customer.next(None)
    doing = customer.next(_reply("解绑尾号 6021 的微信?", CONFIRM))
    assert doing is not None
    assert doing.choice == "confirm:k1"
    assert customer.next(_reply("解绑尾号 6021 的微信?", CONFIRM)) is None
    other = _customer("解绑", yes=True, sees=["6021"])
    other.next(None)
    assert other.next(_reply("解绑尾号 6039 的微信?", CONFIRM)) is None


def test_a_second_factor_is_given_where_it_is_asked_for() -> None:
    customer = _customer("解绑", yes=True, step_up=True, sees=["6021"])
    customer.next(None)
    doing = customer.next(_reply("解绑 6021? 请验证", CONFIRM, actions=ASK))
    assert doing is not None
    assert (doing.choice, doing.strong) == ("confirm:k1", True)
    assert customer.next(_reply("解绑 6021? 请验证", CONFIRM, actions=ASK)) is None


@pytest.mark.parametrize("buttons", [(CONFIRM,), ()])
def test_after_a_second_factor_the_same_is_confirmed_again(buttons: tuple[Choice, ...]) -> None:
    customer = _customer("解绑", yes=True, step_up=True, sees=["6021"])
    customer.next(None)
    first = customer.next(_reply("解绑 6021?", CONFIRM))
    assert first is not None
    assert not first.strong
    again = customer.next(_reply("请先验证", *buttons, actions=ASK))
    assert again is not None
    assert (again.choice, again.strong) == ("confirm:k1", True)
    assert customer.next(_reply("请先验证", *buttons, actions=ASK)) is None


def test_a_second_factor_confirms_nothing_that_was_not_meant() -> None:
    for habits in ({"yes": True, "sees": ["6039"]}, {}):
        customer = _customer("解绑", step_up=True, **habits)
        customer.next(None)
        assert customer.next(_reply("解绑 6021? 请验证", CONFIRM, actions=ASK)) is None


def test_who_has_no_second_factor_gives_none() -> None:
    customer = _customer("解绑", yes=True)
    customer.next(None)
    doing = customer.next(_reply("解绑 6021? 请验证", CONFIRM, actions=ASK))
    assert doing is not None
    assert not doing.strong
    assert customer.next(_reply("请先验证", CONFIRM, actions=ASK)) is None


def test_rules_and_picks_react_before_the_next_turn() -> None:
    rule = Rule(asks=["几天"], say="两天", most=1)
    customer = _customer("提额", "谢谢", rules=[rule], pick=["6021"])
    customer.next(None)
    said = [
        customer.next(_reply(text, *choices))
        for text, choices in (
            ("要提几天?", ()),
            ("哪张卡?", (CONFIRM, Choice("card:1", "尾号6021"))),
            ("要提几天?", (Choice("card:1", "尾号6021"),)),
        )
    ]
    assert [(one.text, one.choice, one.move) for one in said if one] == [
        ("两天", "", 0),
        ("", "card:1", 0),
        ("谢谢", "", 1),
    ]


def test_who_is_asked_what_is_meant_says_so() -> None:
    script = _customer("解绑").script
    customer = Customer(replace(script, means=["unbind_card"]), date(2026, 11, 20))
    customer.next(None)
    other, mine = Choice("i:1", "临时冻结银行卡"), Choice("i:2", "解绑银行卡")
    doing = customer.next(_reply("您是指哪一个?", other, mine))
    assert doing is not None
    assert doing.choice == "i:2"
    assert customer.next(_reply("您是指哪一个?", other, mine)) is None


def test_a_dialogue_ends() -> None:
    customer = _customer("你好", rules=[Rule(asks=["好"], say="好", most=99)])
    turns = 0
    reply = None
    while customer.next(reply):
        turns += 1
        reply = _reply("好")
    assert turns == MOST_TURNS
