"""What the graphs of all linear models of many classes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from agents.models.intents import OUTPUT
from agents.models.ngrams import Hashes
from streams.training.graph import assembled, node

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What is known of each n-gram, one a slot.

    `keys`: the n-grams; `rarity`: how much each counts; `values`: (n-grams, classes), `rarity`
    included. A text's score is the sum of values over the root of the sum of squared rarities,
    plus `offsets`; the probabilities are the softmax of `slope` * score.
    """

    keys: Hashes
    rarity: Floats
    values: Floats
    offsets: Floats
    slope: float
    slot_bits: int


def classes_graph(
    name: str,
    shape: list[str],
    weights: Weights,
    constants: dict[str, npt.NDArray[Any]],
    told: Sequence[onnx.NodeProto],
    measured: Sequence[onnx.NodeProto] = (),
) -> bytes:
    """The model; its inputs are `agents.models.classifier.GRAM_INPUTS`.

    `constants`: `known`, `scale` and those of `told`, which finds `raw` and `square` of each of
    `heard_slots`. `measured`: from `length8`, the sum of squares, to `length`.
    """
    nodes = [
        node("Gather", "known slots", "found8"),
        node("Cast", "found8", "found", to=TensorProto.INT32),
        node("Equal", "found prints", "same"),
        node("Compress", "slots same", "heard_slots", axis=0),
        node("Compress", "rows same", "heard_rows", axis=0),
        *told,
        node("Unsqueeze", "heard_rows one", "rows1"),
        node("Concat", "texts width", "wide", axis=0),
        node("Concat", "texts one", "narrow", axis=0),
        node("ConstantOfShape", "wide", "empty"),
        node("ConstantOfShape", "narrow", "bare"),
        node("ScatterND", "empty rows1 raw", "sums", reduction="add"),
        node(
            "ScatterND", "bare rows1 square", "length8" if measured else "length", reduction="add"
        ),
        *measured,
        node("Add", "length little", "length1"),
        node("Sqrt", "length1", "norm"),
        node("Div", "sums norm", "score"),
        node("Mul", "score scale", "scaled"),
        node("Add", "scaled offsets", "logits"),
        node("Softmax", "logits", OUTPUT, axis=1),
    ]
    shared: dict[str, npt.NDArray[Any]] = {
        "offsets": (weights.offsets * weights.slope).astype(np.float32),
        "width": np.asarray([weights.values.shape[1]], np.int64),
        "one": np.asarray([1], np.int64),
        "little": np.asarray([1e-6], np.float32),
    }
    return assembled(name, nodes, constants | shared, OUTPUT, shape)
