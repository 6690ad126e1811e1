"""A turn that is to be answered, and the partition that it came from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from faust.types import TP

from schemas.turns import Turn
from streams.assistant.unfinished import Unfinished
from streams.requests import Request

MarkDurable = Callable[[TP, int], None]


@dataclass
class Owned:
    """A partition of requests; `gone`: it is somebody else's, what has not begun never will."""

    tp: TP
    mark_durable: MarkDurable
    unfinished: Unfinished = field(default_factory=Unfinished)
    gone: bool = False


@dataclass(slots=True, eq=False)
class Job:
    """`saving`: what has been done is being written, which must not be broken off."""

    owned: Owned
    request: Request
    turn: Turn
    saving: bool = False
