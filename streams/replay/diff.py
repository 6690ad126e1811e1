"""What two tellings of the same history have in common, and what only one of them has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from schemas.times import MINUTE_MS, format_ms
from streams.replay.errors import NoIncidents
from streams.replay.stories import Story, Telling


@dataclass(frozen=True)
class Pair:
    """The same incident in both."""

    before: Story
    after: Story

    @property
    def minutes(self) -> int:
        """By how much it is detected later; negative: earlier."""
        return round((self.after.seen_ms - self.before.seen_ms) / MINUTE_MS)

    @property
    def changed(self) -> list[str]:
        """What else an operator would notice."""
        severity = self.before.severity != self.after.severity
        return ["severity"] * severity + ["slice"] * (self.before.slice != self.after.slice)


@dataclass(frozen=True)
class Diff:
    """`pairs` and what is only in one, each in order of time.

    `span_ms`: the time that both have looked at, and `products`; None if neither says so.
    """

    pairs: list[Pair]
    lost: list[Story]
    gained: list[Story]
    span_ms: tuple[int, int] | None
    products: frozenset[str] | None

    @property
    def earlier(self) -> list[Pair]:
        """Detected earlier in the second one."""
        return [pair for pair in self.pairs if pair.minutes < 0]

    @property
    def later(self) -> list[Pair]:
        """Detected later in the second one."""
        return [pair for pair in self.pairs if pair.minutes > 0]

    @property
    def changed(self) -> list[Pair]:
        """With another severity or another answer to «for whom»."""
        return [pair for pair in self.pairs if pair.changed]

    @property
    def same(self) -> int:
        """Incidents in which an operator would notice nothing."""
        return sum(not pair.minutes and not pair.changed for pair in self.pairs)

    @property
    def worded(self) -> int:
        """Those of them in which some byte differs all the same, in counts or words."""
        return sum(
            not pair.minutes and not pair.changed and pair.before.digest != pair.after.digest
            for pair in self.pairs
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return self.same == len(self.pairs) and not self.lost and not self.gained

    def plain(self) -> dict[str, Any]:
        """For machines."""
        span = self.span_ms
        return {
            "from": format_ms(span[0]) if span else None,
            "to": format_ms(span[1]) if span else None,
            "products": None if self.products is None else sorted(self.products),
            "same": self.same,
            "same_but_worded_otherwise": self.worded,
            "gained": [_plain(story) for story in self.gained],
            "lost": [_plain(story) for story in self.lost],
            "earlier": [_moved(pair) for pair in self.earlier],
            "later": [_moved(pair) for pair in self.later],
            "changed": [
                _moved(pair)
                | {
                    "what": pair.changed,
                    "severity": [pair.before.severity, pair.after.severity],
                    "slice": [pair.before.slice, pair.after.slice],
                }
                for pair in self.changed
            ],
        }


def _plain(story: Story) -> dict[str, Any]:
    return {
        "incident_id": story.incident_id,
        "product": story.product,
        "detected_at": format_ms(story.seen_ms),
        "severity": story.severity,
        "slice": dict(sorted(story.slice.items())),
        "title": story.title,
    }


def _moved(pair: Pair) -> dict[str, Any]:
    before = {"incident_id": pair.before.incident_id, "detected_at": format_ms(pair.before.seen_ms)}
    return _plain(pair.after) | {"before": before, "minutes": pair.minutes}


def compare(before: Telling, after: Telling) -> Diff:
    """Pair incidents that overlap in time: by key, then by product and shared terms.

    Where the range or the products of one of them are known, only what lies in them counts of the
    other one. Raises NoIncidents if nothing was looked at by both.
    """
    span = _common(before.span_ms, after.span_ms)
    if span is not None and span[0] >= span[1]:
        raise NoIncidents(f"{before.path} and {after.path} have no time in common")
    products = _both(before.products, after.products)
    if products is not None and not products:
        raise NoIncidents(f"{before.path} and {after.path} have no product in common")
    olds, news = (
        {
            story.incident_id: story
            for story in telling.stories
            if _within(story, span) and (products is None or story.product in products)
        }
        for telling in (before, after)
    )
    pairs: list[Pair] = []
    for likeness in (_by_key, _by_terms):
        for old, new in _best(olds.values(), news.values(), likeness):
            pairs.append(Pair(old, new))
            del olds[old.incident_id], news[new.incident_id]
    pairs.sort(key=lambda pair: pair.after.is_of)
    return Diff(pairs, list(olds.values()), list(news.values()), span, products)


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return one & other if one is not None and other is not None else one or other


def _common(*spans: tuple[int, int] | None) -> tuple[int, int] | None:
    known = [span for span in spans if span is not None]
    if not known:
        return None
    return max(start for start, _ in known), min(stop for _, stop in known)


def _within(story: Story, span: tuple[int, int] | None) -> bool:
    return span is None or (story.seen_ms <= span[1] and story.end_ms >= span[0])


Likeness = Callable[[Story, Story], float]
"""How much alike two stories are; 0: they are not the same."""


def _by_key(old: Story, new: Story) -> float:
    return float(old.key == new.key)


def _by_terms(old: Story, new: Story) -> float:
    shared = old.terms & new.terms
    return len(shared) / len(old.terms | new.terms) if shared else 0.0


def _best(
    olds: Iterable[Story], news: Iterable[Story], likeness: Likeness
) -> list[tuple[Story, Story]]:
    """Pairs, the most alike and then the nearest in time first; each story once."""
    by_product: dict[str, list[Story]] = {}
    for new in news:
        by_product.setdefault(new.product, []).append(new)
    found = [
        ((-alike, abs(old.seen_ms - new.seen_ms), old.is_of, new.is_of), old, new)
        for old in olds
        for new in by_product.get(old.product, ())
        if _overlap(old, new) and (alike := likeness(old, new))
    ]
    taken: set[str] = set()
    pairs = []
    for _, old, new in sorted(found, key=lambda one: one[0]):
        names = {f"old {old.incident_id}", f"new {new.incident_id}"}
        if not names & taken:
            taken |= names
            pairs.append((old, new))
    return pairs


def _overlap(old: Story, new: Story) -> bool:
    return old.seen_ms <= new.end_ms and new.seen_ms <= old.end_ms
