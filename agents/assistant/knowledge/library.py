"""The articles of a bank, searched: words that are rare, the looks of a question, and dates."""

from __future__ import annotations

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from agents.assistant.knowledge.article import Article, Section
from agents.assistant.knowledge.markdown import parse, shown
from agents.assistant.knowledge.meaning import Meaning
from agents.assistant.knowledge.postings import Postings, Scores
from agents.assistant.knowledge.terms import pieces, terms
from agents.assistant.passage import Passage
from agents.models.encoder import Encoder
from schemas.turns import Lang

MOST_ASKED_OF = 400
"""Characters of a question that are looked at."""
LEAST = 0.15
"""A passage that scores less is not shown."""
SURE = 0.8
QUOTED = 3
"""Sentences of a quotation."""

_FIELDS = {"title": 4.0, "asked": 2.0, "intents": 2.0, "heading": 1.0, "text": 0.5}
_LOOKS = 0.5
_LEAD_MOST = 0.3
_TERMS_MOST = 6
_INTENT, _INTENT_ALONE = 0.2, 0.2
"""What an intent adds to its articles, and more the less was asked. Callers name one that
they are sure of."""


class _Scale(NamedTuple):
    """How much meaning counts beside words, and how likely the best one is right.

    A logistic regression on questions that the figures are not of.
    """

    meaning: float
    raw: float
    lead: float
    term: float
    bias: float


_WORDS = _Scale(0.0, 3.0, 7.3, 0.25, -2.7)
_MEANING = _Scale(2.0, 2.34, 5.88, 0.3, -5.21)

# A link that shows or runs something of its own leads nowhere.
_RUNS = re.compile(r"[\s\W]*(?:javascript|vbscript|data|file|blob|about)\s*:", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
# What kind of answer a question wants, and by what a section is one.
_WANTS = (
    (
        re.compile(
            r"多久|几天|多长时间|什么时候|啥时候|几点|有效期|过期"
            r"|\b(?:how long|when|expire|how soon|what time|how many (?:days|hours|months))",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d\s*个?(?:工作日|小时|分钟|天|月|年)|\d+:\d\d"
            r"|\d+ (?:working )?(?:minute|hour|day|month|year)s?\b"
        ),
    ),
    (
        re.compile(
            r"多少钱|收费|手续费|费用|要钱|扣费|几块|\b(?:costs?|fees?|charges?|price|pay for)\b",
            re.IGNORECASE,
        ),
        re.compile(r"[¥%]|\d元|免费|不收费|\bfree\b"),
    ),
)
_WANTED = 2.0
"""What it adds to a section that it is an answer of the wanted kind."""


class Library:
    """Implements `Knowledge`."""

    def __init__(self, articles: Iterable[Article], encoders: Mapping[Lang, Encoder] = {}) -> None:
        """`encoders`: of the languages in which meaning counts, too. Raises BadModel."""
        by_lang: dict[Lang, list[Article]] = {"zh": [], "en": []}
        for one in articles:
            by_lang[one.head.lang].append(one)
        self._shelves = {
            lang: _Shelf(some, lang, encoders.get(lang)) for lang, some in by_lang.items()
        }

    @classmethod
    def load(cls, encoders: Mapping[Lang, Encoder] = {}) -> Library:
        """The articles that come with Groundswell. Raises BadModel."""
        told = [article for name, text in shipped() if (article := parse(name, text)[0])]
        return cls(told, encoders)

    def search(
        self, question: str, lang: Lang, today: date, intent: str = "", most: int = 3
    ) -> tuple[Passage, ...]:
        """As of `Knowledge`. An id that begins with `zh:` or `en:` is of the other language.

        Raises nothing but BadModel, and that only of an encoder.
        """
        question = question[:MOST_ASKED_OF]
        found = self._shelves[lang].search(question, today, intent, most)
        if found and found[0].sure:
            return found
        other: Lang = "en" if lang == "zh" else "zh"
        written = "zh" if _HAN.search(question) else "en"
        if found and written == lang:
            return found
        # The intent says nothing of the language: only what was asked tells that it is the other.
        elsewhere = self._shelves[other].search(question, today, "", most)
        if elsewhere and (not found or elsewhere[0].sure):
            return tuple(one._replace(id=f"{other}:{one.id}") for one in elsewhere)
        return found


def shipped() -> list[tuple[str, str]]:
    """Names and texts of our own articles."""
    folder = files("agents.assistant.knowledge") / "articles"
    return [
        (f"{lang}/{one.name}", one.read_text(encoding="utf-8"))
        for lang in ("en", "zh")
        for one in sorted((folder / lang).iterdir(), key=lambda file: file.name)
        if one.name.endswith(".md")
    ]


@cache
def intents() -> dict[str, dict[Lang, str]]:
    """Intents and what they are called in each language."""
    text = (files("agents.assistant") / "intents.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = tomllib.loads(text)["intents"]
    return {name: {"zh": one["zh"], "en": one["en"]} for name, one in table.items()}


class _Shelf:
    """The articles of one language."""

    def __init__(self, articles: Sequence[Article], lang: Lang, encoder: Encoder | None) -> None:
        self._articles = list(articles)
        self._from = np.asarray([a.head.valid_from.toordinal() for a in articles], np.int64)
        self._to = np.asarray(
            [(a.head.valid_to or date.max).toordinal() for a in articles], np.int64
        )
        self._about: dict[str, list[int]] = {}
        self._parts = [[_Part(one) for one in a.sections] for a in articles]
        surfaces: list[str] = []
        first: list[int] = []
        fields: list[dict[str, float]] = []
        for row, article in enumerate(articles):
            called = [intents()[name][lang] for name in article.head.intents if name in intents()]
            for name in article.head.intents:
                self._about.setdefault(name, []).append(row)
            counts = _weighted({"title": [article.head.title], "intents": called})
            for text in article.head.asked:
                for term in set(terms(text)):
                    counts[term] += _FIELDS["asked"]
            for part in self._parts[row]:
                for term, n in part.counts.items():
                    counts[term] += n
            fields.append(counts)
            first.append(len(surfaces))
            for text in (article.head.title, *called, *article.head.asked, *_headings(article)):
                surfaces.append(text)
        self._words = Postings.bm25(fields)
        self._looks = Postings.cosine([pieces(text) for text in surfaces])
        self._first = np.asarray(first, np.int64)
        self._meaning: Meaning | None = None
        self._scale = _WORDS
        if encoder is not None and surfaces:
            self._meaning = Meaning(encoder, surfaces, self._first)
            self._scale = _MEANING

    def search(self, question: str, today: date, intent: str, most: int) -> tuple[Passage, ...]:
        day = today.toordinal()
        valid = (self._from <= day) & (day <= self._to)
        asked = set(terms(question))
        if not valid.any() or not (asked or self._about.get(intent)):
            return ()
        raw = self._raw(question, asked)
        for row in self._about.get(intent, ()):
            raw[row] += (_INTENT + _INTENT_ALONE / max(1, len(asked))) * (1 + self._scale.meaning)
        raw[~valid] = 0.0
        best = np.argsort(-raw, kind="stable")[: max(1, most) + 1]
        chances = _chances(raw[best], len(asked), self._scale)
        found = []
        for row, chance in zip(best[:most].tolist(), chances, strict=False):
            if chance < LEAST or raw[row] <= 0:
                break
            found.append(self._passage(row, question, asked, chance))
        return tuple(found)

    def _raw(self, question: str, asked: set[str]) -> Scores:
        """The share of what was asked that an article says, its looks, and its meaning."""
        weight = sum(map(self._words.rarity, asked)) or 1.0
        words = self._words.scores(dict.fromkeys(asked, 1.0)) / weight
        alike = self._looks.scores(self._looks.unit(pieces(question)))
        looks = np.maximum.reduceat(alike, self._first)
        raw: Scores = (1 - _LOOKS) * words + _LOOKS * looks
        if self._meaning is not None:
            raw += self._scale.meaning * self._meaning.scores(question)
        return raw

    def _passage(self, row: int, question: str, asked: set[str], chance: float) -> Passage:
        article = self._articles[row]
        rarity = {term: self._words.rarity(term) for term in asked}
        wanted = [n for n, (asks, _) in enumerate(_WANTS) if asks.search(question)]
        part = max(self._parts[row], key=lambda one: one.fit(rarity, wanted))
        return Passage(
            id=f"{article.head.id}#{part.section.anchor}",
            title=shown(article.head.title),
            quote=part.quote(rarity),
            score=round(chance, 4),
            sure=chance >= SURE,
            link="" if _RUNS.match(article.head.link) else shown(article.head.link),
        )


def _headings(article: Article) -> list[str]:
    """With the title, for a heading alone such as "Fees" says little."""
    return [f"{article.head.title} {one.heading}" for one in article.sections if one.heading]


class _Part:
    """A section and its terms."""

    def __init__(self, section: Section) -> None:
        self.section = section
        told = "\n".join(section.sentences)
        self._gives = {n for n, (_, gives) in enumerate(_WANTS) if gives.search(told)}
        self._heading = set(terms(section.heading))
        self._sentences = [set(terms(one)) for one in section.sentences]
        self.counts = _weighted({"heading": [section.heading], "text": section.sentences})

    def fit(self, rarity: dict[str, float], wanted: Iterable[int]) -> float:
        """How much of a question it speaks about, and whether in the wanted way."""
        told = sum(
            value * (2.0 * (term in self._heading) + math.log1p(self.counts.get(term, 0.0)))
            for term, value in rarity.items()
        )
        return told + _WANTED * len(self._gives.intersection(wanted))

    def quote(self, rarity: dict[str, float]) -> str:
        """The neighbouring sentences that say most of what was asked, the first of equals."""
        sentences = self.section.sentences
        best, at = -1.0, 0
        for n in range(max(1, len(sentences) - QUOTED + 1)):
            held = set().union(*self._sentences[n : n + QUOTED])
            told = sum(value for term, value in rarity.items() if term in held)
            if told > best:
                best, at = told, n
        return _joined(sentences[at : at + QUOTED])


def _joined(sentences: Iterable[str]) -> str:
    """As they stand in the article; Chinese needs no space between them."""
    told = ""
    for one in sentences:
        told += (" " if told and told[-1].isascii() else "") + one
    return told


def _weighted(fields: dict[str, Sequence[str]]) -> defaultdict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    for name, texts in fields.items():
        for text in texts:
            for term in terms(text):
                counts[term] += _FIELDS[name]
    return counts


def _chances(raw: Scores, terms_asked: int, scale: _Scale) -> list[float]:
    """How likely each is the right one: by its score, its lead over the best of the rest, and how
    much was asked.
    """
    values = raw.tolist()
    told = scale.term * min(_TERMS_MOST, terms_asked) + scale.bias
    found = []
    for n, value in enumerate(values):
        best_other = max(values[:1] if n else values[1:2], default=0.0)
        lead = max(-_LEAD_MOST, min(_LEAD_MOST, value - best_other))
        found.append(1 / (1 + math.exp(-(scale.raw * value + scale.lead * lead + told))))
    return found
