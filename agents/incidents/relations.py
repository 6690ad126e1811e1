"""Which incidents may be part of the same trouble, across channels and products; none is merged."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from math import log
from typing import NamedTuple, TypeAlias

from agents.incidents.book import Book
from agents.incidents.traits import LINGERS_MS, NEAR_MS, Share, Traits, shared, traits_of
from schemas.incidents import Incident, Related
from schemas.times import MINUTE_MS

MOST = 10
PAUSE_MS = 5 * MINUTE_MS
"""After the first word an incident is not told another one sooner."""
_WEIGHTS: dict[Share, float] = {"change": 4.0, "slice": 2.0, "terms": 2.0, "time": 1.0}
_TIE_MS = 2 * MINUTE_MS
"""Onsets are estimates: the earliest and those so shortly after it began together."""
_CHANGE_SPAN_MS = 180 * MINUTE_MS
"""Onsets between which a change can be near both."""
_EARLIEST, _NEAREST, _RAREST = 4, 10, 4
"""Looked at of those that have a trait: the first ones, the nearest on either side; and the rarest
of its terms."""

Key: TypeAlias = tuple[str, ...]
Gist: TypeAlias = tuple[frozenset[tuple[str, tuple[Share, ...]]], str | None]


class Relation(NamedTuple):
    """What one incident is to be told."""

    incident_id: str
    related: tuple[Related, ...]
    head_incident_id: str | None

    @property
    def gist(self) -> Gist:
        """What makes it another answer; titles change with every count."""
        return _gist(self.related, self.head_incident_id)


def _gist(related: Iterable[Related], head: str | None) -> Gist:
    return frozenset((other.incident_id, other.shares) for other in related), head


_NOTHING: Gist = _gist((), None)


class Relations:
    """Relates the incidents of a book to each other; times are epoch ms of the caller's clock.

    `learn` what the book has taken, `tell` what has changed. Only incidents that are not over are
    told anything. The likely head of an incident and its relatives is the one that began first; of
    those that began together, one made of log lines or with a change that explains it.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._traits: dict[str, Traits] = {}
        self._having: dict[Key, list[tuple[int, str]]] = {}
        self._touched: dict[Key, int] = {}
        self._count = 0
        self._fresh: dict[str, None] = {}
        self._told: dict[str, Gist] = {}
        self._looked: dict[str, tuple[int, int]] = {}
        self._again: list[tuple[int, str]] = []

    def learn(self, incident: Incident) -> None:
        """A revision that is news to the book. Raises ValueError for a time that does not exist."""
        traits = traits_of(incident)
        known = self._traits.get(incident.incident_id)
        if traits == known:
            return
        self._count += 1
        if known is not None:
            self._drop(incident.incident_id)
        self._traits[incident.incident_id] = traits
        for key in _keys(traits):
            insort(self._having.setdefault(key, []), (traits.onset_ms, incident.incident_id))
            self._touched[key] = self._count
        self._fresh[incident.incident_id] = None
        if len(self) > 2 * len(self._book):
            for gone in [name for name in self._traits if self._book.get(name) is None]:
                self._forget(gone)

    def __len__(self) -> int:
        """Incidents that it holds something of."""
        return len(self._traits)

    def heard(self, relation: Relation, at_ms: int) -> None:
        """An incident was told this before; the last word counts."""
        self._told[relation.incident_id] = relation.gist
        self._look_again(relation.incident_id, at_ms, seen=0)

    def tell(self, now_ms: int) -> list[Relation]:
        """The answers that have changed; each is held to be told from now on."""
        waiting = list(self._fresh)
        self._fresh.clear()
        while self._again and self._again[0][0] <= now_ms:
            _, incident_id = heapq.heappop(self._again)
            if self._may(incident_id, now_ms):
                if self._is_touched(incident_id):
                    waiting.append(incident_id)
                else:
                    heapq.heappush(self._again, (now_ms + PAUSE_MS, incident_id))
        found: list[Relation] = []
        done: set[str] = set()
        for incident_id in waiting:  # it grows on the way
            if incident_id in done or not self._may(incident_id, now_ms):
                continue
            done.add(incident_id)
            relation, others = self._relation(incident_id)
            waiting += others
            if relation.gist != self._told.get(incident_id, _NOTHING):
                self._told[incident_id] = relation.gist
                found.append(relation)
            if incident_id in self._told:
                self._look_again(incident_id, now_ms, self._count)
        return found

    def _may(self, incident_id: str, now_ms: int) -> bool:
        incident = self._book.get(incident_id)
        if incident is None or incident.status == "resolved" or incident_id not in self._traits:
            return False
        return now_ms - self._looked.get(incident_id, (now_ms - PAUSE_MS, 0))[0] >= PAUSE_MS

    def _look_again(self, incident_id: str, now_ms: int, seen: int) -> None:
        self._looked[incident_id] = (now_ms, seen)
        heapq.heappush(self._again, (now_ms + PAUSE_MS, incident_id))

    def _is_touched(self, incident_id: str) -> bool:
        """Whether one has come, since it was looked at, that it may have to do with."""
        seen = self._looked[incident_id][1]
        return any(self._touched[key] > seen for key in _keys(self._traits[incident_id]))

    def _relation(self, incident_id: str) -> tuple[Relation, list[str]]:
        """The answer, and all that it was found to have to do with."""
        mine = self._traits[incident_id]
        found: list[tuple[float, int, str, tuple[Share, ...]]] = []
        for other in self._candidates(incident_id):
            theirs = self._traits[other]
            if _is_past(mine, theirs) or _is_past(theirs, mine):
                continue
            if shares := shared(mine, theirs, self._weight):
                strength = sum(_WEIGHTS[share] for share in shares)
                found.append((-strength, abs(theirs.onset_ms - mine.onset_ms), other, shares))
        if not found:
            return Relation(incident_id, (), None), []
        found.sort()
        head = self._head([incident_id, *(other for *_, other, _ in found)])
        # The head is named, even if others are more like it.
        best = [one for one in found if one[2] == head] + [one for one in found if one[2] != head]
        related = tuple(self._related(*one[2:]) for one in sorted(best[:MOST]))
        return Relation(incident_id, related, head), [other for *_, other, _ in found]

    def _related(self, incident_id: str, shares: tuple[Share, ...]) -> Related:
        incident = self._book.get(incident_id)
        assert incident is not None, "candidates are of the book"
        return Related(incident_id, incident.product, incident.title, shares)

    def _head(self, incident_ids: list[str]) -> str:
        first = min(self._traits[one].onset_ms for one in incident_ids)

        def order(incident_id: str) -> tuple[bool, bool, int, str]:
            traits = self._traits[incident_id]
            together = traits.onset_ms - first <= _TIE_MS
            likely = traits.log or traits.explained
            return not together, not (together and likely), traits.onset_ms, incident_id

        return min(incident_ids, key=order)

    def _candidates(self, incident_id: str) -> Iterator[str]:
        mine = self._traits[incident_id]
        terms = {
            term
            for said in mine.terms
            for term in sorted(said, key=lambda term: (self._having_term(term), term))[:_RAREST]
        }
        keys = [key for key in _keys(mine) if key[0] != "term"]
        keys += [("term", term) for term in sorted(terms)]
        found: dict[str, None] = {}
        for key in keys:
            span = _CHANGE_SPAN_MS if key[0] == "change" else NEAR_MS
            found.update(dict.fromkeys(self._of(key, (mine.onset_ms, incident_id), span)))
        found.pop(incident_id, None)
        for other in found:
            if self._book.get(other) is None:
                self._forget(other)
            else:
                yield other

    def _of(self, key: Key, place: tuple[int, str], span: int) -> list[str]:
        """Those that have a trait, not all of a crowd: the first ones and the nearest."""
        having = self._having.get(key, [])
        low = bisect_left(having, (place[0] - span, ""))
        high = bisect_left(having, (place[0] + span + 1, ""))
        middle = bisect_left(having, place)
        near = having[max(low, middle - _NEAREST) : min(high, middle + _NEAREST + 1)]
        return [other for _, other in having[low : min(high, low + _EARLIEST)] + near]

    def _having_term(self, term: str) -> int:
        return len(self._having.get(("term", term), ()))

    def _weight(self, term: str) -> float:
        # 20: with few incidents at hand none of their terms is known to be rare.
        return log(1 + (len(self._traits) + 20) / max(1, self._having_term(term)))

    def _drop(self, incident_id: str) -> None:
        traits = self._traits.pop(incident_id)
        for key in _keys(traits):
            having = self._having[key]
            del having[bisect_left(having, (traits.onset_ms, incident_id))]
            self._touched[key] = self._count
            if not having:
                del self._having[key], self._touched[key]

    def _forget(self, incident_id: str) -> None:
        """The book has, too."""
        self._drop(incident_id)
        self._told.pop(incident_id, None)
        self._looked.pop(incident_id, None)


def _is_past(one: Traits, other: Traits) -> bool:
    """Whether one was over long before the other one opened."""
    return one.resolved_ms is not None and one.resolved_ms + LINGERS_MS < other.opened_ms


def _keys(traits: Traits) -> list[Key]:
    return [
        ("product", traits.product),
        *(("change", change) for change in sorted(traits.changes)),
        *(("value", *value) for value in sorted(traits.rare_values())),
        *(("term", term) for term in sorted(frozenset[str]().union(*traits.terms))),
    ]
