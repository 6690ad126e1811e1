"""Leaked copies of a pack's models for each thing that may be done to them: who is found.

A register of devices, each of which leaks once; every leak is held against all of them. Then
mixtures of several devices' files, files of devices that are in no register, and the published file
itself: nobody may be named for these. Needs no Kafka: `python -m tests.bench.edge_leaks`.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.models import fingerprint
from agents.models.fingerprint import Leak, Match
from agents.records.pack import BUNDLED
from streams.edge.trace import CERTAIN
from tests.bench.results import Bench, Goal, Result
from tests.support.leaks import ATTACKS, Attack, Weights, key_of, weights_of, with_weights

_DEVICES = {"lines": 200, "tags": 40}
"""The signs of all devices at all weights are in memory, and the tag model has a million."""
_QUICK = 20
_BLIND = "found without the published one"

Signs = npt.NDArray[np.float32]
Made = Callable[[int, np.random.Generator], tuple[Weights, set[int]]]


def run(bench: Bench) -> list[Result]:
    """Found, and falsely named."""
    return [_leaks(bench, name, bench.count(devices, _QUICK)) for name, devices in _DEVICES.items()]


def _leaks(bench: Bench, name: str, count: int) -> Result:
    pristine = (BUNDLED / f"{name}.onnx").read_bytes()
    register = _Register(pristine, count)
    rng = np.random.default_rng(bench.seed)
    rows: list[dict[str, str | int | float]] = []
    for what, attack in ATTACKS.items():
        made = _attacked(register, attack)
        told, of = register.blind(made, min(count, _QUICK), rng)
        rows.append(register.row(what, made, rng) | {_BLIND: f"{told} of {of}"})
    rows += [
        register.row(what, partial(mixed, register), rng) | {_BLIND: ""}
        for what, mixed in _MIXED.items()
    ]
    false = sum(int(row["falsely named"]) for row in rows)
    title = f"Leaks of {name} of {count} devices, {register.weights:,} weights, a quarter marked"
    found = min(int(row["found"]) for row in rows[: len(ATTACKS)])
    goals = [
        Goal(f"falsely named by {name}", false, 0),
        Goal(f"not found by {name}, at most", count - found, 0),
    ]
    return Result(title, rows, goals)


def _attacked(register: _Register, attack: Attack) -> Made:
    def made(device: int, rng: np.random.Generator) -> tuple[Weights, set[int]]:
        return attack(register.marked(device), rng), {device}

    return made


class _Register:
    """The devices' signs at the weights that can be marked."""

    def __init__(self, pristine: bytes, count: int) -> None:
        self.pristine = pristine
        self.count = count
        self._base = weights_of(pristine)
        self._places = np.flatnonzero(self._base)
        self._column = np.full(self._base.size, -1, np.int64)
        self._column[self._places] = np.arange(self._places.size)
        self.signs: Signs = np.stack(
            [
                fingerprint.signs(key_of(f"device {n}"), self._base.size)[self._places]
                for n in range(count)
            ]
        ).astype(np.float32)
        self._meant = np.abs(self.signs)

    @property
    def weights(self) -> int:
        return self._places.size

    def marked(self, device: int) -> Weights:
        moved = self._base.copy()
        moved[self._places] += np.sign(moved[self._places]) * self.signs[device]
        return moved

    def stranger(self, number: int) -> Weights:
        return weights_of(fingerprint.mark(self.pristine, key_of(f"stranger {number}")))

    def row(self, name: str, made: Made, rng: np.random.Generator) -> dict[str, str | int | float]:
        found, false, weakest = 0, 0, -math.inf
        for n in range(self.count):
            weights, guilty = made(n, rng)
            leak = Leak(with_weights(self.pristine, weights), self.pristine)
            errors = self._errors(leak)
            named = {int(one) for one in np.flatnonzero(errors < math.log10(CERTAIN))}
            found += bool(guilty) and guilty <= named
            false += len(named - guilty)
            weakest = max([weakest, *(errors[one] for one in guilty)])
        worst = f"10^{weakest:,.0f}" if weakest > -math.inf else ""
        return {
            "what was done": name, "leaks": self.count, "found": found, "falsely named": false,
            "weakest proof": worst,
        }  # fmt: skip

    def blind(self, made: Made, leaks: int, rng: np.random.Generator) -> tuple[int, int]:
        """Found without the published model; zeros in it are not known then."""
        found = 0
        for n in range(leaks):
            weights, _ = made(n, rng)
            match = Leak(with_weights(self.pristine, weights)).match(key_of(f"device {n}"))
            error = match.log_error + math.log(self.count)
            found += error < math.log(CERTAIN)
        return found, leaks

    def _errors(self, leak: Leak) -> npt.NDArray[np.float64]:
        """What `streams.edge.trace` says of every device, all at once."""
        columns = self._column[leak.at]
        known = columns >= 0
        seen = np.zeros(self._places.size, np.float32)
        seen[columns[known]] = np.where(leak.up[known], 1, -1)
        balance, compared = self.signs @ seen, self._meant @ np.abs(seen)
        several = math.log(self.count)
        return np.asarray(
            [
                min(0.0, Match(round(c), round((c + b) / 2)).log_error + several) / math.log(10)
                for b, c in zip(balance.tolist(), compared.tolist(), strict=True)
            ]
        )


def _halves(register: _Register, n: int, rng: np.random.Generator) -> tuple[Weights, set[int]]:
    other = (n + 1) % register.count
    first = rng.random(register.marked(n).size) < 0.5
    return np.where(first, register.marked(n), register.marked(other)), {n, other}


def _mean(
    several: int,
) -> Callable[[_Register, int, np.random.Generator], tuple[Weights, set[int]]]:
    def made(register: _Register, n: int, rng: np.random.Generator) -> tuple[Weights, set[int]]:
        guilty = {(n + i) % register.count for i in range(several)}
        mean = np.mean([register.marked(one) for one in guilty], axis=0)
        # Halves to either side, as a careful thief would round.
        return np.floor(mean + rng.random(mean.size)), guilty

    return made


def _undone(register: _Register, n: int, rng: np.random.Generator) -> tuple[Weights, set[int]]:
    """Where the two differ, a value that neither has shown to be the published one is drawn."""
    other = (n + 1) % register.count
    one, two = register.marked(n), register.marked(other)
    low, high = np.minimum(one, two), np.maximum(one, two)
    drawn = np.floor(low + rng.random(low.size) * (high - low + 1))
    return drawn, {n, other}


_MIXED: dict[str, Callable[[_Register, int, np.random.Generator], tuple[Weights, set[int]]]] = {
    "two devices, each weight of one": _halves,
    "two devices, the mean": _mean(2),
    "two devices, drawn where they differ": _undone,
    "five devices, the mean": _mean(5),
    "twenty devices, the mean": _mean(20),
    "a device of no register": lambda register, n, _: (register.stranger(n), set()),
    "the published file with noise": lambda register, _, rng: (
        ATTACKS["noise of 1 step"](weights_of(register.pristine), rng), set()
    ),
}  # fmt: skip


if __name__ == "__main__":
    from rich.console import Console

    with tempfile.TemporaryDirectory() as directory:
        console = Console(highlight=False)
        for result in run(Bench("", Path(directory), 7, False, None, console)):
            result.show(console)
