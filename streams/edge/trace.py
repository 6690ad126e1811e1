"""Which device a leaked model comes from, by the fingerprint that the device put into it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents.models.errors import BadModel
from agents.models.fingerprint import Leak, Match

CERTAIN = 1e-6
"""A device is named if the chance that any at all would be named wrongly is below this."""


class Suspect(NamedTuple):
    """A device, and the chance that a file that has nothing to do with any names one like this.

    `log10`: that chance as its decimal logarithm, for it is often too small for a float.
    """

    device: str
    match: Match
    log10: float


class Verdict(NamedTuple):
    """`named`: the devices whose mark the file bears, the surest first; two: it was mixed.

    `best`: of those that are not named, the nearest one. `compared`: devices times pristine models.
    """

    named: tuple[Suspect, ...]
    best: Suspect | None
    compared: int


def trace(leaked: bytes, pristine: Sequence[bytes], keys: Mapping[str, bytes]) -> Verdict:
    """Hold a file against every device's key and every model it may have been made of.

    Without a pristine model the file alone must tell. Raises BadModel: it has the form of none.
    """
    leaks = list(_leaks(leaked, pristine)) if pristine else [Leak(leaked)]
    if not leaks:
        raise BadModel("this file has the form of none of the models it is compared with")
    compared = len(leaks) * len(keys)
    # The chance of one comparison times their number bounds the chance of any (Bonferroni).
    several = math.log(max(1, compared))
    suspects = []
    for device, key in keys.items():
        match = min((leak.match(key) for leak in leaks), key=lambda one: one.log_error)
        suspects.append(Suspect(device, match, min(0.0, match.log_error + several) / math.log(10)))
    suspects.sort(key=lambda one: (one.log10, one.device))
    named = tuple(one for one in suspects if one.log10 < math.log10(CERTAIN))
    others = suspects[len(named) :]
    return Verdict(named, others[0] if others else None, compared)


def _leaks(leaked: bytes, pristine: Sequence[bytes]) -> Iterator[Leak]:
    for one in pristine:
        try:
            yield Leak(leaked, one)
        except BadModel:
            continue
