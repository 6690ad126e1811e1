"""Templates: `{a|b|c}` is a choice, `{name}` a word of a list; both may stand inside a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

Words = Mapping[str, Sequence[str]]


class Template:
    """A template that was read once and is filled in many times."""

    def __init__(self, text: str) -> None:
        self._nodes, end = _read(text, 0, "{}")
        if end != len(text):
            raise ValueError(f"a brace too many at {end} of {text!r}")

    def render(self, random: Random, words: Words) -> str:
        """One text of it. Raises KeyError for a slot of which there are no words."""
        out: list[str] = []
        _fill(self._nodes, random, words, out)
        return "".join(out)


class _Slot(str):
    """The name of a list of words."""

    __slots__ = ()


class _Choice(list["_Nodes"]):
    """One of these."""


_Nodes = list["str | _Choice"]


def _read(text: str, at: int, marks: str = "{|}") -> tuple[_Nodes, int]:
    """The nodes from `at` to the mark that ends them, and where that is; a bar is none outside."""
    nodes: _Nodes = []
    while at < len(text) and text[at] not in marks[1:]:
        if text[at] != "{":
            stop = min((i for c in marks if (i := text.find(c, at)) >= 0), default=len(text))
            nodes.append(text[at:stop])
            at = stop
            continue
        options = _Choice()
        start = at + 1
        while at < len(text) and text[at] != "}":
            inner, at = _read(text, at + 1)
            options.append(inner)
        if at >= len(text):
            raise ValueError(f"a brace too few in {text!r}")
        name = text[start:at]
        if len(options) == 1 and name.isidentifier() and name.isascii():
            nodes.append(_Slot(name))
        else:
            nodes.append(options)
        at += 1
    return nodes, at


def _fill(nodes: _Nodes, random: Random, words: Words, out: list[str]) -> None:
    # int(random() * n) is three times as fast as random.choice.
    for node in nodes:
        if type(node) is str:
            out.append(node)
        elif isinstance(node, _Choice):
            _fill(node[int(random.random() * len(node))], random, words, out)
        else:
            list_ = words[str(node)]
            out.append(list_[int(random.random() * len(list_))])
