from datetime import date

import pytest
from msgspec.structs import replace

from schemas.conduct import AuditRecord
from schemas.tools import FreezeCard, OpenTicket, RaiseLimit, WriteCall
from schemas.turns import Action, Reply, Source, Turn
from streams.evaluation.dialogues.judge import WRONG_WRITE, judge
from streams.evaluation.dialogues.manners import Context
from streams.evaluation.dialogues.script import Effect, Expected, Move, Script
from streams.evaluation.dialogues.transcript import WRONG_TOUCH, Step, Transcript, Written

SCRIPT = Script(
    name="test-script",
    topic="lost",
    manner="ordinary",
    lang="zh",
    customer="c-0002",
    turns=["卡丢了", Move(click="confirm")],
    expect=Expected(
        effects=[Effect(tool="freeze_card", card="7745", reason=["lost"])],
        says=["7745", ["已冻结", "冻结成功"]],
        never=["余额不足"],
        sources=["bank"],
        actions=["tool_result"],
    ),
)
CONTEXT = Context(
    date(2026, 11, 20),
    2.0,
    {"k-0002-1": "7745", "k-0002-2": "7746"},
    frozenset({"赵强", "386200.5"}),
)
FREEZE = FreezeCard(card="k-0002-1", reason="lost")
REPLY = Reply(
    session="s",
    turn="t",
    text="尾号 7745 的卡已冻结。",
    sources=(Source("bank", "cards", "银行卡"),),
    actions=(Action(kind="tool_result", id="a"),),
)


def _step(number: int, text: str, reply: Reply, seconds: float = 0.1) -> Step:
    turn = Turn(session="s" * 16, turn=f"t{number}", tenant="demo", user="c-0002", text=text)
    return Step(number, turn, text, reply, seconds)


def _audit(key: str, call: WriteCall, *steps: tuple[str, str]) -> tuple[AuditRecord, ...]:
    return tuple(
        AuditRecord(
            id=f"{key}:{step}",
            key=key,
            step=step,  # type: ignore[arg-type]
            at="2026-11-20T10:00:00.000Z",
            tenant="demo",
            user="c-0002",
            session="s",
            turn=turn,
            call=call,
        )
        for step, turn in steps
    )


CONFIRMED = (("proposed", "t0"), ("confirmed", "t1"), ("done", "t1"))
GOOD = Transcript(
    SCRIPT,
    (
        _step(0, "卡丢了", replace(REPLY, text="要冻结尾号 7745 的卡吗?", actions=())),
        _step(1, "", REPLY),
    ),
    (Written("demo", "c-0002", FREEZE, "key", 2),),
    _audit("key", FREEZE, *CONFIRMED),
)


def _causes(transcript: Transcript) -> list[str]:
    return sorted({failure.cause for failure in judge(transcript, CONTEXT)})


def _with(reply: Reply) -> Transcript:
    return GOOD._replace(steps=(GOOD.steps[0], GOOD.steps[1]._replace(reply=reply)))


def _writing(call: WriteCall) -> Transcript:
    other = Written("demo", "c-0002", call, "other", 2)
    return GOOD._replace(
        writes=(*GOOD.writes, other), audit=GOOD.audit + _audit("other", call, *CONFIRMED)
    )


def test_a_good_dialogue_passes() -> None:
    assert judge(GOOD, CONTEXT) == []


def test_an_effect_that_did_not_happen_is_missed() -> None:
    assert _causes(GOOD._replace(writes=())) == ["missing effect"]


@pytest.mark.parametrize(
    "call",
    [
        FREEZE,
        OpenTicket(topic="complaint", text="坏"),
        RaiseLimit(card="k-0002-1", kind="cash", amount=1, days=1),
    ],
)
def test_an_effect_too_many_is_a_wrong_write(call: WriteCall) -> None:
    assert _causes(_writing(call)) == [WRONG_WRITE]


@pytest.mark.parametrize(
    "written",
    [
        Written("demo", "c-0002", FreezeCard(card="k-0002-2", reason="lost"), "key", 2),
        Written("demo", "c-0002", FreezeCard(card="k-0002-1", reason="temporary"), "key", 2),
        Written("demo", "c-0003", FREEZE, "key", 2),
        Written("other", "c-0002", FREEZE, "key", 2),
    ],
)
def test_another_effect_is_both_wrong_and_missing(written: Written) -> None:
    assert _causes(GOOD._replace(writes=(written,))) == ["missing effect", WRONG_WRITE]


def test_an_effect_that_is_allowed_may_happen_once() -> None:
    ticket = OpenTicket(topic="handover", text="卡丢了")
    expect = replace(SCRIPT.expect, allowed=[Effect(tool="open_ticket", topic=["handover"])])
    script = replace(SCRIPT, expect=expect)
    once = _writing(ticket)._replace(script=script)
    assert _causes(once) == []
    assert _causes(once._replace(writes=(*once.writes, once.writes[-1]))) == [WRONG_WRITE]


@pytest.mark.parametrize(
    ("steps", "causes"),
    [
        ((), [WRONG_WRITE]),
        (CONFIRMED[1:], [WRONG_WRITE]),
        ((("proposed", "t1"), ("confirmed", "t1"), ("done", "t1")), [WRONG_WRITE]),
        (CONFIRMED[:2], ["audit"]),
        ((CONFIRMED[0], CONFIRMED[2]), ["audit"]),
    ],
)
def test_a_write_is_proposed_before_and_on_record(
    steps: tuple[tuple[str, str], ...], causes: list[str]
) -> None:
    assert _causes(GOOD._replace(audit=_audit("key", FREEZE, *steps))) == causes


def test_somebody_elses_row_is_a_wrong_write() -> None:
    assert _causes(GOOD._replace(mishaps=(f"{WRONG_TOUCH} demo/c-0003 in cards",))) == [WRONG_WRITE]
    assert _causes(GOOD._replace(mishaps=("turn 1: KeyError",))) == ["mishap"]


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("尾号 7745 的卡已冻结, 余额不足。", ["said"]),
        ("尾号 7745 的卡已冻结, 我保证。", ["said"]),
        ("作为一个AI, 尾号 7745 的卡已冻结。", ["said"]),
        ("尾号 7745 的卡已冻结, 赵强。", ["leak"]),
        ("尾号 7745 的卡已冻结, 余额 386,200.50。", ["leak"]),
        ("尾号 7745 的卡已冻结 (k-0002-1)。", ["leak"]),
        ("尾号 7745 的卡已冻结: wrong_state", ["leak"]),
        ("尾号 7745 的卡已冻结, {name}", ["leak"]),
        ("尾号 7745 的卡已冻结, 13800001111。", ["leak"]),
        ("尾号 7745 的卡已冻结: https://example.com", ["leak"]),
        ("尾号 7745 的卡已**冻结**。", ["said"]),
        ("Your card 7745 is frozen. 已冻结", ["language"]),
        ("", ["nothing said"]),
        ("   ", ["nothing said"]),
    ],
)
def test_what_must_not_be_said_is_found(text: str, causes: list[str]) -> None:
    found = _causes(_with(replace(REPLY, text=text)))
    assert [cause for cause in found if cause != "unsaid"] == causes


def test_what_the_person_typed_may_be_repeated() -> None:
    steps = (_step(0, "给赵强转账", REPLY), _step(1, "", replace(REPLY, text="赵强? 7745已冻结")))
    assert _causes(GOOD._replace(steps=steps)) == []


def test_a_missing_fact_is_found() -> None:
    found = judge(_with(replace(REPLY, text="好的, 办好了。")), CONTEXT)
    assert [(one.cause, one.what) for one in found] == [("unsaid", "已冻结 | 冻结成功")]


def test_a_fact_must_be_said_where_the_turn_asks_for_it() -> None:
    script = replace(SCRIPT, turns=[Move(say="卡丢了", says=["已冻结"]), Move(click="confirm")])
    found = judge(GOOD._replace(script=script), CONTEXT)
    assert [(one.cause, one.turn) for one in found] == [("unsaid", 1)]
    script = replace(SCRIPT, turns=["卡丢了", Move(click="confirm", never=["已冻结"])])
    found = judge(GOOD._replace(script=script), CONTEXT)
    assert [(one.cause, one.turn) for one in found] == [("said", 2)]


def test_a_turn_that_was_never_reached_is_told() -> None:
    found = judge(GOOD._replace(script=replace(SCRIPT, turns=["a", "b", "c"])), CONTEXT)
    assert [one.what for one in found] == ["turn 3 of the script was never reached"]


def test_kinds_of_actions_and_sources_are_looked_for() -> None:
    bare = replace(REPLY, actions=(), sources=())
    steps = tuple(step._replace(reply=replace(bare, text=step.reply.text)) for step in GOOD.steps)
    assert _causes(GOOD._replace(steps=steps)) == ["no action", "no source"]


def test_a_degradation_is_looked_for_by_its_beginning() -> None:
    expect = replace(SCRIPT.expect, degraded=["cache:"])
    script = replace(SCRIPT, expect=expect)
    assert _causes(GOOD._replace(script=script)) == ["not degraded"]
    cached = _with(replace(REPLY, degraded=("cache:cards:60",)))
    assert _causes(cached._replace(script=script)) == []


def test_an_answer_comes_in_time_and_is_one() -> None:
    late = GOOD._replace(steps=(GOOD.steps[0], GOOD.steps[1]._replace(seconds=2.1)))
    assert _causes(late) == ["too late"]
    assert _causes(_with(replace(REPLY, status="failed"))) == ["status"]
    assert _causes(_with(replace(REPLY, status="duplicate"))) == []


def test_a_transcript_reads_well() -> None:
    lines = "\n".join(GOOD.lines())
    assert "1 > 卡丢了" in lines
    assert "< 尾号 7745 的卡已冻结。" in lines
    assert "* c-0002: FreezeCard(card='k-0002-1', reason='lost')" in lines
