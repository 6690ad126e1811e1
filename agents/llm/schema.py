"""The form of an answer: the schema that a server is given, and the check of what came back."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar, get_args

import msgspec

from agents.llm.errors import AnswerMalformed
from schemas.causes import Confidence

VERSION = "1"
NAME = "incident_rca"
Category = Literal[
    "release", "configuration", "dependency", "capacity", "data", "client", "security", "other"
]
CATEGORIES: tuple[str, ...] = get_args(Category)


class Guess(msgspec.Struct, frozen=True):
    """A hypothesis as the model gives it."""

    cause: str
    category: Category
    confidence: Confidence
    evidence_ids: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True):
    """The whole answer; `abstain_reason` is empty unless the model does not want to guess.

    Fields that it has no business with are ignored.
    """

    hypotheses: tuple[Guess, ...]
    next_steps: tuple[str, ...]
    abstain_reason: str


_T = TypeVar("_T")
_decode = msgspec.json.Decoder(Answer).decode


def schema_of(ids: Iterable[str]) -> dict[str, Any]:
    """JSON Schema of an answer that can cite `ids` only, in the subset of strict mode."""
    guess = {
        "cause": {"type": "string"},
        "category": {"type": "string", "enum": list(CATEGORIES)},
        "confidence": {"type": "string", "enum": list(get_args(Confidence))},
        "evidence_ids": {"type": "array", "items": {"type": "string", "enum": list(ids)}},
    }
    return object_of(
        hypotheses={"type": "array", "items": object_of(**guess)},
        next_steps={"type": "array", "items": {"type": "string"}},
        abstain_reason={"type": "string"},
    )


def object_of(**properties: Any) -> dict[str, Any]:
    """An object of exactly these properties, as strict mode wants it."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def parse(content: str) -> Answer:
    """The answer in what a model wrote. Raises AnswerMalformed."""
    return read(content, _decode)


def read(content: str, decode: Callable[[str], _T]) -> _T:
    """The object in what a model wrote, which may stand after its thoughts or inside a fence.

    Raises AnswerMalformed, which says what is wrong without a word of what the model wrote.
    """
    content = content.rpartition("</think>")[2]
    begin, end = content.find("{"), content.rfind("}")
    if begin < 0 or end < begin:
        raise AnswerMalformed("the answer holds no JSON object")
    try:
        return decode(content[begin : end + 1])
    except RecursionError:
        raise AnswerMalformed("the answer is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise AnswerMalformed(f"the answer is not of the form asked for: {_told(error)}") from None


def _told(error: Exception) -> str:
    """The validator quotes values of the answer, which may be an attacker's."""
    return re.sub(r"'.*'", "(value)", str(error), flags=re.DOTALL)[:200]
