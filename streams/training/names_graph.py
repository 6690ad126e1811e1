"""The table of the name model as an ONNX graph: a sum of weights, and how probable that is.

It leaves room for a fingerprint: no weight is 1, -1 or beyond 126 steps.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from agents.models.fingerprint import TENSOR
from agents.models.names import INPUT, OUTPUT
from streams.training.graph import finished, node
from streams.training.lines_graph import spaced

STEP = 0.03
"""Of a weight. It stands in the code, so that training anew changes few bytes."""


def graph(weights: npt.NDArray[np.float64], offset: float) -> bytes:
    """The model of weights by slot; the same one is always the same bytes."""
    constants = {
        TENSOR: spaced(weights, STEP),
        "side": np.asarray([1], np.int64),
        "scale": np.asarray([STEP], np.float32),
        "offset": np.asarray([offset], np.float32),
    }
    nodes = [
        node("Gather", f"{TENSOR} {INPUT}", "raw8"),
        node("Cast", "raw8", "raw", to=TensorProto.FLOAT),
        node("ReduceSum", "raw side", "sum", keepdims=0),
        node("Mul", "sum scale", "scaled"),
        node("Add", "scaled offset", "logit"),
        node("Sigmoid", "logit", OUTPUT),
    ]
    made = helper.make_graph(
        nodes,
        "names",
        [helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["stretches", "features"])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["stretches"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return finished(made)
