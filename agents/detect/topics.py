"""What one product's texts are about: people's words by similarity, log lines by template."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from agents.detect.merge import Said
from windows.clusters import Assignment, Clusters
from windows.links import Link
from windows.templates import Templates
from windows.texts import terms

LINK_MINUTES = 60
"""Event minutes between two looks for links in what people say: all that was heard is compared."""


class Topics(Protocol):
    """The themes of one kind. Ids are ordinals and never reused."""

    def place(self, said: Said, minute: int) -> Assignment:
        """The theme of a text."""

    def link(self, minute: int, apart: Collection[int]) -> list[Link]:
        """Themes that have become one by the end of `minute`; never two of those `apart`."""

    def terms(self, topic: int, n: int) -> list[str]:
        """The `n` terms that say most. Raises KeyError if the theme is not there."""

    def template(self, topic: int) -> str:
        """What all its texts say, `<*>` for the rest; empty if they are only alike."""

    def evict(self, keep: Collection[int]) -> list[int]:
        """Drop themes above the limit, but none of `keep`; their ids, ascending."""

    def state(self) -> dict[str, Any]:
        """Everything, as plain data."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""


class TextTopics(Topics):
    """Themes of what people say, see `Clusters`."""

    def __init__(self, limit: int) -> None:
        self._clusters = Clusters(limit=limit)

    def place(self, said: Said, minute: int) -> Assignment:
        first = said.parts[0]
        heard = first.count + first.late
        found = self._clusters.assign(first.terms, heard, said.fingerprint, minute)
        if rest := said.count + said.late - heard:
            # By now the text is known, and no terms are looked at.
            self._clusters.assign({}, rest, said.fingerprint, minute)
        return found

    def link(self, minute: int, apart: Collection[int]) -> list[Link]:
        return [] if minute % LINK_MINUTES else self._clusters.link(apart)

    def terms(self, topic: int, n: int) -> list[str]:
        return self._clusters.terms(topic, n)

    def template(self, topic: int) -> str:  # noqa: ARG002 - people have none
        return ""

    def evict(self, keep: Collection[int]) -> list[int]:
        return self._clusters.evict(keep)

    def state(self) -> dict[str, Any]:
        return self._clusters.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        self._clusters.restore(state)


class LogTopics(Topics):
    """Themes of what programs say, see `Templates`; intake has found those of a minute."""

    def __init__(self, limit: int) -> None:
        self._templates = Templates(limit=limit)
        self._known = 0
        """Templates below this id have been met."""

    def place(self, said: Said, minute: int) -> Assignment:
        found = self._templates.assign(said.parts[0].template, minute)
        born = found >= self._known
        self._known = max(self._known, found + 1)
        return Assignment(found, born, 1.0)

    def link(self, minute: int, apart: Collection[int]) -> list[Link]:  # noqa: ARG002
        return self._templates.link(apart)

    def terms(self, topic: int, n: int) -> list[str]:
        return terms(self._templates.text(topic))[:n]

    def template(self, topic: int) -> str:
        return self._templates.text(topic)

    def evict(self, keep: Collection[int]) -> list[int]:
        return self._templates.evict(keep)

    def state(self) -> dict[str, Any]:
        return {"templates": self._templates.state(), "known": self._known}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._templates.restore(state["templates"])
        self._known = state["known"]
