"""A session as it stands between two turns: on `assistant.sessions`, a compacted topic."""

from typing import Annotated

import msgspec

from schemas.commands import Cost
from schemas.tools import WriteCall
from schemas.turns import Exchange, Lang, Reply

MOST_EXCHANGES = 20
MOST_REPLIES = 4
"""Whole replies kept, for a turn that comes twice."""
MOST_SLOTS = 16
EXPIRES_MS = 30 * 60_000
"""After so long without a turn a session is over; what it had pending never happens."""

Slot = Annotated[str, msgspec.Meta(max_length=200)] | int


class Pending(msgspec.Struct, frozen=True, omit_defaults=True):
    """A write that waits for the person's word.

    `key`: its idempotency key, made of session and turn when it was proposed, so that a second
    "yes" or a second worker has the same one. `begun`: it was sent, and what became of it may be
    unknown.
    """

    key: str
    call: WriteCall
    summary: str
    until_ms: int
    begun: bool = False


class Flow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a conversation is within a purpose; `misses`: answers in a row not understood."""

    name: str
    step: str = ""
    slots: dict[str, Slot] = {}
    misses: int = 0


class Session(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Nothing in it is personal but `tenant` and `user`; texts are redacted.

    `stack`: flows that were left for another and can be taken up again, the newest last.
    `unsettled`: writes of unknown outcome beside which another was proposed since.
    """

    session: str
    tenant: str
    user: str
    begun_ms: int
    seen_ms: int
    lang: Lang = "zh"
    flow: Flow | None = None
    stack: tuple[Flow, ...] = ()
    pending: Pending | None = None
    unsettled: tuple[Pending, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    replies: tuple[Reply, ...] = ()
    cost: Cost = Cost()
