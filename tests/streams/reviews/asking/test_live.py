import json
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.agents.reviews.asking.labels import said
from tests.streams.reviews.asking.lives import GOOD, asked_live
from tests.streams.reviews.asking.nights import (
    answered,
    exported,
    night,
    questions_of,
    requests_in,
    taken,
)
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    completion,
    fails,
    says,
)
from tests.support.waiting import eventually


def test_all_is_asked_once_and_remembered(tmp_path: Path) -> None:
    questions, told, sent = questions_of(20), [], []
    with night(tmp_path) as folder:
        run = asked_live(
            folder, questions, GOOD, progress=lambda done, of: told.append((done, of)),
            price_in=2.0, price_out=8.0,
        )  # fmt: skip
        assert (run.ended, run.left, run.why) == (20, {}, "")
        assert (run.cost.calls, run.cost.tokens_in) == (20, 20 * 900)
        assert run.cost.money == pytest.approx(20 * (0.9 * 2 + 0.1 * 8))
        assert told[-1] == (20, 20)
        settled = folder.settled()
        assert settled.keys() == {one.key for one in questions}
        assert all(one.answer and one.answer.cause for one in settled.values())
        again = asked_live(folder, questions, GOOD, after=lambda server: sent.extend(server.asked))
        assert (again.ended, sent) == (0, [])


def test_no_more_in_flight_than_set(tmp_path: Path) -> None:
    now, most = 0, 0

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        nonlocal now, most
        if "tulip" in str(body.get("response_format")):
            return await GOOD(request, body)
        now += 1
        most = max(most, now)
        await eventually(lambda: most == 3, "three at the same time")
        now -= 1
        return await GOOD(request, body)

    with night(tmp_path) as folder:
        assert asked_live(folder, questions_of(20), slow, in_flight=3).ended == 20
    assert most == 3


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (says(None, refusal="no"), "refused"),
        (says("", finish="content_filter"), "refused"),
        (says(""), "malformed"),
        (says("no JSON"), "malformed"),
        (says('{"cause": "x', finish="length"), "malformed"),
        (says('{"abstain": true}'), "answered"),
    ],
)
def test_what_ended_for_good_is_not_asked_again(
    tmp_path: Path, behaviour: Behaviour, outcome: str
) -> None:
    questions, sent = questions_of(7), []
    with night(tmp_path) as folder:
        run = asked_live(folder, questions, GOOD, behaviour)
        assert (run.ended, run.left) == (7, {})
        assert Counter(one.outcome for one in folder.settled().values()) == {outcome: 7}
        asked_live(folder, questions, GOOD, after=lambda server: sent.extend(server.asked))
        assert sent == []
        if outcome != "answered":
            assert asked_live(folder, questions, GOOD, again=True).ended == 7
            assert {one.outcome for one in folder.settled().values()} == {"answered"}


def test_a_server_without_schemas_is_asked_without(tmp_path: Path) -> None:
    forms: list[Any] = []

    def look(server: ModelServer) -> None:
        forms.extend(body.get("response_format") for body in server.asked[2:])

    with night(tmp_path) as folder:
        good = says(json.dumps(said()))
        assert (
            asked_live(folder, questions_of(3), fails(400), fails(400), good, after=look).ended == 3
        )
    assert forms == [None] * 3


def test_a_server_that_counts_no_tokens_is_paid_by_estimate(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        run = asked_live(folder, questions_of(3), GOOD, says(json.dumps(said()), usage=False))
        assert run.cost.calls == 3
        assert 3 * 200 < run.cost.tokens_in < 3 * 1_200
        assert 3 * 20 < run.cost.tokens_out < 3 * 300


def test_what_is_in_a_batch_is_not_asked_live(tmp_path: Path) -> None:
    questions = questions_of(6)
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions[:4]))
        assert asked_live(folder, questions, GOOD).ended == 2
        taken(folder, tmp_path / "r", answered(asked[0]))
        assert asked_live(folder, questions, GOOD).ended == 3


def test_each_answer_goes_to_its_own_question(tmp_path: Path) -> None:
    """However the server mixes up their order."""
    waiting, over = count(), set[int]()

    async def echo(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if "tulip" in str(body.get("response_format")):
            return await GOOD(request, body)
        number = next(waiting)
        # Every second one overtakes the one before it.
        await eventually(lambda: number % 2 == 1 or number + 1 in over, "the next answer")
        over.add(number)
        text = body["messages"][1]["content"].splitlines()[1]
        return web.json_response(completion(json.dumps(said(cause=text[:12]))))

    questions = questions_of(24)
    with night(tmp_path) as folder:
        assert asked_live(folder, questions, echo, in_flight=8).ended == 24
        settled = folder.settled()
        for question in questions:
            answer = settled[question.key].answer
            assert answer is not None
            number = question.text.partition("件")[0]
            assert answer.cause.replace(" ", "").startswith(number)
