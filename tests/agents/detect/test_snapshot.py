import contextlib
import math
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agents.detect.snapshot import pack, unpack

_plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab中"), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("ab中"), _plain))
def test_plain_data_comes_back(state: dict[str, object]) -> None:
    assert unpack(pack(state)) == state


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.bool_, np.uint64]),
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
def test_arrays_come_back_bit_by_bit(array: np.ndarray) -> None:
    found = unpack(pack({"array": array}))["array"]
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.tobytes() == array.tobytes()


def test_floats_keep_their_bits() -> None:
    assert unpack(pack({"x": [0.1, -0.0, math.inf]}))["x"] == [0.1, -0.0, math.inf]
    assert math.copysign(1, unpack(pack({"x": -0.0}))["x"]) == -1


def test_a_restored_array_can_be_written_to() -> None:
    found = unpack(pack({"array": np.zeros(3)}))["array"]
    found += 1
    assert found.tolist() == [1, 1, 1]


def test_equal_states_are_equal_bytes() -> None:
    assert pack({"a": np.arange(4), "b": [1]}) == pack({"a": np.arange(4), "b": [1]})


def _packed(value: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        pack({"a": np.arange(40)})[:-3],
        zlib.compress(b"\xc1"),
        _packed([1, 2]),
        _packed({"x": msgspec.msgpack.Ext(7, b"")}),
        _packed({"x": msgspec.msgpack.Ext(1, b"no array")}),
        _packed({"x": msgspec.msgpack.Ext(1, b"")}),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no snapshot"):
        unpack(data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 500), st.integers(0, 255))
def test_a_changed_byte_is_never_another_error(place: int, byte: int) -> None:
    data = bytearray(pack({"array": np.arange(40), "list": list(range(40)), "text": "支付"}))
    data[place % len(data)] = byte
    with contextlib.suppress(ValueError):
        unpack(bytes(data))


def test_an_object_is_not_packed() -> None:
    with pytest.raises(NotImplementedError):
        pack({"x": object()})
