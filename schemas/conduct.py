"""What the assistant did: for auditors, for downstream systems, and for the stream itself."""

from typing import Literal

import msgspec

from schemas.commands import Cost
from schemas.times import Timestamp
from schemas.tools import Receipt, WriteCall
from schemas.turns import Action

AuditStep = Literal[
    "proposed", "confirmed", "stepped_up", "done", "refused", "unknown", "cancelled"
]


class AuditRecord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A step of a write, on `assistant.audit`; `id` is `key:step`, the same again is the same.

    `user` is the subject of the token. `reason`: a code, why it was refused or is unknown.
    """

    id: str
    key: str
    step: AuditStep
    at: Timestamp
    tenant: str
    user: str
    session: str
    turn: str
    call: WriteCall
    summary: str = ""
    receipt: Receipt | None = None
    reason: str = ""


class ActionRecord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An instruction of one confirmed step, on `assistant.actions`."""

    id: str
    at: Timestamp
    tenant: str
    user: str
    session: str
    turn: str
    action: Action
    schema: int = 1


class Interaction(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A turn, redacted, on `assistant.interactions`, in the form of an event of the stream.

    `author`: a keyed hash of the user. `attributes`: intent, state, status, degraded, lang, tenant.
    """

    id: str
    time: Timestamp
    text: str
    answer: str
    author: str
    lang: str
    product: str = "assistant"
    channel: str = "assistant"
    attributes: dict[str, str] = {}
    confidence: float = 0.0
    worked_ms: float = 0.0
    cost: Cost = Cost()
