import contextlib
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from agents.models.errors import BadModel
from agents.models.tensors import FLOAT, INT8, UINT8, content_of, tensors

ARRAYS: dict[str, npt.NDArray[Any]] = {
    "whole": np.arange(-6, 6, dtype=np.int8).reshape(3, 4),
    "known": np.arange(5, dtype=np.uint8),
    "real": np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3),
    "sizes": np.asarray([1, 2], np.int64),
}


def model_of(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "made",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        [numpy_helper.from_array(value, name) for name, value in arrays.items()],
    )
    content: bytes = helper.make_model(graph).SerializeToString(deterministic=True)
    return content


def test_it_finds_what_onnx_finds() -> None:
    model = model_of(ARRAYS)
    found = {one.name: one for one in tensors(model)}
    assert {name: one.kind for name, one in found.items()} == {
        "whole": INT8,
        "known": UINT8,
        "real": FLOAT,
    }
    for name, one in found.items():
        assert one.shape == ARRAYS[name].shape
        assert content_of(model, one) == ARRAYS[name].tobytes()
    assert found["whole"].values(model).tolist() == ARRAYS["whole"].tolist()
    assert found["known"].values(model).tolist() == [-128, -127, -126, -125, -124]
    loaded = onnx.load_from_string(model).graph.initializer
    assert [one.name for one in loaded] == list(ARRAYS)


@pytest.mark.parametrize("content", [b"", b"no model", b"\xff" * 40, b"\x3a\x7f", b"\x08\x0a"])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(BadModel):
        tensors(content)


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    with contextlib.suppress(BadModel):
        assert tensors(content)


@given(st.data())
def test_a_damaged_model_is_read_or_refused(data: st.DataObject) -> None:
    model = bytearray(model_of(ARRAYS))
    for _ in range(data.draw(st.integers(1, 5))):
        model[data.draw(st.integers(0, len(model) - 1))] = data.draw(st.integers(0, 255))
    try:
        for one in tensors(bytes(model)):
            assert 0 <= one.start <= one.end <= len(model)
            assert one.values(bytes(model)).shape == one.shape
    except BadModel:
        pass
