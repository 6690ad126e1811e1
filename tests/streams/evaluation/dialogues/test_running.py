import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from msgspec.structs import replace

from agents.assistant.bank import CoreBank
from streams.assistant.answering import ToolsOf
from streams.bank.embedded import EmbeddedBank
from streams.evaluation.dialogues.faults import ShakenBank
from streams.evaluation.dialogues.judge import WRONG_WRITE
from streams.evaluation.dialogues.loading import BadScript
from streams.evaluation.dialogues.running import Judged, run
from streams.evaluation.dialogues.script import Effect, Expected, Fault, Habits, Move, Script
from streams.evaluation.dialogues.stage import Staff
from streams.evaluation.dialogues.workers import toolboxes
from tests.support.toy_assistant import ToyAssistant, Vice

FREEZE = Script(
    name="zh-freeze-toy",
    topic="lost",
    manner="ordinary",
    lang="zh",
    customer="c-0002",
    turns=["冻结我的卡"],
    habits=Habits(yes=True, sees=["7745"]),
    expect=Expected(
        effects=[Effect(tool="freeze_card", card="7745", reason=["lost"])], says=["已冻结"]
    ),
)


def _run(script: Script, vice: Vice = "", seed: int | None = None, **of: str) -> Judged:
    (judged,) = run([script], Staff(ToyAssistant(vice, **of), toolboxes), seed)
    return judged


def _causes(judged: Judged) -> set[str]:
    return {failure.cause for failure in judged.failures}


def test_a_good_assistant_passes() -> None:
    judged = _run(FREEZE)
    assert judged.failures == ()
    assert [(one.customer, one.turn) for one in judged.transcript.writes] == [("c-0002", 2)]


@pytest.mark.parametrize("seed", range(8))
def test_chance_does_not_make_it_worse(seed: int) -> None:
    scripts = [replace(FREEZE, name=f"zh-freeze-{number}") for number in range(10)]
    for judged in run(scripts, Staff(ToyAssistant(), toolboxes), seed):
        assert judged.wrong_writes == 0, list(judged.lines())
        assert len(judged.transcript.writes) <= 1


def test_a_run_is_the_same_again() -> None:
    one, two = (_run(FREEZE, seed=5).transcript for _ in range(2))
    assert [step.turn for step in one.steps] == [step.turn for step in two.steps]
    assert one.writes == two.writes


def test_a_write_without_confirmation_is_caught() -> None:
    assert WRONG_WRITE in _causes(_run(FREEZE, "at_once"))


def test_another_card_is_caught() -> None:
    judged = _run(replace(FREEZE, customer="c-0001"), card="k-0001-2")
    assert {"missing effect", WRONG_WRITE} <= _causes(judged)


def test_somebody_elses_card_cannot_be_had() -> None:
    judged = _run(FREEZE, card="k-0001-1")
    assert judged.transcript.writes == ()
    assert "missing effect" in _causes(judged)


def test_a_second_effect_of_the_same_word_is_caught() -> None:
    script = replace(FREEZE, customer="c-0002", expect=replace(FREEZE.expect, says=[]))
    judged = _run(script, "twice", card="k-0001-1")
    assert WRONG_WRITE in _causes(judged)


def test_what_nobody_should_hear_is_caught() -> None:
    assert {"said", "leak"} <= _causes(_run(FREEZE, "chatty"))


def test_a_turn_that_is_answered_anew_is_caught() -> None:
    scripts = [replace(FREEZE, name=f"zh-freeze-{number}") for number in range(20)]
    judged = run(scripts, Staff(ToyAssistant("forgets"), toolboxes), 1)
    assert any("came twice" in failure.what for one in judged for failure in one.failures)


def test_an_assistant_that_raises_fails_the_dialogue() -> None:
    judged = _run(FREEZE, "raises")
    assert "RuntimeError: a mistake of ours" in "\n".join(judged.lines())
    assert "missing effect" in _causes(judged)


@pytest.mark.parametrize(
    ("kind", "effects"),
    [("dead", 0), ("slow", 0), ("refused", 0), ("flaky", 1), ("lost", 1), ("unknown", 1)],
)
def test_a_fault_does_what_it_says(kind: str, effects: int) -> None:
    fault = Fault(tool="freeze_card", kind=kind)  # type: ignore[arg-type]
    judged = _run(replace(FREEZE, faults=[fault]))
    assert len(judged.transcript.writes) == effects
    said = judged.transcript.steps[-1].reply.text
    assert ("已冻结" in said) == (kind in ("flaky", "lost"))


def test_a_fault_ends_with_its_turn() -> None:
    fault = Fault(tool="freeze_card", kind="dead", until=2)
    script = replace(
        FREEZE,
        turns=["冻结我的卡", Move(click="confirm"), Move(click="old")],
        habits=Habits(),
        faults=[fault],
    )
    assert _causes(_run(script)) == set()


def test_a_customer_whom_nobody_knows_is_named() -> None:
    with pytest.raises(BadScript, match="zh-freeze-toy: the demo bank has no demo/c-0099"):
        _run(replace(FREEZE, customer="c-0099"))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE cards SET status = 'frozen' WHERE customer = 'c-0003'", "demo/c-0003 in cards"),
        ("DELETE FROM bindings WHERE tenant = 'other'", "other/c-"),
        ("UPDATE cards SET status = 'lost' WHERE customer = 'c-0002'", "this customer: cards only"),
    ],
)
def test_a_change_that_no_write_tells_of_is_caught(statement: str, told: str) -> None:
    def toolboxes_that_reach_beyond(bank: CoreBank, clock: Callable[[], int]) -> ToolsOf:
        assert isinstance(bank, ShakenBank)
        embedded = bank._bank
        assert isinstance(embedded, EmbeddedBank)
        with closing(sqlite3.connect(embedded._path)) as db, db:
            db.execute(statement)
        return toolboxes(bank, clock)

    script = replace(FREEZE, habits=Habits(), expect=Expected())
    (judged,) = run([script], Staff(ToyAssistant(), toolboxes_that_reach_beyond), None)
    assert WRONG_WRITE in _causes(judged)
    assert told in "\n".join(judged.lines())
