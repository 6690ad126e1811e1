"""What `tests.support.small_encoder` prints; without JAX, which watches every fork."""

from __future__ import annotations

import msgspec


class Told(msgspec.Struct):
    """`right`: of texts it had not seen, by the model and by its first weights; `said`: what the
    exported one says of their characters, in rows, `exact` what the fitted one does."""

    steps: list[tuple[int, int]]
    right: tuple[float, float]
    again: bool
    said: list[list[float]]
    exact: list[list[float]]
    content: bytes
    same_bytes: bool
