"""The table of a linear model of many classes as an ONNX graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from agents.models.classifier import places
from agents.models.intents import OUTPUT
from agents.models.ngrams import Hashes
from streams.training.graph import IR, OPSET, node, quantised

Floats = npt.NDArray[np.float64]
_MOST = (1 << 16) - 1


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
        "offsets": (weights.offsets * weights.slope).astype(np.float32),
        "width": np.asarray([weights.values.shape[1]], np.int64),
        "one": np.asarray([1], np.int64),
        "little": np.asarray([1e-6], np.float32),
    }
    nodes = [
        node("Gather", "known slots", "found8"),
        node("Cast", "found8", "found", to=TensorProto.INT32),
        node("Equal", "found prints", "same"),
        node("Compress", "slots same", "heard_slots", axis=0),
        node("Compress", "rows same", "heard_rows", axis=0),
        node("Gather", "index heard_slots", "at16"),
        node("Cast", "at16", "at", to=TensorProto.INT64),
        node("Gather", "weights at", "raw8"),
        node("Cast", "raw8", "raw", to=TensorProto.FLOAT),
        node("Gather", "squares at", "square"),
        node("Unsqueeze", "heard_rows one", "rows1"),
        node("Concat", "texts width", "wide", axis=0),
        node("Concat", "texts one", "narrow", axis=0),
        node("ConstantOfShape", "wide", "empty"),
        node("ConstantOfShape", "narrow", "bare"),
        node("ScatterND", "empty rows1 raw", "sums", reduction="add"),
        node("ScatterND", "bare rows1 square", "length", reduction="add"),
        node("Add", "length little", "length1"),
        node("Sqrt", "length1", "norm"),
        node("Div", "sums norm", "score"),
        node("Mul", "score scale", "scaled"),
        node("Add", "scaled offsets", "logits"),
        node("Softmax", "logits", OUTPUT, axis=1),
    ]
    many, one = ["grams"], [1]
    made = helper.make_graph(
        nodes,
        "intents",
        [
            helper.make_tensor_value_info("slots", TensorProto.INT64, many),
            helper.make_tensor_value_info("prints", TensorProto.INT32, many),
            helper.make_tensor_value_info("rows", TensorProto.INT64, many),
            helper.make_tensor_value_info("texts", TensorProto.INT64, one),
        ],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["messages", "labels"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR
    model.producer_name = "groundswell"
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content
