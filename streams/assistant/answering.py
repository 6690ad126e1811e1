"""What a worker needs of whoever answers."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol, TypeAlias

from agents.assistant.answer import Answer, Keep, Partly
from agents.assistant.tools import Toolbox
from agents.assistant.words import Words
from schemas.sessions import Session
from schemas.turns import Turn

Left: TypeAlias = Callable[[], float]
"""Milliseconds until the deadline; negative after it."""


class Answering(Protocol):
    """`agents.assistant.assistant.Assistant`."""

    async def answer(
        self,
        session: Session | None,
        turn: Turn,
        tools: Toolbox,
        *,
        now_ms: int,
        today: date,
        left_ms: Left,
        keep: Keep,
        words: Words | None,
        partly: Partly,
    ) -> Answer:
        """`keep` is awaited before a write is sent, with the session that says so. `partly` is
        called with what can be shown before the reply."""


class TimedToolbox(Toolbox, Protocol):
    """A toolbox that says how long its tools took."""

    @property
    def spent(self) -> Mapping[str, float]:
        """Milliseconds by tool."""


ToolsOf: TypeAlias = Callable[[Turn, int], TimedToolbox]
"""Makes the tools of one turn of one person, which must be done at a time (epoch ms)."""

WordsOf: TypeAlias = Callable[[Turn, Session | None], Words | None]
"""The language model of one turn of one person, if there is one."""


def without_words(_turn: Turn, _session: Session | None) -> None:
    """There is no language model."""
