"""A turn of a conversation: what the gateway asks on `assistant.requests` and what comes back."""

from typing import Annotated, Literal

import msgspec

from schemas.commands import Cost
from schemas.times import Timestamp
from schemas.tools import Call, Receipt

MAX_SAID = 2_000
"""Characters of one message."""
SessionId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
TurnId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Lang = Literal["zh", "en"]


class Turn(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a person says, and who that is according to the gateway, which has checked the token.

    `turn`: the same again is the same turn, which is answered once. `choice`: the id of an offered
    choice, instead of words. `show`: nothing is said, the session is asked for.
    `strong_ms`: when the person last proved with a second factor who they are; 0: not at all.
    `unseen`: it was said while the turn before it was under way, so its reply was not seen yet.
    """

    session: SessionId
    turn: TurnId
    tenant: Name
    user: Name
    text: Annotated[str, msgspec.Meta(max_length=MAX_SAID)] = ""
    choice: Annotated[str, msgspec.Meta(max_length=80)] = ""
    lang: Lang | Literal[""] = ""
    strong_ms: int = 0
    kind: Literal["say", "show"] = "say"
    unseen: bool = False


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a sentence comes from: a fact of the bank or an article; `quote` is its own words."""

    kind: Literal["bank", "article"]
    id: str
    title: str
    quote: str = ""
    as_of: Timestamp | None = None


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button: sent back as `choice`."""

    id: str
    label: str


class Action(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An instruction to a downstream system, of version `schema`.

    `link`: to a page of the app, `form`: what to fill in there. `receipt`: what a tool has done.
    """

    kind: Literal["deep_link", "form_prefill", "tool_result", "step_up", "hand_over"]
    id: str
    label: str = ""
    link: str = ""
    form: dict[str, str] = {}
    call: Call | None = None
    receipt: Receipt | None = None
    schema: int = 1


class Timing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Milliseconds; `waited`: in the log and behind the turn before it. `tools`: by name."""

    waited: float = 0.0
    worked: float = 0.0
    tools: dict[str, float] = {}
    model: float = 0.0


Status = Literal["answered", "duplicate", "busy", "late", "refused", "failed"]
"""`late`: its deadline had passed; `refused`: not this person's session; `failed`: our mistake."""


class Part(msgspec.Struct, frozen=True, tag="part", omit_defaults=True):
    """Something to show while the answer is being found; what comes after it replaces it."""

    session: str
    turn: str
    text: str


class Reply(msgspec.Struct, frozen=True, tag="reply", omit_defaults=True, kw_only=True):
    """The answer, in plain text.

    `degraded`: what was not as it should be, worst last, of `cache:NAME:SECONDS`, `no_model`,
    `model_late`, `tool:NAME`, `knowledge_only`, `template`, `hand_over`.
    `state`: flow and step, such as `unbind.confirm`; empty between flows.
    """

    session: str
    turn: str
    status: Status = "answered"
    lang: Lang = "zh"
    text: str = ""
    sources: tuple[Source, ...] = ()
    actions: tuple[Action, ...] = ()
    choices: tuple[Choice, ...] = ()
    degraded: tuple[str, ...] = ()
    intent: str = ""
    confidence: float = 0.0
    state: str = ""
    timing: Timing = Timing()
    cost: Cost = Cost()
    history: "tuple[Exchange, ...]" = ()


class Exchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was said and answered, redacted; only in the answer to `show`, and in the session."""

    turn: str
    at: Timestamp
    said: str
    answered: str


Answered = Part | Reply
"""What is on `assistant.replies`."""
