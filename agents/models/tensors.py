"""Where the tensors of an ONNX file lie among its bytes, read without the onnx package.

Of the Protocol Buffers format only what leads to `ModelProto.graph.initializer` is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.models.errors import BadModel

FLOAT, UINT8, INT8 = 1, 2, 3
_TYPES: dict[int, type[np.generic]] = {FLOAT: np.float32, UINT8: np.uint8, INT8: np.int8}
_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MIDDLE = 128


class Tensor(NamedTuple):
    """One tensor whose numbers lie in the file's bytes from `start` to `end`."""

    name: str
    kind: int
    shape: tuple[int, ...]
    start: int
    end: int

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def is_weights(self) -> bool:
        """Whether it is of a kind that weights are kept in."""
        return self.kind in _TYPES

    def values(self, model: bytes) -> npt.NDArray[np.float64]:
        """Its numbers in its shape; what is kept without a sign, around its middle."""
        found = np.frombuffer(content_of(model, self), _TYPES[self.kind]).astype(np.float64)
        found = found.reshape(self.shape)
        return found - _MIDDLE if self.kind == UINT8 else np.nan_to_num(found)


class _Field(NamedTuple):
    """`number`: a varint's value; else the bytes from `start` to `end`."""

    tag: int
    wire: int
    number: int
    start: int
    end: int


def content_of(model: bytes, tensor: Tensor) -> bytes:
    """The bytes of a tensor."""
    return model[tensor.start : tensor.end]


def tensors(model: bytes) -> list[Tensor]:
    """Every initializer of a kind of weights with its numbers in raw bytes. Raises BadModel."""
    found = []
    for graph in _fields(model, 0, len(model)):
        if (graph.tag, graph.wire) != (_GRAPH, _BYTES):
            continue
        for one in _fields(model, graph.start, graph.end):
            if (one.tag, one.wire) == (_INITIALIZER, _BYTES):
                made = _tensor(model, one.start, one.end)
                if made is not None:
                    found.append(made)
    if not found:
        raise BadModel("no tensors: this is no ONNX file that keeps its weights in itself")
    return found


def _tensor(model: bytes, start: int, end: int) -> Tensor | None:
    name, kind, raw = "", 0, (0, 0)
    shape: list[int] = []
    for one in _fields(model, start, end):
        if one.tag == _DIMS and one.wire == _VARINT:
            shape.append(one.number)
        elif one.tag == _DIMS and one.wire == _BYTES:
            at = one.start
            while at < one.end:
                size, at = _varint(model, at, one.end)
                shape.append(size)
        elif one.tag == _TYPE and one.wire == _VARINT:
            kind = one.number
        elif one.tag == _NAME and one.wire == _BYTES:
            name = model[one.start : one.end].decode("utf-8", "replace")
        elif one.tag == _RAW and one.wire == _BYTES:
            raw = (one.start, one.end)
    if kind not in _TYPES or raw[1] == raw[0]:
        return None
    if math.prod(shape) * np.dtype(_TYPES[kind]).itemsize != raw[1] - raw[0]:
        raise BadModel(f"tensor {name[:40]!r}: its bytes do not fill its shape")
    return Tensor(name, kind, tuple(shape), *raw)


def _fields(model: bytes, at: int, end: int) -> Iterator[_Field]:
    while at < end:
        key, at = _varint(model, at, end)
        tag, wire = key >> 3, key & 7
        number, start = 0, at
        if wire == _VARINT:
            number, at = _varint(model, at, end)
        elif wire == _BYTES:
            size, start = _varint(model, at, end)
            at = start + size
        elif wire in (_FIXED32, _FIXED64):
            at += 4 if wire == _FIXED32 else 8
        else:
            raise BadModel("no ONNX file: a field of no known kind")
        if at > end:
            raise BadModel("no ONNX file: it ends within a field")
        yield _Field(tag, wire, number, start, at)


def _varint(model: bytes, at: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= end:
            break
        byte = model[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise BadModel("no ONNX file: a number without an end")
