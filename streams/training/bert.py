"""A BERT-like encoder in JAX: its published weights, and what it makes of numbered characters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import onnx
from jax import Array
from onnx import numpy_helper

HEADS = 8
EPSILON = 1e-12
_DROPPED = 0.1
_NEVER = -1e9
_MATRICES = ("query", "key", "value", "mixed", "inner", "outer")
"""Of a layer, in the order in which its products stand in an exported graph."""
_BIASES = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


class Dense(NamedTuple):
    """A product and what is added to it."""

    weight: Array
    bias: Array


class Layer(NamedTuple):
    """Attention, and the two products behind it; after each of both a normalisation."""

    query: Dense
    key: Dense
    value: Dense
    mixed: Dense
    inner: Dense
    outer: Dense
    attended: Dense
    made: Dense


class Bert(NamedTuple):
    """`words`, `positions`: vectors of characters and places, in rows; `norm` of their sums."""

    words: Array
    positions: Array
    norm: Dense
    layers: tuple[Layer, ...]


def published(model: Path, tokens: Sequence[int], positions: int, layers: int) -> Bert:
    """The first layers of an exported INT8 model, with the vectors of these tokens only."""
    graph = onnx.load(model).graph
    found = {one.name: one for one in graph.initializer}

    def plain(name: str) -> npt.NDArray[np.float32]:
        if name in found:
            return np.asarray(numpy_helper.to_array(found[name]), np.float32)
        whole, scale, zero = (
            numpy_helper.to_array(found[f"{name}_{part}"]).astype(np.float32)
            for part in ("quantized", "scale", "zero_point")
        )
        return np.asarray((whole - zero) * scale, np.float32)

    def norm(name: str) -> Dense:
        return Dense(jnp.asarray(plain(f"{name}.weight")), jnp.asarray(plain(f"{name}.bias")))

    products = sorted(
        (name.removesuffix("_quantized") for name in found if _is_product(name)),
        key=lambda name: int(name.split("_")[1]),
    )
    made = []
    for number in range(layers):
        at, place = number * len(_MATRICES), f"encoder.layer.{number}."
        dense = {
            name: Dense(jnp.asarray(plain(product)), jnp.asarray(plain(f"{place}{bias}.bias")))
            for name, product, bias in zip(_MATRICES, products[at:], _BIASES, strict=False)
        }
        attended, outer = (norm(place + name) for name in _NORMS)
        made.append(Layer(**dense, attended=attended, made=outer))
    kind = plain("embeddings.token_type_embeddings.weight")[0]
    return Bert(
        jnp.asarray(plain("embeddings.word_embeddings.weight")[np.asarray(tokens)]),
        jnp.asarray(plain("embeddings.position_embeddings.weight")[:positions] + kind),
        norm("embeddings.LayerNorm"),
        tuple(made),
    )


def _is_product(name: str) -> bool:
    return name.startswith("onnx::MatMul") and name.endswith("_quantized")


def encoded(bert: Bert, numbers: Array, key: Array | None = None) -> Array:
    """The vectors of texts in rows, padded with 0; `key`: of what is dropped while it is fitted."""
    keys = [None] * (2 * len(bert.layers) + 1)
    if key is not None:
        keys = list(jax.random.split(key, len(keys)))
    made = _normal(bert.words[numbers] + bert.positions[: numbers.shape[1]], bert.norm)
    made = dropped(made, keys[-1])
    for number, layer in enumerate(bert.layers):
        mixed = _dense(_attended(layer, made, numbers > 0), layer.mixed)
        made = _normal(made + dropped(mixed, keys[2 * number]), layer.attended)
        inner = jax.nn.gelu(_dense(made, layer.inner), approximate=False)
        outer = _dense(inner, layer.outer)
        made = _normal(made + dropped(outer, keys[2 * number + 1]), layer.made)
    return made


def dropped(vectors: Array, key: Array | None) -> Array:
    """A tenth of the numbers is 0 while a model is fitted; all as they are without a key."""
    if key is None:
        return vectors
    return vectors * jax.random.bernoulli(key, 1 - _DROPPED, vectors.shape) / (1 - _DROPPED)


def _attended(layer: Layer, made: Array, is_text: Array) -> Array:
    rows, length, width = made.shape

    def split(dense: Dense) -> Array:
        return _dense(made, dense).reshape(rows, length, HEADS, width // HEADS)

    query, key, value = split(layer.query), split(layer.key), split(layer.value)
    near = jnp.einsum("bqhd,bkhd->bhqk", query, key) / np.sqrt(width // HEADS)
    share = jax.nn.softmax(jnp.where(is_text[:, None, None, :], near, _NEVER), -1)
    return jnp.einsum("bhqk,bkhd->bqhd", share, value).reshape(made.shape)


def _dense(vectors: Array, dense: Dense) -> Array:
    return vectors @ dense.weight + dense.bias


def _normal(vectors: Array, norm: Dense) -> Array:
    mean = vectors.mean(-1, keepdims=True)
    spread = ((vectors - mean) ** 2).mean(-1, keepdims=True)
    return (vectors - mean) / jnp.sqrt(spread + EPSILON) * norm.weight + norm.bias
