"""A fitted encoder with its head as an INT8 ONNX graph that reads one text."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from agents.models.fingerprint import TENSOR
from agents.models.intents import OUTPUT
from agents.models.tags import INPUT
from streams.training.bert import EPSILON, HEADS, Bert, Dense, Layer
from streams.training.graph import finished, node
from streams.training.lines_graph import spaced

_MARKED = "inner0"
"""The product that bears a device's mark."""
_ROOM = 63
"""Steps of its largest weight: 7 bits, which no processor's sums overflow, and one for the mark."""
_Floats = npt.NDArray[np.float32]
_Constants = dict[str, npt.NDArray[Any]]


def graph(bert: Bert, head: Dense, groups: Sequence[int]) -> bytes:
    """Reads `agents.models.tags.INPUT`, gives each character the probability of each label.

    `groups`: how many labels follow each other of which one is so.
    """
    words, sizes = _rows(np.asarray(bert.words))
    constants: _Constants = {
        "words": words,
        "sizes": sizes,
        "positions": np.asarray(bert.positions),
        "start": np.asarray([0], np.int64),
        "half": np.asarray([0.5], np.float32),
        "one": np.asarray([1.0], np.float32),
        "root": np.asarray([math.sqrt(2)], np.float32),
        "groups": np.asarray(groups, np.int64),
    }
    nodes = [
        node("Gather", f"words {INPUT}", "whole8"),
        node("Cast", "whole8", "steps", to=TensorProto.FLOAT),
        node("Gather", f"sizes {INPUT}", "step"),
        node("Mul", "steps step", "vectors"),
        node("Shape", INPUT, "length"),
        node("Slice", "positions start length", "there"),
        node("Add", "vectors there", "placed"),
        *_normal("placed", "made", bert.norm, constants),
    ]
    made = "made"
    for number, layer in enumerate(bert.layers):
        nodes += _layer(number, layer, made, constants)
        made = f"made{number}"
    apart = [f"logits{number}" for number in range(len(groups))]
    told = [f"told{number}" for number in range(len(groups))]
    nodes += [
        *_dense(made, "logits", "head", head, constants),
        node("Split", "logits groups", " ".join(apart), axis=1),
        *(node("Softmax", *one, axis=1) for one in zip(apart, told, strict=True)),
        node("Concat", " ".join(told), OUTPUT, axis=1),
    ]
    return _small(
        helper.make_graph(
            nodes,
            "tags",
            [helper.make_tensor_value_info(INPUT, TensorProto.INT64, (INPUT,))],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, (INPUT, sum(groups)))],
            [numpy_helper.from_array(value, name) for name, value in constants.items()],
        )
    )


def _layer(number: int, layer: Layer, made: str, constants: _Constants) -> list[onnx.NodeProto]:
    width = layer.query.bias.shape[0]
    constants["heads"] = np.asarray([0, HEADS, width // HEADS], np.int64)
    constants["joined"] = np.asarray([0, width], np.int64)
    constants["near"] = np.asarray([math.sqrt(width // HEADS)], np.float32)
    nodes = []
    for name, order in (("query", (1, 0, 2)), ("key", (1, 2, 0)), ("value", (1, 0, 2))):
        one = f"{name}{number}"
        nodes += _dense(made, f"{one}_flat", one, getattr(layer, name), constants)
        nodes += [
            node("Reshape", f"{one}_flat heads", f"{one}_split"),
            node("Transpose", f"{one}_split", f"{one}_turned", perm=order),
        ]
    name = str(number)
    return [
        *nodes,
        node("MatMul", f"query{name}_turned key{name}_turned", f"product{name}"),
        node("Div", f"product{name} near", f"near{name}"),
        node("Softmax", f"near{name}", f"share{name}", axis=2),
        node("MatMul", f"share{name} value{name}_turned", f"attended{name}"),
        node("Transpose", f"attended{name}", f"back{name}", perm=(1, 0, 2)),
        node("Reshape", f"back{name} joined", f"joined{name}"),
        *_dense(f"joined{name}", f"mixed{name}_out", f"mixed{name}", layer.mixed, constants),
        node("Add", f"{made} mixed{name}_out", f"first{name}"),
        *_normal(f"first{name}", f"seen{name}", layer.attended, constants),
        *_dense(f"seen{name}", f"inner{name}_out", f"inner{name}", layer.inner, constants),
        node("Div", f"inner{name}_out root", f"scaled{name}"),
        node("Erf", f"scaled{name}", f"erf{name}"),
        node("Add", f"erf{name} one", f"gate{name}"),
        node("Mul", f"inner{name}_out gate{name}", f"gated{name}"),
        node("Mul", f"gated{name} half", f"gelu{name}"),
        *_dense(f"gelu{name}", f"outer{name}_out", f"outer{name}", layer.outer, constants),
        node("Add", f"seen{name} outer{name}_out", f"second{name}"),
        *_normal(f"second{name}", f"made{name}", layer.made, constants),
    ]


def _dense(
    given: str, found: str, name: str, dense: Dense, constants: _Constants
) -> list[onnx.NodeProto]:
    constants[name] = np.asarray(dense.weight)
    constants[f"{name}_bias"] = np.asarray(dense.bias)
    return [
        node("MatMul", f"{given} {name}", f"{name}_product"),
        node("Add", f"{name}_product {name}_bias", found),
    ]


def _rows(vectors: _Floats) -> tuple[npt.NDArray[np.int8], _Floats]:
    """Whole numbers of 8 bits, and the step of each row: one for all would cost accuracy."""
    sizes = np.abs(vectors).max(axis=1, keepdims=True) / 127 + 1e-12
    return np.rint(vectors / sizes).astype(np.int8), sizes.astype(np.float32)


def _normal(given: str, found: str, norm: Dense, constants: _Constants) -> list[onnx.NodeProto]:
    constants[f"{found}_weight"] = np.asarray(norm.weight)
    constants[f"{found}_bias"] = np.asarray(norm.bias)
    inputs = f"{given} {found}_weight {found}_bias"
    return [node("LayerNormalization", inputs, found, axis=-1, epsilon=EPSILON)]


def _small(made: onnx.GraphProto) -> bytes:
    """In INT8, with room for a mark; the same model is always the same bytes."""
    weights = {one.name: one for one in made.initializer}
    exact = numpy_helper.to_array(weights[_MARKED])
    with tempfile.TemporaryDirectory() as aside:
        plain, small = Path(aside) / "plain.onnx", Path(aside) / "small.onnx"
        plain.write_bytes(finished(made))
        quantize_dynamic(
            plain,
            small,
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        model = onnx.load(small)
    names = {one.name: one for one in model.graph.initializer}
    scale = numpy_helper.to_array(names[f"{_MARKED}_scale"])
    marked = np.clip(spaced(exact / scale, 1.0), -_ROOM, _ROOM)
    names[f"{_MARKED}_quantized"].CopyFrom(numpy_helper.from_array(marked, TENSOR))
    for one in model.graph.node:
        for at, name in enumerate(one.input):
            if name == f"{_MARKED}_quantized":
                one.input[at] = TENSOR
    content: bytes = model.SerializeToString(deterministic=True)
    return content
