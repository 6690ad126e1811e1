"""The table of the line model as an ONNX graph: hash, embedding, sum.

Its scales stand in the code, so that a model that is trained again differs little from the last in
its bytes. It leaves room for a fingerprint: no weight is 1, -1 or beyond 126 steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from agents.models.classifier import places
from agents.models.fingerprint import MOST, TENSOR
from streams.training.classes_graph import Weights, classes_graph
from streams.training.graph import node

STEP = 0.06
"""Of a weight."""
SQUARE_STEP = 0.5
"""Of the square of an n-gram's rarity."""


def spaced(values: npt.NDArray[np.float64], step: float = STEP) -> npt.NDArray[np.int8]:
    """Whole steps of 8 bits; what would be one step is none or two."""
    steps = values / step
    whole = np.rint(steps)
    near = np.abs(whole) == 1
    whole[near] = np.where(np.abs(steps[near]) < 1, 0, 2 * np.sign(steps[near]))
    return np.clip(whole, -MOST, MOST).astype(np.int8)


def graph(weights: Weights, step: float = STEP) -> bytes:
    """The model; `step`: of a weight; its inputs are `agents.models.classifier.GRAM_INPUTS`."""
    slots, prints = places(weights.keys, weights.slot_bits)
    size, classes = 1 << weights.slot_bits, weights.values.shape[1]
    known = np.zeros(size, np.uint8)
    squares = np.zeros(size, np.uint8)
    table = np.zeros((size, classes), np.int8)
    known[slots] = prints
    squares[slots] = np.clip(np.rint(weights.rarity**2 / SQUARE_STEP), 0, 255)
    table[slots] = spaced(weights.values, step)
    constants: dict[str, npt.NDArray[Any]] = {
        "known": known,
        TENSOR: table,
        "squares": squares,
        "scale": np.asarray([step * weights.slope], np.float32),
        "square_scale": np.asarray([SQUARE_STEP], np.float32),
    }
    told = [
        node("Gather", f"{TENSOR} heard_slots", "raw8"),
        node("Cast", "raw8", "raw", to=TensorProto.FLOAT),
        node("Gather", "squares heard_slots", "square8"),
        node("Cast", "square8", "square32", to=TensorProto.FLOAT),
        node("Unsqueeze", "square32 one", "square"),
    ]
    measured = [node("Mul", "length8 square_scale", "length")]
    return classes_graph("lines", ["lines", "kinds"], weights, constants, told, measured)
