"""A tiny encoder, fitted and exported in a process of its own: JAX watches every fork of the one
that imported it. `python -m tests.support.small_encoder [FOLDER]` prints what came of it as JSON;
FOLDER: of a published encoder, whose shapes are told instead.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime

from agents.models.encoder import MODEL
from agents.models.intents import OUTPUT
from agents.models.tags import INPUT, SIGNS
from streams.training.bert import Bert, Dense, Layer, published
from streams.training.fine_tuning import Fitted, Schedule, fitted, probabilities
from streams.training.tags_graph import graph
from streams.training.tags_texts import UNTOLD, Example
from tests.support.fitted_small import Told

WIDTH, CHARACTERS = 32, 12
GROUPS = (2, 3)
SCHEDULE = Schedule(groups=GROUPS, weights=(1.0, 0.5), rounds=8, rows=8, rate=2e-3)


def small() -> Bert:
    """Two layers of random weights."""
    words, places, *layers = jax.random.split(jax.random.key(3), 4)
    return Bert(
        jax.random.normal(words, (SIGNS + CHARACTERS, WIDTH)),
        0.3 * jax.random.normal(places, (32, WIDTH)),
        _norm(),
        tuple(_layer(one) for one in layers),
    )


def examples(many: int, seed: int) -> list[Example]:
    """Of the first group, for every character: whether one of them stands in the text.

    Nobody says the second group's labels.
    """
    rng = np.random.default_rng(seed)
    made = []
    for number in range(many):
        read = rng.integers(SIGNS + 1, SIGNS + CHARACTERS, rng.integers(8, 18))
        labels = np.full((2, len(read)), UNTOLD, np.int8)
        labels[0] = number % 2
        if number % 2:
            read[rng.integers(len(read))] = SIGNS
        made.append(Example(read, labels))
    return made


def told() -> Told:
    """What comes of it."""
    steps: list[tuple[int, int]] = []
    taught, asked = examples(160, 1), examples(100, 2)
    model = fitted(small(), lambda _: taught, SCHEDULE, lambda *step: steps.append(step))
    again = fitted(small(), lambda _: taught, SCHEDULE, lambda *_: None)
    first = Fitted(small(), Dense(jnp.zeros((WIDTH, sum(GROUPS))), jnp.zeros(sum(GROUPS))))
    exact, before = (list(probabilities(one, asked, GROUPS)) for one in (model, first))
    content = graph(model.bert, model.head, GROUPS)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    said = [session.run([OUTPUT], {INPUT: one.numbers})[0] for one in asked]
    return Told(
        steps=steps,
        right=(_right(exact, asked), _right(before, asked)),
        again=bool(np.array_equal(again.head.weight, model.head.weight)),
        said=np.concatenate(said).tolist(),
        exact=np.concatenate(exact).tolist(),
        content=content,
        same_bytes=graph(model.bert, model.head, GROUPS) == content,
    )


def _right(found: list[npt.NDArray[np.float64]], asked: list[Example]) -> float:
    """Of the first group's characters of which something is said."""
    right = [
        some[:, : GROUPS[0]].argmax(1) == one.labels[0]
        for some, one in zip(found, asked, strict=True)
    ]
    return float(np.concatenate(right).mean())


def shapes(folder: Path) -> list[tuple[int, ...]]:
    """Of the vectors of five tokens and of a layer's inner product, of all layers."""
    bert = published(folder / MODEL, range(5), 144, 4)
    return [
        bert.words.shape,
        bert.positions.shape,
        *(one.inner.weight.shape for one in bert.layers),
    ]


def _dense(key: jax.Array, into: int, out: int) -> Dense:
    return Dense(jax.random.normal(key, (into, out)) / into**0.5, jnp.zeros(out))


def _norm() -> Dense:
    return Dense(jnp.ones(WIDTH), jnp.zeros(WIDTH))


def _layer(key: jax.Array) -> Layer:
    keys = jax.random.split(key, 6)
    query, near, value, mixed = (_dense(one, WIDTH, WIDTH) for one in keys[:4])
    inner, outer = _dense(keys[4], WIDTH, 4 * WIDTH), _dense(keys[5], 4 * WIDTH, WIDTH)
    return Layer(query, near, value, mixed, inner, outer, _norm(), _norm())


if __name__ == "__main__":
    found = shapes(Path(sys.argv[1])) if sys.argv[1:] else told()
    sys.stdout.buffer.write(msgspec.json.encode(found))
