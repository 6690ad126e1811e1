"""The table of a linear model as an ONNX graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]
_Array = npt.NDArray[Any]
_OPSET, _IR = 18, 10


@dataclass(frozen=True)
class Table:
    """What is known of each n-gram, by slot.

    `prints`: its fingerprint, 0 in an empty slot. Columns of `values`: weight; square of its norm;
    for each topic its weight for the topic; for each topic its weight within it. A text's score is
    the sum of weights and of those of its topics, over the root of its norm and `ground`; its
    probability has the logit `slope` * score, and what `lengths` says: `lengths[0]` +
    `lengths[1]` * log norm, both by how much of the text is known. `topic_offsets` are of the
    topics.
    """

    prints: npt.NDArray[np.uint8]
    values: Floats
    topic_offsets: Floats
    ground: float
    slope: float
    lengths: Sequence[float] = (0.0, 0.0)


def graph(table: Table, *, int8: bool) -> bytes:
    """The model; its inputs are `agents.models.classifier.GRAM_INPUTS`, its output `positive`."""
    topics = table.topic_offsets.size
    weights, scales = quantised(table.values) if int8 else (table.values, None)
    constants: dict[str, _Array] = {
        "known": table.prints,
        "weights": weights,
        "ground": np.asarray([table.ground], np.float32),
        "slope": np.asarray([table.slope], np.float32),
        "any_length": np.asarray([table.lengths[0]], np.float32),
        "by_length": np.asarray([table.lengths[1]], np.float32),
        "sizes": np.asarray([1, 1] + [topics, topics] * bool(topics), np.int64),
        "width": np.asarray([table.values.shape[1]], np.int64),
        "last": np.asarray([1], np.int64),
    }
    nodes = [
        node("Gather", "known slots", "found8"),
        node("Cast", "found8", "found", to=TensorProto.INT32),
        node("Equal", "found prints", "same"),
        node("Cast", "same", "heard", to=TensorProto.FLOAT),
        node("Unsqueeze", "heard last", "heard1"),
        node("Gather", "weights slots", "raw"),
    ]
    if scales is not None:
        constants["scales"] = scales
        nodes += [
            node("Cast", "raw", "raw32", to=TensorProto.FLOAT),
            node("Mul", "raw32 heard1", "said"),
        ]
    else:
        nodes += [node("Mul", "raw heard1", "said")]
    nodes += [
        node("Concat", "texts width", "shape", axis=0),
        node("ConstantOfShape", "shape", "empty"),
        node("Unsqueeze", "rows last", "rows1"),
        node("ScatterND", "empty rows1 said", "sums8", reduction="add"),
        node("Mul", "sums8 scales", "sums") if int8 else node("Identity", "sums8", "sums"),
        node("Split", "sums sizes", "weight squares" + " topics within" * bool(topics), axis=1),
        node("Add", "squares ground", "grounded"),
        node("Sqrt", "grounded", "norm"),
    ]
    total = "weight"
    if topics:
        constants["topic_offsets"] = table.topic_offsets
        constants["axis"] = np.asarray([1], np.int64)
        nodes += [
            node("Div", "topics norm", "topics1"),
            node("Add", "topics1 topic_offsets", "topics2"),
            node("Softmax", "topics2", "gates", axis=1),
            node("Mul", "gates within", "gated"),
            node("ReduceSum", "gated axis", "special", keepdims=1),
            node("Add", "weight special", "total"),
        ]
        total = "total"
    nodes += [
        node("Div", f"{total} norm", "score"),
        node("Mul", "score slope", "said_score"),
        node("Log", "norm", "length"),
        node("Mul", "length by_length", "length1"),
        node("Add", "length1 any_length", "length2"),
        node("Div", "squares grounded", "known_share"),
        node("Mul", "length2 known_share", "said_length"),
        node("Add", "said_score said_length", "logit"),
        node("Sigmoid", "logit", "positive1"),
        node("Squeeze", "positive1 last", "positive"),
    ]
    return assembled("sentiment", nodes, constants, "positive", ["reviews"])


def assembled(
    name: str,
    nodes: list[onnx.NodeProto],
    constants: dict[str, _Array],
    output: str,
    shape: list[str],
) -> bytes:
    """The same model is always the same bytes; `shape` names the sides of the output."""
    many, one = ["grams"], [1]
    made = helper.make_graph(
        nodes,
        name,
        [
            helper.make_tensor_value_info("slots", TensorProto.INT64, many),
            helper.make_tensor_value_info("prints", TensorProto.INT32, many),
            helper.make_tensor_value_info("rows", TensorProto.INT64, many),
            helper.make_tensor_value_info("texts", TensorProto.INT64, one),
        ],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return finished(made)


def finished(made: onnx.GraphProto) -> bytes:
    """A model of a graph; the same one is always the same bytes."""
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR
    model.producer_name = "groundswell"
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def quantised(values: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Whole numbers of 8 bits and the scale of each column; the few largest are cut."""
    scales = np.ones(values.shape[1], np.float32)
    for column in range(values.shape[1]):
        size = np.abs(values[:, column])
        if size.any():
            scales[column] = np.quantile(size[size > 0], 0.9995) / 127
    whole = np.clip(np.rint(values / scales), -127, 127).astype(np.int8)
    return whole, scales


def node(operator: str, inputs: str, outputs: str, **attributes: object) -> onnx.NodeProto:
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)
