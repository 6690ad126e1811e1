"""Labelled reviews of other people, as training and judging read them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from streams.errors import OperatorError
from windows.texts import clean

Ints = npt.NDArray[np.int64]

CHINESE = "chnsenticorp"
THREADS = "reviews/threads_reviews.csv"
_EARLIER = 0.7
_NO_TEXT = re.compile(r"[\W_]+")


class NoCorpus(OperatorError):
    """Name a folder that holds the data."""


@dataclass(frozen=True)
class Corpus:
    """Clean texts and their sides: 1 positive, 0 negative."""

    texts: list[str]
    sides: Ints

    def __len__(self) -> int:
        return len(self.texts)

    def only(self, rows: npt.NDArray[np.bool_]) -> Corpus:
        """Some of them."""
        return Corpus([self.texts[i] for i in np.flatnonzero(rows)], self.sides[rows])


def likes(texts: Sequence[str]) -> list[str]:
    """What two texts have in common that differ in case, width and punctuation only."""
    return [_NO_TEXT.sub("", unicodedata.normalize("NFKC", text)).lower() for text in texts]


def groups(texts: Sequence[str]) -> Ints:
    """The same number for texts that are alike."""
    return np.unique(likes(texts), return_inverse=True)[1].astype(np.int64)


def chinese(data: Path, part: str) -> Corpus:
    """`train` or `dev` of ChnSentiCorp in a data folder. Raises NoCorpus."""
    place = data / CHINESE / f"{part}.tsv"
    rows = [line.split("\t", 1) for line in _text(place).split("\n")[1:] if line]
    if not rows or any(len(row) != 2 or row[0] not in ("0", "1") for row in rows):
        raise NoCorpus(f"{place} is not of ChnSentiCorp: label, tab, text")
    return Corpus([clean(text) for _, text in rows], np.asarray([int(side) for side, _ in rows]))


def threads(data: Path, part: str) -> Corpus:
    """Reviews of Threads, but for those of three stars: `earlier`, the first 70 %, or `later`.

    Raises NoCorpus.
    """
    place = data / THREADS
    columns = ("review_date", "rating", "review_description")
    try:
        found = [
            tuple(row[column] or "" for column in columns)
            for row in csv.DictReader(io.StringIO(_text(place), newline=""))
        ]
    except KeyError as error:
        raise NoCorpus(f"{place} has no column {error}") from None
    rows = sorted(row for row in found if row[1] in ("1", "2", "4", "5"))
    cut = int(_EARLIER * len(rows))
    part_rows = rows[:cut] if part == "earlier" else rows[cut:]
    sides = np.asarray([int(rating in "45") for _, rating, _ in part_rows], np.int64)
    return Corpus([clean(text) for _, _, text in part_rows], sides)


def sha256(place: Path) -> str:
    """Of a file's bytes. Raises NoCorpus."""
    try:
        return hashlib.sha256(place.read_bytes()).hexdigest()
    except OSError as error:
        raise NoCorpus(_missing(place, error)) from None


def _text(place: Path) -> str:
    try:
        return place.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NoCorpus(_missing(place, error)) from None


def _missing(place: Path, error: Exception) -> str:
    return f"cannot read {place} ({error}); set GROUNDSWELL_DATA to a folder that holds it"
