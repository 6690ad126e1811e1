"""Labels as the rules leave them, and what is asked about them."""

import json
from typing import Any

import msgspec

from agents.llm.client import Reply
from agents.llm.prompt import Marks
from agents.reviews.asking.asks import AskRules, asks_of
from agents.reviews.asking.question import Frame, Question, marks_of, question_of
from schemas.reviews import ReviewLabel
from tests.support import nights

SEED = 7
RULES = AskRules()
FRAME = Frame(
    "qwen3",
    (("quality", "做工 quality"), ("logistics", "物流 delivery"), ("size", "尺码 size")),
)
_LIKE = nights.label(
    "feedback.app-3@8812",
    product="coat",
    author="u-5512",
    rating=1.0,
    sentiment_confidence=0.4,
    aspects=(),
    findings=(),
    excerpt="衣服收到就开线了，快递也等了一个星期才到，很失望",
    models="zh-1",
)


def label(**other: Any) -> ReviewLabel:
    """A bad review of which the rules are not sure, but for this."""
    return msgspec.structs.replace(_LIKE, **other)


def question(of: ReviewLabel | None = None) -> Question:
    """The question about it."""
    asked = of or label()
    return question_of(asked, asks_of(asked, RULES), FRAME)


def marks(of: Question | None = None) -> Marks:
    """What its question alone knows."""
    return marks_of(of or question(), SEED)


def said(**other: Any) -> dict[str, Any]:
    """A good answer about it, but for this."""
    aspects = [
        {"attribute": "quality", "polarity": "negative", "words": "收到就开线了"},
        {"attribute": "logistics", "polarity": "negative", "words": "快递也等了一个星期才到"},
    ]
    answer = {
        "sentiment": "negative",
        "aspects": aspects,
        "cause": "衣服开线，物流慢",
        "abstain": False,
    }
    return {**answer, **other}


def reply(content: object, *, cut: bool = False) -> Reply:
    """What the model wrote."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return Reply(text, cut, 300, 60)
