"""Knowledge search: whether the first article is the right one, and what is given as sure."""

import math
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Literal

import msgspec
import numpy as np

from agents.assistant.knowledge.article import Article
from agents.assistant.knowledge.library import Library, shipped
from agents.assistant.knowledge.markdown import parse
from agents.assistant.knowledge.postings import Postings
from agents.assistant.knowledge.terms import terms
from agents.assistant.passage import Passage
from schemas.turns import Lang
from streams.encoders import fetched_encoders
from streams.evaluation.row import Row

TASK = "knowledge"
DAY = date(2026, 11, 21)
"""On which the questions are asked."""
_GOALS = {"first is right": 0.90, "of the sure, right": 0.95, "no answer there, yet sure": 0.0}


class Question(msgspec.Struct, frozen=True):
    """As people ask, in other words than the articles; `articles`: the right ones, empty if none.

    `dev` chose words and parameters, `test` nothing; which one it is the hash of the text says.
    """

    question: str
    lang: Lang
    articles: tuple[str, ...]
    split: Literal["dev", "test"]


def questions(name: str = "knowledge") -> list[Question]:
    """All of a set, in the order of the file."""
    lines = (files("streams.evaluation") / "sets" / f"{name}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Question) for line in lines]


def evaluate() -> list[Row]:
    """On both halves, of which only `test` has goals, and on questions by another hand.

    Who asked those had read the titles of the articles, and nothing is tuned on them.
    """
    rows = _evaluated(Library.load())
    if encoders := fetched_encoders():
        again = _evaluated(Library.load(encoders))
        rows += [row._replace(data=f"{row.data}, with an encoder") for row in again]
    return rows


def _evaluated(library: Library) -> list[Row]:
    articles = [one for name, text in shipped() if (one := parse(name, text)[0])]
    rows = []
    for split in ("test", "dev"):
        for lang in ("zh", "en"):
            some = [one for one in questions() if (one.split, one.lang) == (split, lang)]
            rows += _measured(library, articles, some, f"own set, {lang}, {split}", split == "test")
    for lang in ("zh", "en"):
        some = [one for one in questions("knowledge-other") if one.lang == lang]
        rows += _measured(library, articles, some, f"another hand, {lang}", judged=False)
    return rows


def _measured(
    library: Library, articles: Sequence[Article], some: Sequence[Question], data: str, judged: bool
) -> list[Row]:
    answered = [one for one in some if one.articles]
    rest = [one for one in some if not one.articles]
    intent = {one.head.id: one.head.intents[0] for one in articles}
    found = [library.search(one.question, one.lang, DAY) for one in answered]
    told = [
        library.search(one.question, one.lang, DAY, intent[one.articles[0]]) for one in answered
    ]
    right = [_right(one, passages[:1]) for one, passages in zip(answered, found, strict=True)]
    sure = [hit for hit, passages in zip(right, found, strict=True) if _sure(passages)]
    among = [_right(one, passages) for one, passages in zip(answered, found, strict=True)]
    knowing = [_right(one, passages[:1]) for one, passages in zip(answered, told, strict=True)]
    wrong = [_sure(library.search(one.question, one.lang, DAY)) for one in rest]
    plain = _plain(articles, answered)
    shares = {
        "first is right": (right, f"plain BM25 over the same texts {plain:.2f}"),
        "first is right, the intent known": (knowing, ""),
        "among the first three": (among, ""),
        "of the sure, right": (sure, ""),
        "sure, of all with an answer": ([_sure(passages) for passages in found], ""),
        "no answer there, yet sure": (wrong, ""),
    }
    return [
        _row(data, measure, hits, _GOALS.get(measure) if judged else None, beside)
        for measure, (hits, beside) in shares.items()
    ]


def _right(question: Question, passages: Sequence[Passage]) -> bool:
    return any(one.id.partition("#")[0] in question.articles for one in passages)


def _sure(passages: Sequence[Passage]) -> bool:
    return bool(passages) and passages[0].sure


def _row(data: str, measure: str, hits: Sequence[bool], goal: float | None, beside: str) -> Row:
    value = sum(hits) / len(hits) if hits else math.nan
    higher = not measure.startswith("no answer")
    return Row(TASK, data, measure, value, goal, higher, beside, f"{sum(hits)} of {len(hits)}")


def _plain(articles: Sequence[Article], some: Sequence[Question]) -> float:
    """The share that BM25 of title and text alone finds first."""
    lang = some[0].lang
    shelf = [one for one in articles if one.head.lang == lang]
    index = Postings.bm25([_counts(one.text) for one in shelf])
    hits = [
        shelf[int(np.argmax(index.scores(_counts(one.question))))].head.id in one.articles
        for one in some
    ]
    return sum(hits) / len(hits)


def _counts(text: str) -> dict[str, float]:
    counts: dict[str, float] = {}
    for term in terms(text):
        counts[term] = counts.get(term, 0.0) + 1
    return counts
