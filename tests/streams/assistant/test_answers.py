"""What a turn came to is durable in an order in which nothing of a write is ever lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import cast

import pytest
from faust.types import TP

from schemas.sessions import Session
from schemas.topics import AUDIT
from schemas.turns import Turn
from sinks.kafka import Message
from streams.assistant.answering import TimedToolbox, without_words
from streams.assistant.answers import Answers
from streams.assistant.jobs import Job, Owned
from streams.assistant.sessions import Sessions
from streams.metrics import Metrics
from streams.requests import Request
from tests.support.toy_assistant import ToyAssistant

_NOW = 1_800_000_000_000


class _Kept:
    """What was saved, in the order in which it is to be durable."""

    def __init__(self) -> None:
        self.order: list[str] = []

    async def save(
        self,
        partition: int,  # noqa: ARG002
        session: Session,
        beside: Iterable[Message] = (),
        first: Iterable[Message] = (),
    ) -> None:
        self.order += [message.topic for message in first]
        self.order += [f"{session.session}+{len(list(beside))}"]


class _NoTools:
    spent: Mapping[str, float] = MappingProxyType({})


@pytest.mark.parametrize(
    ("text", "order"),
    [("冻结我的卡", [AUDIT, "s+0"]), ("你好", ["s+0"])],
    ids=["a write", "no write"],
)
def test_a_step_of_a_write_is_on_record_before_the_session_knows(
    text: str, order: list[str]
) -> None:
    kept = _Kept()
    answers = Answers(
        ToyAssistant(),
        lambda _turn, _deadline: cast(TimedToolbox, _NoTools()),
        without_words,
        cast(Sessions, kept),
        Metrics(),
        topic=str,
        group="g",
        clock=lambda: _NOW / 1000,
        today=lambda: date(2026, 11, 22),
    )
    turn = Turn(session="s", turn="1", tenant="demo", user="ann", text=text)
    request = Request(
        key=b"s",
        value=b"",
        tenant="demo",
        parts=False,
        partition=0,
        offset=0,
        correlation=b"c",
        instance=b"i",
        reply_topic="r",
        reply_partition=0,
        sent_ms=_NOW,
        deadline_ms=_NOW + 2_000,
        trace="",
    )
    job = Job(Owned(TP("t", 0), lambda _tp, _offset: None), request, turn)
    reply = asyncio.run(answers.find(job, None, _NOW, 0.0, lambda _text: None))
    assert reply.status == "answered"
    assert kept.order == order
