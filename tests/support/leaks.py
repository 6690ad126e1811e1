"""What is done to a marked model before it is given away, and what it must be like for that."""

from __future__ import annotations

import hmac
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from agents.models.fingerprint import MOST, TENSOR, mark, unmark
from agents.models.tensors import INT8, content_of, tensors

Weights = npt.NDArray[np.float64]
Attack = Callable[[Weights, np.random.Generator], Weights]


def weights_of(model: bytes) -> Weights:
    """The marked tensor, flat."""
    tensor = next(one for one in tensors(model) if one.name == TENSOR)
    return np.frombuffer(content_of(model, tensor), np.int8).astype(np.float64)


def with_weights(model: bytes, weights: Weights) -> bytes:
    """The model with these, rounded and cut to 8 bits."""
    tensor = next(one for one in tensors(model) if one.name == TENSOR and one.kind == INT8)
    whole = np.clip(np.rint(weights), -127, 127).astype(np.int8)
    return model[: tensor.start] + whole.tobytes() + model[tensor.end :]


def key_of(name: str) -> bytes:
    """A device's key."""
    return hmac.digest(b"master of the tests", name.encode(), "sha256")


def assert_room_for_a_mark(model: bytes) -> None:
    """No weight is one step or beyond the last but one, and a mark can be taken off again."""
    sizes = abs(weights_of(model))
    assert not (sizes == 1).any()
    assert sizes.max() <= MOST
    assert unmark(mark(model, key_of("a")), key_of("a")) == model


def noise(steps: float) -> Attack:
    """Normal noise on all weights that are not 0, of this many steps."""

    def attack(weights: Weights, rng: np.random.Generator) -> Weights:
        moved: Weights = np.where(weights, weights + rng.normal(0, steps, weights.size), 0)
        return moved

    return attack


def pruned(share: float, *, smallest: bool) -> Attack:
    """Some of the weights set to 0."""

    def attack(weights: Weights, rng: np.random.Generator) -> Weights:
        order = np.abs(weights) + rng.random(weights.size) if smallest else rng.random(weights.size)
        limit = np.quantile(order[weights != 0], share)
        kept: Weights = np.where(order < limit, 0, weights)
        return kept

    return attack


def scaled(by: float) -> Attack:
    """Quantised again with another scale."""
    return lambda weights, _: np.rint(weights * by)


def gaps_closed(weights: Weights, _: np.random.Generator) -> Weights:
    """Every 1 made 2, for no published model has one."""
    closed: Weights = np.where(np.abs(weights) == 1, 2 * weights, weights)
    return closed


def all_of_them(weights: Weights, rng: np.random.Generator) -> Weights:
    """Noise, pruning and another scale, one after the other."""
    for attack in (noise(1.0), pruned(0.1, smallest=False), scaled(0.83)):
        weights = attack(weights, rng)
    return weights


ATTACKS: dict[str, Attack] = {
    "nothing": lambda weights, _: weights,
    "noise of 1 step": noise(1.0),
    "noise of 4 steps": noise(4.0),
    "10 % pruned, the smallest": pruned(0.1, smallest=True),
    "10 % pruned, any": pruned(0.1, smallest=False),
    "half pruned, the smallest": pruned(0.5, smallest=True),
    "scale x 0.83": scaled(0.83),
    "5 bits (scale x 1/8)": scaled(1 / 8),
    "every 1 made 2": gaps_closed,
    "noise, pruning and scale": all_of_them,
}
