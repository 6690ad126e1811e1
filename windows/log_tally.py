"""What the machines of one product logged in one minute on one partition, by template."""

from collections.abc import Iterator

from schemas.signals import LocalCluster
from windows.fingerprints import fingerprint
from windows.tally import MAX_FINGERPRINTS, NO_WORDS, Group, Origin, Text
from windows.templates import Templates
from windows.texts import terms

LIMIT = 256
"""Clusters of a minute: the templates with the most lines, and what is left over."""
_OPEN = 1_024
"""Templates counted until the minute ends; lines of later ones are left over."""


class LogTally:
    """Add events in record order, then read the clusters once, as from a `Tally`.

    Equal forms meet at once, and forms that prove to be one template when the minute ends.
    `source` is the partition, as samples name it.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.groups: dict[int, Group] = {}
        self._templates = Templates(limit=_OPEN)
        self._parts: dict[int, list[Group]] = {}
        self._rest: list[Group] = []

    def group(self, text: Text, origin: Origin) -> Group:
        """Where to count the lines of a form that is not in `groups`."""
        if len(self.groups) == MAX_FINGERPRINTS:
            self._forget_forms()
        parts = self._place(text)
        group = Group(text, ((text, origin),))
        if parts:
            parts[0].absorb(group)
            group = parts[0]
        else:
            parts.append(group)
        self.groups[text.fingerprint] = group
        return group

    def _place(self, text: Text) -> list[Group]:
        place = self._templates.assign_form(text.form, 0)
        for link in self._templates.link():
            moved = self._parts.pop(link.gone, None)
            if moved:
                self._parts.setdefault(link.into, []).extend(moved)
        if place not in self._parts and len(self._parts) == _OPEN:
            if len(self._templates) > 2 * _OPEN:
                self._templates.evict(self._parts)
            return self._rest
        return self._parts.setdefault(place, [])

    def _forget_forms(self) -> None:
        """Then nobody counts in a group by its form, and each template needs one group only."""
        self.groups.clear()
        for parts in self._parts.values():
            parts[:] = [_united(parts)]

    def clusters(self) -> Iterator[LocalCluster]:
        """The minute's clusters in order of first appearance; ends the tally."""
        groups = {place: _united(parts) for place, parts in self._parts.items()}
        largest = sorted(groups, key=lambda place: (-groups[place].lines, place))
        rest = [*self._rest, *(groups[place] for place in sorted(largest[LIMIT - 1 :]))]
        for place in sorted(largest[: LIMIT - 1]):
            text = self._templates.text(place)
            group = groups[place]
            words = dict.fromkeys(terms(text), group.lines)
            yield group.local(self._source, fingerprint((text,)), words, text)
        if rest:
            yield _united(rest).local(self._source, NO_WORDS, {})


def _united(groups: list[Group]) -> Group:
    first, *others = groups
    for other in others:
        first.absorb(other)
    return first
