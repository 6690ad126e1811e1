"""How a question ended, as the night remembers it."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from agents.llm.batch_results import BatchResult
from agents.llm.budget import estimate
from agents.llm.client import Reply
from agents.llm.errors import AnswerLeaks, AnswerMalformed
from agents.reviews.asking.answer import Answer, answer_of
from agents.reviews.asking.question import Frame, Question, marks_of, tokens_of
from schemas.errors import NotOurs

Outcome = Literal["answered", "malformed", "refused", "expired", "failed"]
FINAL: frozenset[Outcome] = frozenset(("answered", "malformed", "refused"))
"""The same question would likely end the same way again, and be paid for again."""
_RANK: dict[Outcome, int] = {
    "answered": 0, "refused": 1, "malformed": 2, "failed": 3, "expired": 4,
}  # fmt: skip


class Settled(msgspec.Struct, frozen=True, omit_defaults=True):
    """The end of one question; tokens as the server counts them, else estimated.

    `why`: nothing that the model or its server wrote. `round`: of the batch file
    by which it came, which is cheaper; 0: live, and `at_ms` says when (epoch milliseconds).
    """

    key: str
    outcome: Outcome
    why: str = ""
    answer: Answer | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    round: int = 0
    at_ms: int = 0


_decode = msgspec.json.Decoder(Settled).decode


def decode_settled(line: bytes) -> Settled:
    """Raises NotOurs."""
    try:
        return _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotOurs(str(error)) from None


def best_of(settled: Iterable[Settled]) -> dict[str, Settled]:
    """The best end of each question, whatever order they came in."""
    best: dict[str, Settled] = {}
    for one in settled:
        known = best.get(one.key)
        if known is None or _order(one) < _order(known):
            best[one.key] = one
    return best


def _order(settled: Settled) -> tuple[int, bytes]:
    return _RANK[settled.outcome], msgspec.json.encode(settled)


def settled_by(
    reply: Reply, question: Question, frame: Frame, seed: int, *, number: int = 0, at_ms: int = 0
) -> Settled:
    """How a question ended that the model replied to."""
    outcome: Outcome = "answered"
    why, answer = "", None
    try:
        answer = answer_of(reply, question, frame, marks_of(question, seed))
    except (AnswerMalformed, AnswerLeaks) as error:
        outcome, why = "malformed", str(error)
    tokens_in, tokens_out = reply.tokens_in or tokens_of(question, frame), reply.tokens_out
    tokens_out = tokens_out or estimate([reply.content])
    return Settled(question.key, outcome, why, answer, tokens_in, tokens_out, number, at_ms)


def settled_from(
    result: BatchResult, question: Question, frame: Frame, seed: int, number: int
) -> Settled:
    """How a question ended by its line in a result file."""
    if result.reply is not None:
        return settled_by(result.reply, question, frame, seed, number=number)
    outcome: Outcome
    if result.ending == "declined":
        outcome = "refused"
    elif result.ending == "expired":
        outcome = "expired"
    else:
        outcome = "malformed" if result.ending == "malformed" else "failed"
    # Who declines has read the question all the same.
    tokens_in = tokens_of(question, frame) if outcome == "refused" else 0
    return Settled(question.key, outcome, result.why, None, tokens_in, 0, number)
