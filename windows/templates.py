"""What a program says: one-pass mining of log templates."""

from __future__ import annotations

import heapq
import re
from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import ne
from typing import Any

from windows.links import Link
from windows.masks import WILDCARD, Tokens, collapse, form

WORDS = 4
"""So many words seen in one place of otherwise equal forms make it vary; 3 to 6 is flat."""

STATES = 16
"""The same for words that look like states: more than HTTP has methods or a year months."""

COMPARED = 64
"""A new form is compared with so many of the latest templates of its structure, and so many of
the latest of those that were merged."""

_FIXED_WORDS = 2
_ROOTS = 4
_CACHED_LINES = 16_384
_STATE_VERSION = 2

_WORD = re.compile(r"[^\W\d]\w*(?:[.$/\\@~+-]+\w+)*(?::<\*>)?|<\*>")
_STATE = re.compile(r"[A-Z_]{2,}|.*(?:ed|ing)")


class _Template:
    """Words in a structure, which is the form without them; `open` are the places that vary."""

    __slots__ = ("last_minute", "open", "structure", "words")

    def __init__(
        self, structure: str, words: list[str], open_places: frozenset[int], minute: int
    ) -> None:
        self.structure = structure
        self.words = words
        self.open = open_places
        self.last_minute = minute

    def form(self) -> str:
        parts = self.structure.split("\0")
        words = [*self.words, ""]
        return "".join([part + word for part, word in zip(parts, words, strict=True)])

    def differs(self, words: Sequence[str]) -> frozenset[int]:
        """The places where other words of this structure are not what the template says."""
        pairs = enumerate(zip(self.words, words, strict=True))
        return frozenset([n for n, (mine, other) in pairs if mine != other]) - self.open


class Templates:
    """Masks first; a word that is left becomes a wildcard when it proves to vary.

    A line is masked to its form (`windows.masks`), and equal forms are one template. Forms that
    differ in the same places only are merged as soon as each place has shown `WORDS` words, or,
    if it is one place, a word where another form had a number, a path or the like. Words that look
    like states (RUNNING, started) rarely vary: it takes `STATES` of them. At least two other words
    must be left, and no fewer than the places.

    Ids are ordinals and never reused. A merge keeps the lowest id, to which the others lead through
    `root`, and `link` tells of it; above four times `limit` the lowest of those others are
    forgotten. `limit` caps the templates kept by `evict`. Same calls in, same answers out, also
    across `state` and `restore`.
    """

    def __init__(self, *, limit: int = 10_000) -> None:
        self._limit = limit
        self._templates: dict[int, _Template] = {}
        self._by_form: dict[str, int] = {}
        self._plain: dict[str, list[int]] = {}
        self._merged: dict[str, list[int]] = {}
        self._roots: dict[int, int] = {}
        self._unlinked: dict[int, int] = {}
        self._next_id = 0
        self._tokens = Tokens()
        self._lines: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._templates)

    def assign(self, line: str, minute: int) -> int:
        """The id of the template of a line, as far as it is known now.

        `minute` is the epoch minute of the line; an older one does not turn time back.
        """
        masked = self._tokens.masked(line)
        key = self._lines.get(masked)
        if key is None:
            key = self._find(form(masked), minute)
            if len(self._lines) == _CACHED_LINES:
                self._lines.clear()
            self._lines[masked] = key
        return self._met(key, minute)

    def assign_form(self, known: str, minute: int) -> int:
        """The same for a line whose form is known, see `windows.masks`."""
        return self._met(self._find(known, minute), minute)

    def _met(self, key: int, minute: int) -> int:
        template = self._templates[key]
        if minute > template.last_minute:
            template.last_minute = minute
        return key

    def root(self, template: int) -> int:
        """The template that this one has become part of, or itself."""
        while template in self._roots:
            template = self._roots[template]
        return template

    def link(self, apart: Collection[int] = ()) -> list[Link]:
        """What has become part of another template since the last call, lowest ids first.

        Only ids that `assign` has given. Of two templates `apart`, a link is held back until a call
        where they are not.
        """
        if not self._unlinked:
            return []
        links: list[Link] = []
        waiting: dict[int, int] = {}
        separate = set(apart)
        for gone, up in sorted(self._unlinked.items()):
            link = Link(self.root(up), gone)
            if separate.issuperset(link):
                waiting[gone] = link.into
                continue
            if gone in separate:
                separate.add(link.into)
            links.append(link)
        self._unlinked = waiting
        return links

    def text(self, template: int) -> str:
        """The template, with `<*>` for what varies. Raises KeyError if it was dropped."""
        return collapse(self._templates[self.root(template)].form())

    def evict(self, keep: Collection[int]) -> list[int]:
        """Drop templates above the limit and return their ids, ascending.

        The longest idle go first, the lowest id on ties; those in `keep`, and what these have
        become part of, never go, even if the limit stays exceeded.
        """
        excess = len(self._templates) - self._limit
        if excess <= 0:
            return []
        kept = {self.root(key) for key in keep}
        idle = [(t.last_minute, key) for key, t in self._templates.items() if key not in kept]
        dropped = sorted(key for _, key in heapq.nsmallest(excess, idle))
        for key in dropped:
            self._drop(key)
        gone = frozenset(dropped)
        self._roots = {key: up for key, up in self._roots.items() if self.root(up) not in gone}
        self._lines.clear()
        return dropped

    def state(self) -> dict[str, Any]:
        """Everything needed to go on exactly, as plain JSON values."""
        return {
            "version": _STATE_VERSION,
            "next_id": self._next_id,
            "templates": [
                [key, found.last_minute, found.structure, found.words, sorted(found.open)]
                for key, found in sorted(self._templates.items())
            ],
            "roots": [list(entry) for entry in sorted(self._roots.items())],
            "unlinked": [list(entry) for entry in sorted(self._unlinked.items())],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` gave, on a fresh object. Raises ValueError for another version."""
        if state["version"] != _STATE_VERSION:
            raise ValueError(f"state version {state['version']}, expected {_STATE_VERSION}")
        self._next_id = state["next_id"]
        self._roots.update(state["roots"])
        self._unlinked.update(state["unlinked"])
        for key, minute, structure, words, places in state["templates"]:
            self._put(key, _Template(structure, list(words), frozenset(places), minute))

    def _find(self, found: str, minute: int) -> int:
        known = self._by_form.get(found)
        if known is not None:
            return known
        new = _Template(_WORD.sub("\0", found), _WORD.findall(found), frozenset(), minute)
        alike: dict[frozenset[int], list[int]] = {}
        # As many words must stay as vary, so most others are out after one look.
        most = len(new.words) // 2
        for key in self._compared(new.structure):
            template = self._templates[key]
            if sum(map(ne, template.words, new.words)) > most + len(template.open):
                continue
            places = template.differs(new.words)
            if not places:
                return key
            alike.setdefault(places, []).append(key)
        key = self._next_id
        self._next_id += 1
        self._put(key, new)
        for places in sorted(alike, key=lambda places: (len(places), sorted(places))):
            if self._vary(places, [key, *alike[places]]):
                root = self._merge([key, *alike[places]], places)
                # Nobody has seen the new id.
                del self._unlinked[key]
                return root
        return key

    def _compared(self, structure: str) -> list[int]:
        merged = self._merged.get(structure, [])
        return merged[-COMPARED:] + self._plain.get(structure, [])[-COMPARED:]

    def _vary(self, places: frozenset[int], keys: Iterable[int]) -> bool:
        """Whether templates that differ in these places only are one."""
        alike = [self._templates[key] for key in keys]
        closed = frozenset().union(*[template.open for template in alike]) | places
        fixed = sum(word != WILDCARD for n, word in enumerate(alike[0].words) if n not in closed)
        if fixed < max(_FIXED_WORDS, len(places)):
            return False
        return all(_varies({t.words[n] for t in alike}, len(places) == 1) for n in places)

    def _merge(self, keys: Collection[int], places: frozenset[int]) -> int:
        """Make one template of those that differ in these places, and of all it covers then."""
        first = self._templates[min(keys)]
        structure = first.structure
        places = places.union(*[self._templates[key].open for key in keys])
        words = [WILDCARD if n in places else word for n, word in enumerate(first.words)]
        wild = _Template(structure, words, places, first.last_minute)
        known = self._plain.get(structure, []) + self._merged.get(structure, [])
        covered = {key for key in known if not wild.differs(self._templates[key].words)}
        # A line whose wildcards were one list has another structure, but the same form.
        listed = self._by_form.get(collapse(wild.form()))
        if listed is not None:
            covered.add(listed)
        root, *others = sorted(covered)
        wild.last_minute = max(self._templates[key].last_minute for key in covered)
        for key in covered:
            self._drop(key)
        self._roots.update(dict.fromkeys(others, root))
        self._unlinked.update(dict.fromkeys(others, root))
        for key in heapq.nsmallest(len(self._roots) - _ROOTS * self._limit, self._roots):
            del self._roots[key]
        # What a line was taken for before may be another template now.
        self._lines.clear()
        self._put(root, wild)
        return root

    def _put(self, key: int, template: _Template) -> None:
        self._templates[key] = template
        self._by_form[collapse(template.form())] = key
        kind = self._merged if template.open else self._plain
        insort(kind.setdefault(template.structure, []), key)

    def _drop(self, key: int) -> None:
        template = self._templates.pop(key)
        del self._by_form[collapse(template.form())]
        kind = self._merged if template.open else self._plain
        kind[template.structure].remove(key)
        if not kind[template.structure]:
            del kind[template.structure]


def _varies(words: Collection[str], alone: bool) -> bool:
    plain = sum(_STATE.fullmatch(word) is None for word in words if word != WILDCARD)
    if alone and WILDCARD in words:
        return plain > 0
    return plain >= WORDS or len(words) >= STATES
