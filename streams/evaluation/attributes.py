"""Attributes with polarity on our own hand-labelled reviews, Chinese and English."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from agents.reviews.attributes.finding import Attributes
from agents.reviews.attributes.taxonomy import read_taxonomy
from streams.errors import OperatorError
from streams.evaluation.row import Row

TASK = "attributes"
_SPLITS = {
    "test": "own set, test half",
    "dev": "own set, dev half",
    "fresh": "fresh set, by another hand",
}
GOAL = 0.90
_LANGS = {"zh": "Chinese", "en": "English"}


class NoLabelledReviews(OperatorError):
    """Give a JSONL file with `text`, `lang` and `aspects` on every line."""


class Labelled(NamedTuple):
    """A review and what it says: pairs of attribute and polarity."""

    text: str
    lang: str
    aspects: frozenset[tuple[str, str]]
    split: str


class Counts(NamedTuple):
    """Pairs found and right, found, and labelled."""

    right: int
    found: int
    labelled: int

    @property
    def f1(self) -> float:
        """Micro-averaged F1; nan where there is nothing."""
        both = self.found + self.labelled
        return 2 * self.right / both if both else float("nan")


def evaluate(data: Path | None, *, quick: bool = False) -> list[Row]:
    """Rows for `data` where given, else for our own set. Raises NoLabelledReviews.

    The half "test" of our own set chose no word and no rule; "dev" did. "fresh" is by another
    hand, who had seen neither the rules nor the other two. `quick` is "dev" alone.
    """
    attributes = Attributes(read_taxonomy())
    if data:
        return list(_rows(attributes, data.stem, read(data), GOAL))
    own = list(own_set())
    return [
        row
        for split, name in _SPLITS.items()
        if split == "dev" or not quick
        for row in _rows(
            attributes,
            name,
            [one for one in own if one.split == split],
            GOAL if split == "test" else None,
        )
    ]


def own_set() -> Iterator[Labelled]:
    """All of our own labelled reviews, every split."""
    lines = (files("streams.evaluation") / "sets" / "attributes.jsonl").read_text(encoding="utf-8")
    for number, line in enumerate(lines.splitlines(), 1):
        yield _labelled(line, f"attributes.jsonl, line {number}")


def read(data: Path) -> list[Labelled]:
    """The labelled reviews of a JSONL file. Raises NoLabelledReviews."""
    try:
        with data.open(encoding="utf-8") as lines:
            return [_labelled(line, f"{data}, line {n}") for n, line in enumerate(lines, 1)]
    except OSError as error:
        raise NoLabelledReviews(f"cannot read {data}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NoLabelledReviews(f"{data} is not UTF-8") from None


def _labelled(line: str, where: str) -> Labelled:
    try:
        record = json.loads(line)
        pairs = frozenset((str(name), str(polarity)) for name, polarity in record["aspects"])
        return Labelled(record["text"], record["lang"], pairs, record.get("split", ""))
    except (ValueError, KeyError, TypeError):
        wanted = '{"text": ..., "lang": "zh" or "en", "aspects": [[attribute, polarity], ...]}'
        raise NoLabelledReviews(f"{where} is not {wanted}") from None


def count(attributes: Attributes, reviews: Iterable[Labelled]) -> Counts:
    """Compare what is found with what is labelled."""
    total: Counter[str] = Counter()
    for one in reviews:
        found = {(aspect.attribute, aspect.polarity) for aspect in attributes.find(one.text)}
        total["right"] += len(found & one.aspects)
        total["found"] += len(found)
        total["labelled"] += len(one.aspects)
    return Counts(total["right"], total["found"], total["labelled"])


def _rows(
    attributes: Attributes, data: str, reviews: Sequence[Labelled], goal: float | None
) -> Iterator[Row]:
    for lang in ("", *sorted({one.lang for one in reviews})):
        part = [one for one in reviews if lang in ("", one.lang)]
        counts = count(attributes, part)
        where = f"{data}, {_LANGS.get(lang, lang)}" if lang else data
        precision = counts.right / counts.found if counts.found else float("nan")
        recall = counts.right / counts.labelled if counts.labelled else float("nan")
        right = f"{counts.right} right, {counts.found} found, {counts.labelled} labelled"
        counted = f"{right}, {len(part)} reviews"
        yield Row(TASK, where, "micro-F1", counts.f1, goal, True, "", counted)
        yield Row(TASK, where, "precision", precision, None, True, "", "")
        yield Row(TASK, where, "recall", recall, None, True, "", "")
    yield Row(
        TASK, data, "microseconds a review", _microseconds(attributes, reviews), None, False, ""
    )


def _microseconds(attributes: Attributes, reviews: Sequence[Labelled]) -> float:
    """CPU of one review."""
    start = time.process_time()
    for one in reviews:
        attributes.find(one.text)
    return (time.process_time() - start) / max(len(reviews), 1) * 1e6
