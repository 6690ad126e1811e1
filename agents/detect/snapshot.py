"""A detect state as bytes: MessagePack with arrays as they lie in memory, compressed."""

import io
import zlib
from typing import Any

import msgspec
import numpy as np

_ARRAY = 1
_LEVEL = 1
"""zlib's fastest: states are written often and read rarely."""


def pack(state: dict[str, Any]) -> bytes:
    """Plain data and numpy arrays as bytes; `unpack` gives them back exactly."""
    return zlib.compress(msgspec.msgpack.encode(state, enc_hook=_encode), _LEVEL)


def unpack(data: bytes) -> dict[str, Any]:
    """The inverse of `pack`. Raises ValueError on anything else."""
    try:
        state = msgspec.msgpack.Decoder(ext_hook=_decode).decode(zlib.decompress(data))
    except (zlib.error, msgspec.MsgspecError) as error:
        raise ValueError(f"no snapshot: {error}") from None
    if not isinstance(state, dict):
        raise ValueError("no snapshot: not a mapping")
    return state


def _encode(value: object) -> msgspec.msgpack.Ext:
    if isinstance(value, np.ndarray):
        buffer = io.BytesIO()
        np.save(buffer, value, allow_pickle=False)
        return msgspec.msgpack.Ext(_ARRAY, buffer.getvalue())
    raise NotImplementedError(type(value))


def _decode(code: int, data: memoryview) -> object:
    if code != _ARRAY:
        raise ValueError(f"no snapshot: extension {code}")
    try:
        return np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ValueError(f"no snapshot: {error}") from None
