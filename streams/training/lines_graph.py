"""The table of the line model as an ONNX graph: hash, embedding, sum.

Its scales stand in the code, so that a model that is trained again differs little from the last in
its bytes. It leaves room for a fingerprint: no weight is 1, -1 or beyond 126 steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from agents.models.classifier import places
from agents.models.fingerprint import MOST, TENSOR
from agents.models.intents import OUTPUT
from streams.training.graph import IR, OPSET, node
from streams.training.intents_graph import Weights

STEP = 0.06
"""Of a weight."""
SQUARE_STEP = 0.5
"""Of the square of an n-gram's rarity."""


def spaced(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    """Whole steps of 8 bits; what would be one step is none or two."""
    steps = values / STEP
    whole = np.rint(steps)
    near = np.abs(whole) == 1
    whole[near] = np.where(np.abs(steps[near]) < 1, 0, 2 * np.sign(steps[near]))
    return np.clip(whole, -MOST, MOST).astype(np.int8)


def graph(weights: Weights) -> bytes:
    """The model; its inputs are `agents.models.classifier.GRAM_INPUTS`."""
    slots, prints = places(weights.keys, weights.slot_bits)
    size, classes = 1 << weights.slot_bits, weights.values.shape[1]
    known = np.zeros(size, np.uint8)
    squares = np.zeros(size, np.uint8)
    table = np.zeros((size, classes), np.int8)
    known[slots] = prints
    squares[slots] = np.clip(np.rint(weights.rarity**2 / SQUARE_STEP), 0, 255)
    table[slots] = spaced(weights.values)
    constants: dict[str, npt.NDArray[Any]] = {
        "known": known,
        TENSOR: table,
        "squares": squares,
        "scale": np.asarray([STEP * weights.slope], np.float32),
        "square_scale": np.asarray([SQUARE_STEP], np.float32),
        "offsets": (weights.offsets * weights.slope).astype(np.float32),
        "width": np.asarray([classes], np.int64),
        "one": np.asarray([1], np.int64),
        "little": np.asarray([1e-6], np.float32),
    }
    nodes = [
        node("Gather", "known slots", "found8"),
        node("Cast", "found8", "found", to=TensorProto.INT32),
        node("Equal", "found prints", "same"),
        node("Compress", "slots same", "heard_slots", axis=0),
        node("Compress", "rows same", "heard_rows", axis=0),
        node("Gather", f"{TENSOR} heard_slots", "raw8"),
        node("Cast", "raw8", "raw", to=TensorProto.FLOAT),
        node("Gather", "squares heard_slots", "square8"),
        node("Cast", "square8", "square32", to=TensorProto.FLOAT),
        node("Unsqueeze", "square32 one", "square"),
        node("Unsqueeze", "heard_rows one", "rows1"),
        node("Concat", "texts width", "wide", axis=0),
        node("Concat", "texts one", "narrow", axis=0),
        node("ConstantOfShape", "wide", "empty"),
        node("ConstantOfShape", "narrow", "bare"),
        node("ScatterND", "empty rows1 raw", "sums", reduction="add"),
        node("ScatterND", "bare rows1 square", "length8", reduction="add"),
        node("Mul", "length8 square_scale", "length"),
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
        "lines",
        [
            helper.make_tensor_value_info("slots", TensorProto.INT64, many),
            helper.make_tensor_value_info("prints", TensorProto.INT32, many),
            helper.make_tensor_value_info("rows", TensorProto.INT64, many),
            helper.make_tensor_value_info("texts", TensorProto.INT64, one),
        ],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["lines", "kinds"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR
    model.producer_name = "groundswell"
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content
