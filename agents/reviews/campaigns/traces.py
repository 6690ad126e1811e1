"""What of a review is kept until all reviews of the night are there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from agents.reviews.campaigns.letters import letters
from agents.reviews.campaigns.sketches import MOST, WIDTH, sketches
from schemas.reviews import Review

DEFAULT, ADVERT = 1, 2
"""Flags: a text of the platform's, not of an author's; one that wants to be answered elsewhere."""

_KIND = np.dtype(
    [
        ("name", "<u8"),
        ("author", "<u8"),
        ("product", "<u8"),
        ("time_ms", "<i8"),
        ("rating", "<f4"),
        ("sentiment", "<f4"),
        ("account_days", "<f4"),
        ("weight", "<f4"),
        ("flags", "u1"),
        ("sketch", "<u2", (WIDTH,)),
    ]
)
_FAR = 1 << 50
_MAGIC = b"GWTRACE1"
_SEARCHED = 2_000
"""Characters of a text in which the wish of an advert is looked for."""
# Contact details and what else an advert cannot do without; whether it is one is told elsewhere.
_WANTS = re.compile(
    r"https?:|www\.|[a-z0-9]\.(?:com|cn|net|shop|top|vip)\b|[a-z0-9]@[a-z0-9]"
    r"|(?:[微薇威v][信xX]|[vw]x|qq|企鹅|telegram|whatsapp|wechat|加我?|搜|店名|公众号)"
    r"[^a-z0-9]{0,8}[a-z0-9_-]{5,}"
    r"|[a-z0-9_]{5,} on (?:telegram|whatsapp|wechat)|代购|兼职|日结|返现|代开"
    r"|(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)",
    re.IGNORECASE,
)


class Traces:
    """Of some reviews, one after the other; 177 bytes each."""

    def __init__(self, rows: NDArray[np.void]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @classmethod
    def of(cls, reviews: Sequence[Review], sentiment: Sequence[float]) -> Traces:
        """The traces of reviews.

        `sentiment`: of each, from -1 (surely negative) over 0 (neither, not known) to 1. Raises
        ValueError if there are more or fewer of these, or a million reviews or more.
        """
        if len(sentiment) != len(reviews):
            raise ValueError(f"{len(reviews)} reviews, but {len(sentiment)} sentiments")
        if len(reviews) >= MOST:
            raise ValueError(f"{len(reviews)} reviews: a chunk has less than {MOST}")
        rows = np.zeros(len(reviews), _KIND)
        texts = letters([review.text for review in reviews])
        drawn = sketches(texts)
        rows["name"], rows["sketch"] = texts.names, drawn.minima
        # A text that repeats itself has fewer pieces than characters, and says no more than they.
        said = (drawn.pieces + 4) / np.maximum(np.diff(texts.starts), 1)
        rows["weight"] = texts.weights() * np.minimum(said, 1)
        rows["author"] = _hashes(
            "" if review.author.strip().lower() in _nobody() else review.author
            for review in reviews
        )
        rows["product"] = _hashes(review.product for review in reviews)
        rows["time_ms"] = [min(max(review.time_ms, -_FAR), _FAR) for review in reviews]
        rows["rating"] = [np.nan if r.rating is None else r.rating for r in reviews]
        rows["account_days"] = [
            np.nan if r.account_days is None else r.account_days for r in reviews
        ]
        rows["sentiment"] = np.asarray(sentiment, np.float32)
        rows["flags"] = [ADVERT * bool(_WANTS.search(r.text, 0, _SEARCHED)) for r in reviews]
        rows["flags"] |= np.isin(rows["name"], _defaults()).astype(np.uint8) * DEFAULT
        return cls(rows)

    def column(self, name: str) -> NDArray[Any]:
        """One value of each review; names and types are those of `_KIND`."""
        found: NDArray[Any] = self._rows[name]
        return found

    def to_bytes(self) -> bytes:
        """For a file that `from_bytes` reads."""
        return _MAGIC + self._rows.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Traces:
        """What `to_bytes` gave. Raises ValueError for anything else."""
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("these are no traces of this version")
        return cls(np.frombuffer(data, _KIND, offset=len(_MAGIC)))


@cache
def _known() -> dict[str, list[str]]:
    table = (files("agents.reviews.campaigns") / "known.toml").read_text(encoding="utf-8")
    return tomllib.loads(table)


@cache
def _defaults() -> NDArray[np.uint64]:
    """Names of what platforms write."""
    return letters(_known()["texts"]).names


@cache
def _nobody() -> frozenset[str]:
    """Authors who are nobody."""
    return frozenset(_known()["nobody"])


def _hashes(names: Iterable[str]) -> NDArray[np.uint64]:
    """XXH3-64 of names; 0 for the empty one, which nobody has."""
    return np.array(
        [xxh3_64_intdigest(name.encode("utf-8", "surrogatepass")) if name else 0 for name in names],
        np.uint64,
    )
