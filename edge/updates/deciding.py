"""Whether a release is for this device, and what has to be fetched for it; pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from edge.errors import Untrusted
from edge.updates.device import Device
from edge.updates.slots import State
from schemas.errors import NotOurs
from schemas.packages import Difference, Manifest, PackFile, decode_manifest

MOST_PACK = 64 << 20
"""Bytes of all files of a pack."""
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,5}")
_SHARES = 10_000


class Verdict(StrEnum):
    """What to do about a release."""

    INSTALL = "install"
    CURRENT = "current"
    """It runs already, or something newer does."""
    LATER = "later"
    """It is not rolled out to this device yet."""
    TOO_OLD = "too old"
    """The application cannot use it."""
    FAILED = "failed"
    """It has failed here before."""
    WITHDRAWN = "withdrawn"


class Choice(NamedTuple):
    """A file of a release: `differences` that apply here, the smallest first; none if `at_hand`."""

    file: PackFile
    at_hand: bool
    differences: tuple[Difference, ...]


def read_manifest(content: bytes) -> Manifest:
    """A manifest that does not contradict itself. Raises Untrusted."""
    try:
        manifest = decode_manifest(content)
    except NotOurs as error:
        raise Untrusted(f"the manifest: {error}") from None
    paths = [one.path for one in manifest.files]
    folders = {path[:at] for path in paths for at, sign in enumerate(path) if sign == "/"}
    if len(set(paths)) < len(paths) or folders & set(paths):
        raise Untrusted("the manifest: two files in one place")
    if sum(one.length for one in manifest.files) > MOST_PACK:
        raise Untrusted(f"the manifest: more than {MOST_PACK >> 20} MiB")
    return manifest


def decide(manifest: Manifest, running: int, state: State, device: Device, app: str) -> Verdict:
    """`running`: the version that does; `app`: the version of this application."""
    if manifest.version in {*state.withdrawn, *manifest.withdrawn}:
        return Verdict.WITHDRAWN
    if manifest.version <= running:
        return Verdict.CURRENT
    if manifest.version in state.refused:
        return Verdict.FAILED
    if not _is_at_least(app, manifest.least_app):
        return Verdict.TOO_OLD
    return Verdict.INSTALL if is_reached(manifest, device) else Verdict.LATER


def is_reached(manifest: Manifest, device: Device) -> bool:
    """Whether the roll-out has come to a device: that of its own group, else that of all.

    A device that it has come to stays within when it is widened.
    """
    place = sha256(f"{device.name}\n{manifest.version}".encode()).digest()
    share = int.from_bytes(place[:8]) % _SHARES
    percents = {stage.group: stage.percent for stage in manifest.rollout}
    percent = percents.get(device.group, percents.get("", 0))
    return share < percent * (_SHARES // 100)


def choose(manifest: Manifest, at_hand: Collection[str]) -> tuple[Choice, ...]:
    """How each file is come by. `at_hand`: SHA-256 of the files that the device has.

    Raises Untrusted: a file that nothing makes.
    """
    choices = []
    for file in manifest.files:
        fit = [
            one
            for one in manifest.differences
            if (one.path, one.sha256, one.length) == (file.path, file.sha256, file.length)
            and (one.base in at_hand or not one.base)
        ]
        there = file.sha256 in at_hand
        if not there and not fit:
            raise Untrusted(f"the manifest: nothing makes {file.path} of what is here")
        choices.append(Choice(file, there, tuple(sorted(fit, key=lambda one: one.size))))
    return tuple(choices)


def to_fetch(choices: Collection[Choice]) -> int:
    """Bytes, if every smallest difference applies."""
    return sum(one.differences[0].size for one in choices if not one.at_hand)


def _is_at_least(app: str, least: str) -> bool:
    return not least or _numbers(app) >= _numbers(least) > ()


def _numbers(version: str) -> tuple[int, ...]:
    """1.2.0 before 1.10: its leading numbers; none if it begins with none."""
    found = _NUMBERS.match(version)
    numbers = [int(one[:9]) for one in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers) if numbers or not found else (0,)
