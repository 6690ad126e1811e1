"""What a turn comes to."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from schemas.conduct import ActionRecord, AuditRecord, Interaction
from schemas.sessions import Session
from schemas.turns import Reply


class Answer(NamedTuple):
    """The reply, and what must be kept of the turn before it is sent.

    `session` is None if nothing is to be kept: somebody else's session, or `show` without one.
    `interaction` is None for what is no conversation: `show`, a duplicate, a refusal. The reply's
    `timing` and the interaction's `worked_ms` are left for the caller to fill in.
    """

    session: Session | None
    reply: Reply
    audit: tuple[AuditRecord, ...] = ()
    actions: tuple[ActionRecord, ...] = ()
    interaction: Interaction | None = None


Keep: TypeAlias = Callable[[Session], Awaitable[None]]
"""Makes a session durable before a write is sent, so that whoever goes on knows of it."""


Partly: TypeAlias = Callable[[str], None]
"""Shows a text until the next one or the reply replaces it; it must not block."""


async def keep_nothing(_session: Session) -> None:
    """For those who cannot die between a write and the end of the turn."""


def show_nothing(_text: str) -> None:
    """For those who can only show the whole reply."""
