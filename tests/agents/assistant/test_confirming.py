"""Writes under doubt: unknown outcomes, refusals, old buttons, second factors, lost workers."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec
import pytest

from agents.assistant.policy import CONFIRM_WITHIN_MS
from agents.assistant.tools import Failed
from schemas.sessions import Session
from schemas.tools import FreezeCard, OpenTicket, UnbindCard
from schemas.turns import Turn
from tests.support.assisting import SESSION, Chat

LOST = FreezeCard(card="k-1", reason="lost")


def _run(talk: Coroutine[Any, Any, None]) -> None:
    asyncio.run(talk)


def test_an_unknown_outcome_is_cleared_up_with_the_same_key_before_anything_else() -> None:
    chat = Chat()
    chat.bank.lost.add("freeze_card")

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        unsure = await chat.say("确认")
        assert "不知道是否成功" in unsure.text
        assert unsure.degraded == ("tool:freeze_card",)
        settled = await chat.say("查余额")
        assert settled.text.startswith("刚才不确定的那一步已经核实，办好了")
        assert "¥1,234.50" in settled.text

    _run(talk())
    assert len({key for key, _ in chat.bank.sent}) == 1
    assert chat.effects == [LOST]
    steps = list(dict.fromkeys(one.id.partition(":")[2] for one in chat.audit))
    assert steps == ["proposed", "confirmed", "unknown", "done"]


@pytest.mark.parametrize("second", ["确认", "取消", "谢谢", ""])
def test_a_word_on_what_is_unknown_has_no_second_effect(second: str) -> None:
    chat = Chat()
    chat.bank.lost.add("freeze_card")

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        key = (await chat.say("确认")).choices
        assert not [one for one in key if one.id.startswith("confirm:")]
        settled = await chat.say(second)
        assert "已经核实" in settled.text
        assert "没有办理" not in settled.text

    _run(talk())
    assert chat.effects == [LOST]
    assert chat.session is not None
    assert chat.session.pending is None


def test_what_stays_unknown_stays_and_another_card_can_still_be_frozen() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("解绑微信")
        chat.prove()
        chat.bank.fails["unbind_card"] = Failed("unknown")
        await chat.say("确认")
        still = await chat.say("尾号5678的卡丢了")
        assert "还没有核实到结果" in still.text
        await chat.press("confirm:")
        assert chat.session is not None
        assert [one.call for one in chat.session.unsettled] == [
            UnbindCard(card="k-1", service="wechat")
        ]
        del chat.bank.fails["unbind_card"]
        chat.wait(40)
        settled = await chat.say("你好")
        assert "已经核实，办好了：解除" in settled.text

    _run(talk())
    assert chat.effects == [FreezeCard(card="k-2", reason="lost"), chat.effects[1]]
    assert chat.effects[1] == UnbindCard(card="k-1", service="wechat")
    assert chat.session is not None
    assert not chat.session.unsettled


@pytest.mark.parametrize("lost", [True, False])
def test_who_asks_again_for_a_person_gets_no_second_ticket(lost: bool) -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("转人工")
        if lost:
            chat.bank.lost.add("open_ticket")
        else:
            chat.bank.fails["open_ticket"] = Failed("unknown")
        await chat.say("确认")
        again = await chat.say("转人工")
        ids = [one.id for one in again.choices]
        assert "intent:call_back" in ids
        assert not [one for one in ids if one.startswith("confirm:")]
        chat.bank.fails.clear()
        settled = await chat.say("转人工")
        assert "已经为您转给人工了" in settled.text
        assert not [one for one in settled.choices if one.id.startswith("confirm:")]

    _run(talk())
    assert [type(one) for one in chat.effects] == [OpenTicket]


def test_the_session_says_that_a_write_was_sent_before_it_is() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        assert not chat.kept
        await chat.say("确认")

    _run(talk())
    (kept,) = chat.kept
    assert kept.pending is not None
    assert kept.pending.begun
    assert kept.pending.call == LOST


class _DiedError(Exception):
    pass


def test_a_worker_that_dies_before_or_after_the_write_has_one_effect() -> None:
    for dies_after in (False, True):
        chat = Chat()
        durable: list[Session] = []

        async def talk(
            chat: Chat = chat, durable: list[Session] = durable, after: bool = dies_after
        ) -> None:
            await chat.say("尾号6021的卡丢了")
            turn = _turn("yes", "确认")

            async def keep(session: Session) -> None:
                durable.append(session)
                if not after:
                    raise _DiedError

            if after:
                await chat.answer(turn, keep)
            else:
                with pytest.raises(_DiedError):
                    await chat.answer(turn, keep)
            chat.session = durable[0]
            again = await chat.answer(turn)
            assert again.reply.text.startswith("办好了")
            assert [one.step for one in again.audit] == ["confirmed", "done"]

        _run(talk())
        assert chat.effects == [LOST]


def test_the_same_turn_twice_gets_the_same_reply_and_nothing_is_done() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        first = await chat.say("确认", turn="same")
        sent, session = len(chat.bank.sent), chat.session
        second = await chat.say("确认", turn="same")
        assert second == msgspec.structs.replace(first, status="duplicate")
        assert len(chat.bank.sent) == sent
        assert chat.session == session

    _run(talk())


def test_nothing_happens_without_the_second_factor_and_it_is_good_for_five_minutes() -> None:
    chat = Chat()

    async def talk() -> None:
        proposed = await chat.say("解绑微信")
        assert [one.kind for one in proposed.actions] == ["step_up"]
        asked = await chat.press("confirm:")
        assert asked.state == "unbind.step_up"
        assert [one.kind for one in asked.actions] == ["step_up"]
        assert not chat.bank.sent
        chat.prove()
        chat.wait(5.1)
        old = await chat.say("确认")
        assert not chat.bank.sent
        assert old.state in ("unbind.step_up", "unbind.confirm")
        chat.prove()
        await chat.press("confirm:")

    _run(talk())
    assert len(chat.effects) == 1
    assert [one.step for one in chat.audit if one.key == chat.bank.sent[0][0]][-3:] == [
        "confirmed",
        "stepped_up",
        "done",
    ]


def test_a_proof_from_the_future_is_none() -> None:
    chat = Chat()

    async def talk() -> None:
        chat.strong_ms = chat.now_ms + 3_600_000
        await chat.say("解绑微信")
        await chat.say("确认")

    _run(talk())
    assert not chat.bank.sent


def test_freezing_needs_no_second_factor() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        await chat.say("确认")

    _run(talk())
    assert chat.effects == [LOST]


def test_a_proposal_is_gone_after_five_minutes() -> None:
    chat = Chat()

    async def talk() -> None:
        first = await chat.say("尾号6021的卡丢了")
        chat.now_ms += CONFIRM_WITHIN_MS + 1
        late = await chat.say("确认")
        assert late.text.startswith("等待的时间太长")
        assert not chat.bank.sent
        assert late.choices[0].id != first.choices[0].id
        stale = await chat.say(choice=first.choices[0].id)
        assert stale.text.startswith("这个按钮是之前的")
        assert not chat.bank.sent
        await chat.press("confirm:")

    _run(talk())
    assert chat.effects == [LOST]
    assert ("cancelled", "expired") in [(one.step, one.reason) for one in chat.audit]


def test_the_button_of_a_replaced_proposal_does_nothing() -> None:
    chat = Chat()

    async def talk() -> None:
        first = await chat.say("尾号6021的卡丢了")
        await chat.say("不对，是尾号5678那张")
        old = await chat.say(choice=first.choices[0].id)
        assert old.text.startswith("这个按钮是之前的")
        assert "尾号5678" in old.text
        assert not chat.bank.sent
        await chat.press("confirm:")

    _run(talk())
    assert chat.effects == [FreezeCard(card="k-2", reason="lost")]


def test_a_button_pressed_twice_says_that_it_was_done() -> None:
    chat = Chat()

    async def talk() -> None:
        button = (await chat.say("尾号6021的卡丢了")).choices[0].id
        await chat.say(choice=button)
        again = await chat.say(choice=button)
        assert "没有重复办理" in again.text
        assert "R-0001" in again.text

    _run(talk())
    assert len(chat.bank.sent) == 1


@pytest.mark.parametrize("choice", ["confirm:" + "0" * 32, "confirm:", "card:k-9", "x", "skip"])
def test_a_forged_button_does_nothing(choice: str) -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        reply = await chat.say(choice=choice)
        assert reply.text.startswith("这个按钮是之前的")

    _run(talk())
    assert not chat.bank.sent


@pytest.mark.parametrize("code", ["not_found", "not_allowed", "over_limit", "wrong_state", "?"])
def test_a_refusal_is_explained_and_ends_the_flow(code: str) -> None:
    chat = Chat()
    chat.bank.fails["freeze_card"] = Failed("refused", code)

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        reply = await chat.say("确认")
        assert "没有办成" in reply.text
        assert reply.text.count("\n") >= 1
        assert "intent:human" in [one.id for one in reply.choices]

    _run(talk())
    assert chat.session is not None
    assert chat.session.pending is None
    assert chat.audit[-1].reason == code


def test_a_bank_that_is_away_can_be_tried_again_with_the_same_key() -> None:
    chat = Chat()
    chat.bank.fails["freeze_card"] = Failed("away")

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        reply = await chat.say("确认")
        assert "什么都没有改动" in reply.text
        assert {"link:hotline", "link:freeze"} <= {one.id for one in reply.actions}
        chat.bank.fails.clear()
        await chat.say("确认")

    _run(talk())
    assert len({key for key, _ in chat.bank.sent}) == 1
    assert chat.effects == [LOST]


@pytest.mark.parametrize("between", ["查余额", "网点在哪", "天气怎么样", "你好"])
def test_a_yes_to_something_else_is_no_yes_to_the_write(between: str) -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("我要投诉")
        await chat.say("排队太久")
        reply = await chat.say(between)
        await chat.say("确认")
        if reply.state == "ticket.confirm":
            return
        assert not chat.bank.sent

    _run(talk())


def test_a_yes_with_more_in_it_is_no_yes() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        for said in ("好的，不过先查一下余额", "确认是尾号5678吗", "yes but which card", "y"):
            await chat.say(said)
            assert not chat.bank.sent

    _run(talk())


def test_a_session_that_is_over_does_nothing_it_had_pending() -> None:
    chat = Chat()

    async def talk() -> None:
        button = (await chat.say("尾号6021的卡丢了")).choices[0].id
        chat.wait(31)
        reply = await chat.say(choice=button)
        assert reply.text.startswith("这个按钮是之前的")

    _run(talk())
    assert not chat.bank.sent
    assert chat.audit[-1].reason == "expired"


@pytest.mark.parametrize("kind", ["say", "show"])
def test_somebody_elses_session_is_refused_like_none(kind: str) -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("查余额")
        theirs = msgspec.structs.replace(_turn("x", "明细"), user="c-0002", kind=kind)
        refused = await chat.answer(theirs)
        assert refused.session is None
        assert refused.interaction is None
        assert refused.reply.status == "refused"
        chat.session = None
        none = await chat.answer(msgspec.structs.replace(theirs, kind="show"))
        assert none.reply == refused.reply

    _run(talk())


def _turn(name: str, text: str) -> Turn:
    return Turn(session=SESSION, turn=name, tenant="demo", user="c-0001", text=text)


def test_a_yes_that_was_said_before_the_summary_was_there_is_none() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        hurried = Turn(
            session=SESSION, turn="h", tenant="demo", user="c-0001", text="确认", unseen=True
        )
        asked = (await chat.answer(hurried)).reply
        assert [one.id.partition(":")[0] for one in asked.choices] == ["confirm", "cancel"]
        assert chat.effects == []
        # A button stands for one summary, whenever it is pressed.
        key = asked.choices[0].id
        pressed = msgspec.structs.replace(hurried, turn="p", text="", choice=key)
        assert "办好了" in (await chat.answer(pressed)).reply.text

    _run(talk())
    assert chat.effects == [LOST]
