"""When and how a live run ends before its questions do."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agents.llm.client import ModelClient
from agents.llm.settings import Limits
from agents.reviews.asking.cost import Prices
from streams.errors import OperatorError
from streams.reviews.asking import AskingFolder, ask_live
from tests.agents.reviews.asking.labels import FRAME
from tests.streams.reviews.asking.lives import GOOD, asked_live, reasons
from tests.streams.reviews.asking.nights import (
    DATE,
    MODEL,
    exported,
    night,
    questions_of,
)
from tests.support.model_server import (
    Behaviour,
    breaks_off,
    fails,
    floods,
    hangs_up,
    model_server,
    says,
    sends,
    silent,
)
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    "limits", [Limits(calls=5), Limits(tokens=6_600), Limits(money=5 * 1.0 + 1.7)]
)
def test_it_stops_when_the_budget_of_the_night_is_spent(tmp_path: Path, limits: Limits) -> None:
    questions = questions_of(20)
    with night(tmp_path) as folder:
        run = asked_live(
            folder, questions, GOOD, night=limits, in_flight=2, price_in=1.0, price_out=1.0
        )
        assert 4 <= run.ended <= 7
        assert reasons(run) == {"budget_spent": 20 - run.ended}
        assert "night" in run.why
        # What an earlier run has spent is spent.
        more = asked_live(folder, questions, GOOD, night=limits, price_in=1.0, price_out=1.0)
        assert run.ended + more.ended <= 7
        assert reasons(more) == {"budget_spent": 20 - run.ended - more.ended}


def test_what_a_batch_will_cost_is_spent(tmp_path: Path) -> None:
    questions = questions_of(9)
    with night(tmp_path) as folder:
        exported(folder, questions[:4])
        run = asked_live(folder, questions, GOOD, night=Limits(calls=6))
        assert run.ended == 2
        assert reasons(run) == {"budget_spent": 3}


def test_the_limits_of_an_hour_hold(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        run = asked_live(folder, questions_of(20), GOOD, per_hour=Limits(calls=7))
        assert run.ended == 7
        assert reasons(run) == {"budget_spent": 13}
        assert run.why == "the calls of this hour are spent: 7"


@pytest.mark.parametrize("behaviour", [fails(503), hangs_up, breaks_off, floods, sends("<html>")])
def test_a_server_that_fails_again_and_again_is_left_alone(
    tmp_path: Path, behaviour: Behaviour
) -> None:
    questions, sent = questions_of(40), []
    with night(tmp_path) as folder:
        run = asked_live(
            folder, questions, GOOD, GOOD, behaviour,
            in_flight=1, after=lambda server: sent.extend(server.asked),
        )  # fmt: skip
        assert run.ended == 1
        assert reasons(run) == {"model_away": 39}
        assert "again and again" in run.why
        assert len(sent) < 25
        assert asked_live(folder, questions, GOOD).ended == 39


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        run = asked_live(folder, questions_of(9), fails(503))
        assert (run.ended, reasons(run)) == (0, {"model_away": 9})
        assert "503" in run.why


def test_wrong_settings_end_it_at_once(tmp_path: Path) -> None:
    sent: list[Any] = []
    with night(tmp_path) as folder:
        run = asked_live(
            folder, questions_of(9), GOOD, fails(401), in_flight=1,
            after=lambda server: sent.extend(server.asked),
        )  # fmt: skip
        assert reasons(run) == {"model_away": 9}
        assert "key" in run.why
        assert len(sent) == 2


def test_a_question_that_is_not_taken_costs_only_itself(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        run = asked_live(folder, questions_of(9), GOOD, GOOD, fails(400), GOOD, in_flight=1)
        assert run.ended == 8
        assert reasons(run) == {"failed": 1}
        assert asked_live(folder, questions_of(9), GOOD).ended == 1


def test_silence_ends(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        run = asked_live(folder, questions_of(8), GOOD, silent, timeout_s=0.2, in_flight=4)
        assert reasons(run) == {"model_away": 8}
        # It may have worked for us: what it may have cost is spent.
        assert run.cost.tokens_in > 0


def test_nobody_pays_for_a_night_of_answers_that_are_none(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        run = asked_live(folder, questions_of(90), GOOD, says('{"sent', finish="length"))
        assert 50 <= run.ended < 60
        assert reasons(run) == {"model_away": 90 - run.ended}
        assert "no room" in run.why
        assert "more tokens" in run.why


def test_whoever_cancels_it_keeps_what_was_answered(tmp_path: Path) -> None:
    questions = questions_of(10)

    async def run(folder: AskingFolder) -> None:
        async with model_server(GOOD, GOOD, GOOD, GOOD, silent) as server:
            model = replace(MODEL, url=server.url, in_flight=1)
            client = ModelClient(model)
            task = asyncio.create_task(
                ask_live(
                    folder, DATE, questions, client, model, FRAME,
                    night=Limits(), prices=Prices(), clock_ms=lambda: 0,
                )
            )  # fmt: skip
            await eventually(lambda: len(server.asked) == 5, "the fifth question")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert len(asyncio.all_tasks()) < 10
            await client.close()

    with night(tmp_path) as folder:
        asyncio.run(run(folder))
        assert len(folder.settled()) == 3
        assert asked_live(folder, questions, GOOD).ended == 7


def test_a_disk_that_is_full_ends_it_in_one_line(tmp_path: Path) -> None:
    with night(tmp_path) as folder:

        async def filling(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
            path = folder.path / "answers.ndjson"
            if not path.is_symlink():
                path.symlink_to("/dev/full")
            return await GOOD(request, body)

        with pytest.raises(OperatorError, match="No space left"):
            asked_live(folder, questions_of(9), filling)
