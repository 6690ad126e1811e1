"""No write without a summary in an earlier turn and a yes to just that summary."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.assistant.policy import CONFIRM_WITHIN_MS, STRONG_FOR_MS, needs_strong
from agents.assistant.tools import Failed
from schemas.sessions import MOST_EXCHANGES, MOST_REPLIES, Session
from tests.support.assisting import Chat

_SAID = (
    "解绑微信 解绑银行卡 我的卡丢了 冻结信用卡 提高限额 转账限额 80000元 尾号6021 尾号5678 第一张 "
    "第二个 确认 确认 确认 好的 是的 不要 取消 算了，查一下余额 不对，是尾号5678 什么意思 重新开始 "
    "我要投诉 排队太久 查余额 我被盗刷了 扣了两次星巴克 转人工 请回电 下午 上午 天气 asdf 换手机号 "
    "谢谢 你好 yes unlink no 转账为什么失败 明细 退款 积分 网点 o-0008-1 气死了 微信 支付宝 30天"
)
_SENTENCES = ("", "yes please", "no, I meant ending in 5678", "what do you mean", "I lost my card")
_WORDS = st.sampled_from((*_SAID.split(), *_SENTENCES))
_PURPOSES = st.sampled_from(
    (
        "解绑微信",
        "解绑支付宝",
        "尾号6021的卡丢了",
        "冻结信用卡",
        "提高尾号6021的转账限额到80000元",
        "我要投诉",
        "被盗刷了",
        "请下午回电",
        "转人工",
        "滴滴这笔不是我付的",
    )
)
_NOISE = st.one_of(
    _WORDS.map(lambda text: ("say", text)),
    st.text(max_size=20).map(lambda text: ("say", text)),
    st.integers(0, 5).map(lambda place: ("press", place)),
    st.integers(0, 40).map(lambda place: ("old", place)),
    st.sampled_from((0.5, 3, 6, 31)).map(lambda minutes: ("wait", minutes)),
    st.just(("prove", 0)),
    st.just(("again", 0)),
)
_BANK = st.sampled_from(("unknown", "unknown", "away", "refused", "")).map(lambda w: ("bank", w))
_YESES = st.sampled_from((("press", 0), ("say", "确认"), ("say", "yes"), ("press", 0)))
_EPISODES = st.tuples(
    _PURPOSES.map(lambda text: [("say", text)]),
    st.lists(st.one_of(_BANK, st.just(("prove", 0))), max_size=2),
    st.lists(_NOISE, max_size=2),
    st.lists(_YESES, min_size=1, max_size=3),
    st.lists(_BANK, max_size=1),
).map(lambda parts: [step for part in parts for step in part])
_STEPS = st.lists(_EPISODES, min_size=1, max_size=4).map(
    lambda episodes: [step for episode in episodes for step in episode]
)
_TOOLS = ("unbind_card", "freeze_card", "raise_limit", "open_ticket", "call_back")
_FAILED = {
    "unknown": Failed("unknown"),
    "away": Failed("away"),
    "refused": Failed("refused", "wrong_state"),
}
_YES = {"确认", "好的", "是的", "yes", "yes please"}


@settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(_STEPS)
def test_only_what_was_summed_up_and_confirmed_happens(steps: list[tuple[str, object]]) -> None:
    asyncio.run(_play(steps))


async def _play(steps: list[tuple[str, object]]) -> None:
    chat = Chat()
    buttons: list[str] = []
    for kind, value in steps:
        turn = _message(chat, kind, str(value), buttons)
        if turn is None:
            continue
        said, choice, name = turn
        before, sent = chat.session, len(chat.bank.sent)
        reply = await chat.say(said, choice=choice, turn=name)
        buttons += [one.id for one in reply.choices]
        for key, call in chat.bank.sent[sent:]:
            _was_allowed(before, key, call, said, choice, chat)
        if reply.status == "duplicate":
            assert len(chat.bank.sent) == sent
        _is_bounded(chat)
        assert reply.text


def _message(chat: Chat, kind: str, value: str, buttons: list[str]) -> tuple[str, str, str] | None:
    """Text, choice and name of a turn; None for what happens between turns."""
    offered = [one.id for one in chat.answers[-1].reply.choices] if chat.answers else []
    if kind == "say":
        return value, "", ""
    if kind == "again":
        return "确认", "", f"t{chat.turns}"
    if kind in ("press", "old"):
        among = offered if kind == "press" else buttons
        return ("", among[int(value) % len(among)], "") if among else None
    if kind == "wait":
        chat.wait(float(value))
    elif kind == "prove":
        chat.prove()
    else:
        failed = _FAILED.get(value)
        chat.bank.fails = dict.fromkeys(_TOOLS, failed) if failed else {}
    return None


def _was_allowed(
    before: Session | None, key: str, call: object, said: str, choice: str, chat: Chat
) -> None:
    assert before is not None
    settling = [one for one in (*before.unsettled, before.pending) if one is not None and one.begun]
    if (key, call) in [(one.key, one.call) for one in settling]:
        return
    pending = before.pending
    assert pending is not None
    assert (pending.key, pending.call) == (key, call)
    assert chat.now_ms <= pending.until_ms <= chat.now_ms + CONFIRM_WITHIN_MS
    if needs_strong(pending.call):
        assert chat.now_ms - chat.strong_ms <= STRONG_FOR_MS
    if choice:
        assert choice == f"confirm:{key}"
        return
    assert said in _YES
    assert before.flow is not None
    assert before.flow.step in ("confirm", "step_up")
    assert pending.summary in before.replies[-1].text


def _is_bounded(chat: Chat) -> None:
    session = chat.session
    assert session is not None
    assert len(session.exchanges) <= MOST_EXCHANGES
    assert len(session.replies) <= MOST_REPLIES
    assert len(session.stack) <= 3
    assert len(session.unsettled) <= 3
    for flow in (*session.stack, *([session.flow] if session.flow else [])):
        assert len(flow.slots) <= 16


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(_WORDS, min_size=1, max_size=8))
def test_the_same_turns_give_the_same_bytes(said: list[str]) -> None:
    async def play() -> list[object]:
        chat = Chat()
        for one in said:
            await chat.say(one)
        return [chat.session, *chat.answers]

    assert asyncio.run(play()) == asyncio.run(play())
