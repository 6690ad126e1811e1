"""What was said in one dialogue and what came of it."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.conduct import AuditRecord
from schemas.tools import WriteCall
from schemas.turns import Reply, Turn
from streams.evaluation.dialogues.script import Script

WRONG_TOUCH = "changed for"
"""How a mishap begins that says whose data was changed."""


class Step(NamedTuple):
    """A turn and its answer; `move` is the scripted turn that it is or reacts to, from 0."""

    move: int
    turn: Turn
    shown: str
    reply: Reply
    seconds: float


class Written(NamedTuple):
    """A write that had an effect; `turn`: in which, from 1."""

    tenant: str
    customer: str
    call: WriteCall
    key: str
    turn: int


class Transcript(NamedTuple):
    """`mishaps`: what the run itself found wrong, such as a crash or a duplicate answered anew."""

    script: Script
    steps: tuple[Step, ...]
    writes: tuple[Written, ...]
    audit: tuple[AuditRecord, ...]
    mishaps: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """For people."""
        for number, step in enumerate(self.steps, 1):
            yield f"{number:>2} > {step.shown}"
            reply = step.reply
            yield f"   < {reply.text}"
            if reply.choices:
                yield "     " + " ".join(f"[{choice.label}]" for choice in reply.choices)
            marks = [reply.intent, reply.state, *reply.degraded]
            marks += [f"{action.kind}:{action.id}" for action in reply.actions]
            marks += [f"{source.kind}:{source.id}" for source in reply.sources]
            yield "     (" + " ".join(filter(None, marks)) + f" {step.seconds * 1e3:.0f} ms)"
            for write in self.writes:
                if write.turn == number:
                    yield f"     * {write.customer}: {write.call}"
