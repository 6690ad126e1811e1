"""What is shown of an answer before it is there."""

import asyncio

import msgspec

from schemas.turns import Part
from streams.assistant.jobs import Job
from streams.requests import Replier

_encode = msgspec.json.Encoder().encode


class Showing:
    """Sends parts of the answer to one turn, the latest only if they come faster than they go; none
    if nobody hears them."""

    def __init__(self, replier: Replier, job: Job) -> None:
        self._replier = replier
        self._job = job
        self._next = ""
        self._sending: asyncio.Task[None] | None = None

    def __call__(self, text: str) -> None:
        """Show it; does not block."""
        if not self._job.request.parts:
            return
        self._next = text
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    async def end(self) -> None:
        """Nothing more is sent: the answer itself comes."""
        self._next = ""
        if self._sending is not None:
            await self._sending

    async def _send(self) -> None:
        while text := self._next:
            self._next = ""
            turn = self._job.turn
            part = Part(turn.session, turn.turn, text)
            await self._replier.send(self._job.request, _encode(part), final=False)
