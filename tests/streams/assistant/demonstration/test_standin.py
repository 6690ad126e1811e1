"""The stand-in for a language model behaves as its switch says."""

import asyncio

import httpx
import pytest

from streams.assistant.demonstration.standin import StandIn

RULES = "Answer in English. In the data its words are joined by ~, as one string."
DATA = "<<f00>>\nanswer: Your~card~is~frozen.\n<<end f00>>"
ASKED = {
    "messages": [{"role": "system", "content": RULES}, {"role": "user", "content": DATA}],
}


async def ask(model: StandIn, patience: float) -> httpx.Response:
    async with httpx.AsyncClient(timeout=patience) as client:
        return await client.post(f"{model.url}/chat/completions", json=ASKED)


def test_it_says_what_it_was_given() -> None:
    async def scenario() -> str:
        model = StandIn()
        await model.start()
        answer = await ask(model, 5)
        await model.stop()
        content: str = answer.json()["choices"][0]["message"]["content"]
        return content

    assert "Your card is frozen." in asyncio.run(scenario())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("state", ["slow", "hanging"])
def test_whoever_waits_for_it_waits_and_it_stops_all_the_same(state: str) -> None:
    async def scenario() -> None:
        model = StandIn()
        await model.start()
        model.state = state
        with pytest.raises(httpx.ReadTimeout):
            await ask(model, 0.3)
        waiting = asyncio.create_task(ask(model, 30))
        await asyncio.sleep(0)
        await model.stop()
        with pytest.raises(httpx.HTTPError):
            await waiting

    asyncio.run(scenario())


def test_dead_it_refuses() -> None:
    async def scenario() -> int:
        model = StandIn()
        await model.start()
        model.state = "dead"
        answer = await ask(model, 5)
        await model.stop()
        return answer.status_code

    assert asyncio.run(scenario()) == 503
