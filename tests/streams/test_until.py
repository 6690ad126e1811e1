import asyncio
import os
import signal

import pytest

from streams.until import until_signal


class Work:
    """Goes on until it is cancelled."""

    def __init__(self) -> None:
        self.state = "new"

    async def run(self) -> None:
        self.state = "begun"
        try:
            await asyncio.Event().wait()
        finally:
            self.state = "over"


async def ends() -> None:
    return


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_that_runs(number: signal.Signals) -> None:
    async def asked() -> None:
        await asyncio.sleep(0)
        assert [work.state for work in works] == ["begun", "begun"]
        os.kill(os.getpid(), number)

    works = [Work(), Work()]
    asyncio.run(until_signal(ends(), works[0].run(), works[1].run(), asked()))
    assert [work.state for work in works] == ["over", "over"]


def test_one_that_fails_ends_the_others_and_is_told() -> None:
    async def fails() -> None:
        raise ValueError("a mistake")

    work = Work()
    with pytest.raises(ValueError, match="a mistake"):
        asyncio.run(until_signal(work.run(), fails()))
    assert work.state == "over"


@pytest.mark.timeout(20)
def test_one_that_does_not_let_go_is_left_behind() -> None:
    async def run() -> None:
        await until_signal(holds(), patience=0.05)
        assert state == ["asked to end"]
        let_go.set()

    async def holds() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            state.append("asked to end")
            await let_go.wait()

    state: list[str] = []
    let_go = asyncio.Event()
    asyncio.run(run())
