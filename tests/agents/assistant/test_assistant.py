"""What a turn leaves behind: session, records, interaction; and the language model's part."""

import asyncio
import gc
from collections.abc import Mapping, Sequence

import msgspec
import pytest

from agents.assistant.answer import keep_nothing
from agents.assistant.passage import Passage
from agents.assistant.reading import Reading, Slots
from agents.assistant.words import Heard, Worded
from schemas.commands import Cost
from schemas.conduct import ActionRecord, AuditRecord, Interaction
from schemas.turns import Lang, Reply, Turn
from tests.support.assisting import NOW_MS, SESSION, TODAY, Chat

PHONE = "13812345678"


def _turn(text: str = "", *, choice: str = "", kind: str = "say") -> Turn:
    fields = {
        "session": SESSION,
        "turn": "t",
        "tenant": "demo",
        "user": "c-0001",
        "text": text,
        "choice": choice,
        "kind": kind,
    }
    return msgspec.convert(fields, Turn)


def test_nothing_personal_is_kept() -> None:
    chat = Chat()
    asyncio.run(chat.say(f"我的手机号是{PHONE}，卡号4111111111111111，查余额"))
    answer = chat.answers[-1]
    kept = msgspec.json.encode((answer.session, answer.interaction, answer.audit)).decode()
    assert PHONE not in kept
    assert "4111111111111111" not in kept
    assert answer.interaction is not None
    assert "c-0001" not in msgspec.json.encode(answer.interaction).decode()
    assert "[phone]" in answer.interaction.text


def test_a_ticket_and_its_summary_are_redacted() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("我要投诉")
        await chat.say(f"打{PHONE}没人接")
        await chat.press("confirm:")

    asyncio.run(talk())
    assert PHONE not in msgspec.json.encode((chat.session, chat.audit, chat.actions)).decode()


def test_the_author_is_a_keyed_hash() -> None:
    one, other = Chat(), Chat()
    asyncio.run(one.say("查余额"))
    other.user = "c-0002"
    asyncio.run(other.say("查余额"))
    first, second = one.answers[0].interaction, other.answers[0].interaction
    assert first is not None
    assert second is not None
    assert first.author != second.author
    assert first.attributes["tenant"] == "demo"
    assert first.attributes["state"] == ""


def test_everything_can_be_written_and_read_again() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        await chat.press("confirm:")

    asyncio.run(talk())
    for answer in chat.answers:
        assert _again(answer.reply, Reply) == answer.reply
        assert answer.interaction is not None
        assert _again(answer.interaction, Interaction) == answer.interaction
        for record in answer.audit:
            assert _again(record, AuditRecord) == record
        for action in answer.actions:
            assert _again(action, ActionRecord) == action


def _again(one: object, kind: type[object]) -> object:
    return msgspec.json.decode(msgspec.json.encode(one), type=kind)


def test_show_gives_the_history_and_the_buttons_and_changes_nothing() -> None:
    chat = Chat()

    async def talk() -> None:
        await chat.say("尾号6021的卡丢了")
        shown = await chat.answer(_turn(kind="show"))
        assert [one.said for one in shown.reply.history] == ["尾号6021的卡丢了"]
        assert shown.reply.choices[0].id.startswith("confirm:")
        assert shown.session is None
        assert shown.interaction is None

    asyncio.run(talk())


def test_a_long_conversation_is_bounded() -> None:
    chat = Chat()

    async def talk() -> None:
        for _ in range(30):
            await chat.say("明细" * 200)

    asyncio.run(talk())
    assert chat.session is not None
    assert len(chat.session.exchanges) == 20
    assert len(chat.session.replies) == 4
    assert len(msgspec.json.encode(chat.session)) < 64_000


class _Model:
    """Answers what it is told to, and counts."""

    def __init__(self) -> None:
        self.intent, self.reworded, self.explained = "", "", ""
        self.calls: list[str] = []

    async def reword(self, draft: str, lang: Lang, facts: Sequence[str], left_ms: float) -> Worded:
        del lang, left_ms
        self.calls.append(f"reword {' '.join(facts)}")
        return Worded(self.reworded or draft, cost=Cost(1, 10, 5, 0.1), ms=3.0)

    async def explain(
        self, question: str, passages: Sequence[Passage], lang: Lang, left_ms: float
    ) -> Worded:
        del question, lang, left_ms
        self.calls.append("explain")
        return Worded(self.explained, (passages[0].id,), "" if self.explained else "no_model")

    async def read(
        self, text: str, lang: Lang, candidates: Mapping[str, str], left_ms: float
    ) -> Heard:
        del text, lang, candidates, left_ms
        self.calls.append("read")
        return Heard(self.intent, Slots(last4="6021"))


def _ask(chat: Chat, text: str, model: _Model, left_ms: float = 2000) -> Reply:
    answer = asyncio.run(
        chat.assistant.answer(
            chat.session,
            _turn(text),
            chat.bank,
            now_ms=NOW_MS,
            today=TODAY,
            left_ms=lambda: left_ms,
            keep=keep_nothing,
            words=model,
        )
    )
    assert answer.session is not None
    assert answer.session.cost == answer.reply.cost
    return answer.reply


def test_the_model_words_an_answer() -> None:
    chat, model = Chat(), _Model()
    model.reworded = "您好，余额如下。"
    reply = _ask(chat, "查余额", model)
    assert reply.text == "您好，余额如下。"
    assert reply.cost == Cost(1, 10, 5, 0.1)
    assert reply.timing.model == 3.0
    assert model.calls == ["reword 活期账户 储蓄账户"]


@pytest.mark.parametrize(
    "said", ["解绑微信", "我的卡丢了", "换手机号", "查我老婆的余额", "我要投诉"]
)
def test_the_model_has_no_say_where_something_hangs_on_the_words(said: str) -> None:
    model = _Model()
    model.reworded = "随便说说"
    assert "随便说说" not in _ask(Chat(), said, model).text
    assert not model.calls


def test_the_model_reads_what_is_unsure_and_nothing_happens_by_it() -> None:
    chat, model = Chat(), _Model()
    chat.reader.fixed["那个卡嘛"] = Reading("zh", "fees", 0.2, (("balance", 0.1),), sure=False)
    model.intent = "card_lost"
    reply = _ask(chat, "那个卡嘛", model)
    # Only a person may say that a card is lost.
    assert (reply.state, reply.choices[0].id) == ("which.ask", "intent:card_lost")
    assert not chat.bank.sent
    model.intent = "transfer_everything"
    assert _ask(chat, "那个卡嘛", model).state == "which.ask"


def test_the_model_answers_out_of_passages_or_titles_are_offered() -> None:
    model = _Model()
    model.explained = "积分两年有效，到期作废。"
    reply = _ask(Chat(), "积分怎么用", model)
    assert reply.text == model.explained
    assert reply.sources[0].id == "points#rules"
    model.explained = ""
    reply = _ask(Chat(), "积分怎么用", model)
    assert reply.choices[0].id == "article:points#rules"
    assert reply.degraded == ("no_model",)


def test_without_time_there_is_no_model() -> None:
    model = _Model()
    reply = _ask(Chat(), "查余额", model, left_ms=300)
    assert not model.calls
    assert reply.degraded == ("model_late",)
    assert "¥1,234.50" in reply.text


def test_a_turn_leaves_nothing_to_the_garbage_collector() -> None:
    """Whatever holds itself waits for a collection, and every turn meanwhile for its end."""
    chat = Chat()

    async def talk() -> None:
        await chat.say("查余额")
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            await chat.say("我的卡丢了")
            gc.collect()
            left = [one for one in gc.garbage if type(one).__module__.startswith("agents.")]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
        assert left == []

    asyncio.run(talk())
