"""What clients send and are sent: bodies of requests and frames of a WebSocket."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from schemas.turns import MAX_SAID, Lang, Part, Reply
from streams.gateway.problems import Problem, Refused

MAX_BODY = 16_384
"""Bytes of a request's body, and of a frame."""
SPOKEN = "groundswell.v1"
"""The subprotocol of the WebSocket."""

Text = Annotated[
    str, Meta(max_length=MAX_SAID, description="what the person says; or else `choice`")
]
ChoiceId = Annotated[
    str, Meta(max_length=80, description="the id of an offered choice, instead of words")
]
OldSession = Annotated[
    str,
    Meta(
        pattern=r"^(?:[A-Za-z0-9_-]{16,64})?$",
        description="of the conversation that goes on; without it a new one begins",
    ),
]
OldTurn = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{0,64}$",
        description="the client's id of the turn: the same again is answered with the same reply",
    ),
]


class Said(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The body of `POST /v1/turns`; unknown fields are ignored."""

    text: Text = ""
    choice: ChoiceId = ""
    session: OldSession = ""
    turn: OldTurn = ""
    lang: Lang | Literal[""] = ""


class Say(Said, frozen=True, tag="say"):
    """A frame: words."""


class Choose(Said, frozen=True, tag="choice"):
    """A frame: an offered choice."""


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """A frame: is somebody there? It keeps no socket open."""


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """The answer to it."""


class Error(msgspec.Struct, frozen=True, tag="error", omit_defaults=True):
    """A frame or its turn was refused; the socket stays."""

    problem: Problem
    turn: str = ""


FrameIn: TypeAlias = Say | Choose | Ping
FrameOut: TypeAlias = Part | Reply | Pong | Error

_said = msgspec.json.Decoder(Said)
_frame: msgspec.json.Decoder[FrameIn] = msgspec.json.Decoder(FrameIn)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode_said(body: bytes) -> Said:
    """Raises Refused."""
    try:
        said = _said.decode(body)
    except _UNREADABLE as error:
        raise Refused("bad-request", _reason(error)) from None
    return _checked(said)


def decode_frame(body: bytes | str) -> FrameIn:
    """Raises Refused."""
    try:
        frame = _frame.decode(body)
    except _UNREADABLE as error:
        raise Refused("bad-request", _reason(error)) from None
    if not isinstance(frame, Ping):
        _checked(frame)
    return frame


def _checked(said: Said) -> Said:
    if bool(said.choice) == bool(said.text.strip()):
        raise Refused("bad-request", "say something: either `text` or `choice`")
    return said


def _reason(error: Exception) -> str:
    # msgspec names types and fields, never what was said; the others might show it.
    return str(error) if isinstance(error, msgspec.ValidationError) else "this is not JSON"
