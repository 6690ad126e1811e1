"""How much two texts have in common."""

from __future__ import annotations

_LENGTH = 6
ALMOST = 0.8
"""Two notes of one visit that are not copies of each other have far less in common."""


class Shingles:
    """The pieces of a text, white space left out."""

    def __init__(self, text: str) -> None:
        plain = "".join(text.split())
        last = max(1, len(plain) - _LENGTH + 1)
        self._pieces = {plain[at : at + _LENGTH] for at in range(last)}

    def like(self, other: Shingles) -> float:
        """From 0 to 1: pieces that both have, of all pieces."""
        both = len(self._pieces & other._pieces)
        return both / max(1, len(self._pieces) + len(other._pieces) - both)
