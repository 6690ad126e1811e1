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

from agents.models.contexts import INPUTS, SIGNS
from agents.models.encoder import MODEL
from agents.models.intents import OUTPUT
from streams.training.bert import Bert, Dense, Layer, published
from streams.training.contexts_graph import graph
from streams.training.contexts_texts import Example
from streams.training.fine_tuning import Fitted, Schedule, fitted, probabilities
from tests.support.fitted_small import Told

WIDTH, CHARACTERS = 32, 12
SCHEDULE = Schedule(labels=2, rounds=8, rows=8, rate=2e-3)


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
    """The label is whether one character stands two places behind the marked one."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(many):
        read = rng.integers(SIGNS + 1, SIGNS + CHARACTERS, rng.integers(6, 18))
        place = int(rng.integers(1, len(read) - 1))
        label = number % 2
        if label:
            read[(place + 2) % len(read)] = SIGNS
        made.append(Example(read, place, label))
    return made


def told() -> Told:
    """What comes of it."""
    steps: list[tuple[int, int]] = []
    taught, asked = examples(160, 1), examples(100, 2)
    model = fitted(small(), lambda _: taught, SCHEDULE, lambda *step: steps.append(step))
    again = fitted(small(), lambda _: taught, SCHEDULE, lambda *_: None)
    first = Fitted(small(), Dense(jnp.zeros((2 * WIDTH, 2)), jnp.zeros(2)))
    labels = np.asarray([one.label for one in asked])
    exact, before = probabilities(model, asked), probabilities(first, asked)
    content = graph(model.bert, model.head)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return Told(
        steps=steps,
        right=(_right(exact, labels), _right(before, labels)),
        again=bool(np.array_equal(again.head.weight, model.head.weight)),
        said=[
            session.run(
                [OUTPUT],
                {INPUTS[0]: one.numbers, INPUTS[1]: np.asarray([one.place], np.int64)},
            )[0].tolist()
            for one in asked
        ],
        exact=exact.tolist(),
        content=content,
        same_bytes=graph(model.bert, model.head) == content,
    )


def _right(found: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> float:
    return float((found.argmax(1) == labels).mean())


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
