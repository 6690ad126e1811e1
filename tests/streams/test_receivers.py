import asyncio
from collections.abc import Sequence

import pytest

from schemas.incidents import Incident
from sinks.errors import Rejected
from streams.receivers import NotTaken, try_out
from tests.support.fleet import Notebook, receiver


def test_a_test_does_not_end_in_silence() -> None:
    said: list[str] = []
    book = Notebook()
    asyncio.run(try_out(receiver(book, "desk"), said.append))
    assert said == ["desk: open: taken", "desk: resolved: taken"]
    began, ended = (call[0] for call in book.calls)
    assert began.incident_key == ended.incident_key
    assert ended.resolved_at is not None


def test_what_a_receiver_refuses_is_said_and_it_is_let_go() -> None:
    class Full(Notebook):
        stopped = False

        async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
            raise Rejected("the desk is full")

        async def stop(self) -> None:
            self.stopped = True

    desk = Full()
    with pytest.raises(NotTaken, match="desk: the desk is full"):
        asyncio.run(try_out(receiver(desk, "desk"), print))
    assert desk.stopped
