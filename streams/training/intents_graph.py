"""The table of a linear model of many classes as an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from agents.models.classifier import places
from streams.training.classes_graph import Weights, classes_graph
from streams.training.graph import node, quantised

_MOST = (1 << 16) - 1


def graph(weights: Weights) -> bytes:
    """The model; its inputs are `agents.models.classifier.GRAM_INPUTS`."""
    count = weights.keys.size
    if count > _MOST:
        raise ValueError(f"{count} n-grams, more than {_MOST}")
    slots, prints = places(weights.keys, weights.slot_bits)
    index = np.zeros(1 << weights.slot_bits, np.uint16)
    known = np.zeros(1 << weights.slot_bits, np.uint8)
    index[slots], known[slots] = np.arange(count), prints
    # All classes share a scale: they are compared with each other.
    whole, scales = quantised(weights.values.astype(np.float32).reshape(-1, 1))
    squares = (weights.rarity**2).astype(np.float32).reshape(-1, 1)
    constants: dict[str, npt.NDArray[Any]] = {
        "index": index,
        "known": known,
        "weights": whole.reshape(weights.values.shape),
        "squares": squares,
        "scale": scales * np.float32(weights.slope),
    }
    told = [
        node("Gather", "index heard_slots", "at16"),
        node("Cast", "at16", "at", to=TensorProto.INT64),
        node("Gather", "weights at", "raw8"),
        node("Cast", "raw8", "raw", to=TensorProto.FLOAT),
        node("Gather", "squares at", "square"),
    ]
    return classes_graph("intents", ["messages", "labels"], weights, constants, told)
