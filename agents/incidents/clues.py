"""What else is known around an incident, besides its own reports."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from schemas.causes import RisenTemplate, Unaffected
from schemas.incidents import Slice


class Clues(NamedTuple):
    """Log templates that rose with it, and whom it does not concern."""

    risen: tuple[RisenTemplate, ...] = ()
    unaffected: tuple[Unaffected, ...] = ()


Look: TypeAlias = Callable[[Slice], Clues]
"""Looks for them, given the slice of the incident; it takes some work, so ask only when needed."""


def no_clues(place: Slice) -> Clues:  # noqa: ARG001 - whatever the slice
    """Nothing is known."""
    return Clues()
