"""Whose copy of a model a file is: a mark of one step on many INT8 weights, by a device's key.

A model that can be marked has an INT8 tensor named `TENSOR` in which no value is 1, -1, or beyond
`MOST`: it leaves room. The key says for each weight that is not 0 whether its size grows by one
step, shrinks by one or stays; no marked weight becomes 0 or saturates, so the mark comes off byte
for byte. Whether a file bears a mark is a count of signs that agree: for another device's key each
agrees by a coin's toss, whatever was done to the file.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.models.errors import BadModel
from agents.models.tensors import INT8, Tensor, content_of, tensors

TENSOR = "spaced"
MOST = 126
"""Steps of the largest weight before it is marked."""
SHARE = 64
"""Of 256 weights, how many are marked."""
_PURPOSE = b"groundswell fingerprint 1"
_LEAST_RESIDUE = 0.25
"""Of a step: what differs less tells no sign."""

Steps = npt.NDArray[np.int8]
Signs = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]


class Match(NamedTuple):
    """How many of the `compared` weights moved as the key says."""

    compared: int
    agreed: int

    @property
    def z(self) -> float:
        """Standard deviations above a coin's tosses."""
        return (2 * self.agreed - self.compared) / math.sqrt(max(1, self.compared))

    @property
    def log_error(self) -> float:
        """Natural log of a bound on the chance that a foreign key agrees as often (Chernoff).

        The tail of a binomial distribution; 0 where it agrees in no more than half.
        """
        if 2 * self.agreed <= self.compared:
            return 0.0
        share = self.agreed / self.compared
        told = share * math.log(2 * share)
        if share < 1:
            told += (1 - share) * math.log(2 * (1 - share))
        return -self.compared * told


def mark(model: bytes, key: bytes) -> bytes:
    """The model with the mark of a key; one without a tensor to mark as it is.

    Raises BadModel if the tensor leaves no room.
    """
    tensor = _markable(model)
    if tensor is None:
        return model
    weights = np.frombuffer(content_of(model, tensor), np.int8)
    sizes = np.abs(weights.astype(np.int16))
    if (sizes == 1).any() or (sizes > MOST).any():
        raise BadModel(f"{TENSOR} leaves no room for a fingerprint, or bears one")
    return _shifted(model, tensor, weights, signs(key, weights.size))


def unmark(model: bytes, key: bytes) -> bytes:
    """The model as it was before `mark` with the same key. Raises BadModel: it is no ONNX file."""
    tensor = _markable(model)
    if tensor is None:
        return model
    weights = np.frombuffer(content_of(model, tensor), np.int8)
    return _shifted(model, tensor, weights, -signs(key, weights.size))


def signs(key: bytes, count: int) -> Signs:
    """For each weight 1, -1 or 0: its size grows, shrinks, stays."""
    seed = hmac.digest(key, _PURPOSE, "sha256")
    drawn = np.frombuffer(hashlib.shake_256(seed).digest(count), np.uint8)
    return np.where(drawn < SHARE, 1 - 2 * (drawn & 1).astype(np.int8), np.int8(0)).astype(np.int8)


class Leak:
    """A file that was found, made ready to be held against many keys.

    `pristine`: the model it was made of, before any mark; without it only sizes above and below the
    median tell, which needs many more weights, in the table named `TENSOR`, else in the largest.
    `at`: the weights that moved, by their place in the tensor; `up`: whether their size grew.
    Raises BadModel if nothing in the file has the form of the model.
    """

    def __init__(self, leaked: bytes, pristine: bytes | None = None) -> None:
        if pristine is None:
            found = [one for one in tensors(leaked) if one.kind == INT8 and len(one.shape) == 2]
            if not found:
                raise BadModel("no table of INT8 weights in this file")
            chosen = max(found, key=lambda one: (one.name == TENSOR, one.size))
            sizes = np.abs(chosen.values(leaked).ravel())
            moved = np.where(sizes > 0, sizes - np.median(sizes[sizes > 0]), 0.0)
        else:
            moved = _residues(leaked, pristine)
        self._size = moved.size
        self.at = np.flatnonzero(np.abs(moved) >= _LEAST_RESIDUE)
        self.up = moved[self.at] > 0

    def match(self, key: bytes) -> Match:
        """How well the mark of a key is seen."""
        told = signs(key, self._size)[self.at]
        meant = told != 0
        agreed = (told[meant] > 0) == self.up[meant]
        return Match(int(meant.sum()), int(agreed.sum()))


def score(leaked: bytes, pristine: bytes | None, key: bytes) -> float:
    """Standard deviations by which a file agrees with a key. Raises BadModel."""
    return Leak(leaked, pristine).match(key).z


def _residues(leaked: bytes, pristine: bytes) -> Floats:
    """By how many steps each size differs from the pristine one, once the scale is undone."""
    wanted = _markable(pristine)
    if wanted is None:
        raise BadModel("the model to compare with has no tensor that bears a fingerprint")
    before = wanted.values(pristine)
    same = [one for one in tensors(leaked) if one.shape == wanted.shape and one.is_weights]
    if not same:
        raise BadModel(f"no weights of the form {wanted.shape} in this file")
    named = [one for one in same if one.name == wanted.name]
    chosen = (named or same)[0]
    after = chosen.values(leaked)
    seen = (before != 0) & (after != 0)
    if chosen.kind == INT8:
        seen &= np.abs(after) < 127  # cut off: it tells nothing of one step
    squared = np.where(seen, before**2, 0).sum(axis=0)
    scale = np.where(seen, before * after, 0).sum(axis=0) / np.maximum(squared, 1e-9)
    scale = np.where(scale == 0, 1.0, scale)
    moved: Floats = np.where(seen, (after / scale - before) * np.sign(before), 0.0).ravel()
    return moved


def _markable(model: bytes) -> Tensor | None:
    return next((o for o in tensors(model) if o.name == TENSOR and o.kind == INT8), None)


def _shifted(model: bytes, tensor: Tensor, weights: Steps, by: Signs) -> bytes:
    sizes = weights.astype(np.int16)
    moved = (sizes + np.sign(sizes) * by).astype(np.int8)
    return model[: tensor.start] + moved.tobytes() + model[tensor.end :]
