"""Fitting all weights of an encoder, and a head on it, to labelled mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax
from jax import Array

from agents.models.contexts import PADDING
from streams.training.bert import Bert, Dense, dropped, encoded
from streams.training.contexts_texts import Example

_WIDTHS = 16
"""Texts are padded to a multiple of so many characters: as many programs are compiled."""
_HEAD = 20
"""The head, which begins at nothing, learns so much faster."""


class Fitted(NamedTuple):
    """An encoder and what says the labels of its vectors."""

    bert: Bert
    head: Dense


@dataclass(frozen=True)
class Schedule:
    """`rate`: the greatest, after a tenth of all steps; `smoothing`: of the labels."""

    labels: int
    rounds: int = 3
    rows: int = 16
    rate: float = 6e-5
    smoothing: float = 0.05
    seed: int = 1


class _Batch(NamedTuple):
    numbers: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    counts: npt.NDArray[np.float32]


def fitted(
    bert: Bert,
    examples: Callable[[int], Sequence[Example]],
    schedule: Schedule,
    done: Callable[[int, int], None],
) -> Fitted:
    """Adam over the examples of each round; `done`: told the step and how many there are."""
    width = bert.positions.shape[1]
    head = Dense(jnp.zeros((2 * width, schedule.labels)), jnp.zeros(schedule.labels))
    model = Fitted(bert, head)
    first = examples(0)
    steps = schedule.rounds * -(-len(first) // schedule.rows)
    rate = optax.warmup_cosine_decay_schedule(0.0, schedule.rate, steps // 10, steps)
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adam(rate),
        optax.masked(optax.scale(_HEAD), _each(model, bert=False, head=True)),
    )
    state = optimiser.init(model)

    @jax.jit
    def step(
        model: Fitted, state: optax.OptState, key: Array, batch: _Batch
    ) -> tuple[Fitted, optax.OptState]:
        slopes = jax.grad(_loss)(model, batch, key, schedule)
        changes, state = optimiser.update(slopes, state, model)
        return optax.apply_updates(model, changes), state

    key = jax.random.key(schedule.seed)
    rng = np.random.default_rng(schedule.seed)
    number = 0
    for round_ in range(schedule.rounds):
        for batch in _batches(examples(round_) if round_ else first, schedule.rows, rng):
            key, now = jax.random.split(key)
            model, state = step(model, state, now, batch)
            number += 1
            done(number, steps)
    return model


def probabilities(model: Fitted, examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Of each label, in rows."""
    told = jax.jit(lambda batch: jax.nn.softmax(_logits(model, batch)))
    found = [told(batch)[: int(batch.counts.sum())] for batch in _in_order(examples, 1)]
    return np.concatenate(found).astype(np.float64)


def _logits(model: Fitted, batch: _Batch, key: Array | None = None) -> Array:
    keys = (None, None) if key is None else tuple(jax.random.split(key))
    vectors = encoded(model.bert, jnp.asarray(batch.numbers), keys[0])
    rows = jnp.arange(vectors.shape[0])
    both = jnp.concatenate([vectors[rows, batch.places], vectors[:, 0]], -1)
    return dropped(both, keys[1]) @ model.head.weight + model.head.bias


def _loss(model: Fitted, batch: _Batch, key: Array, schedule: Schedule) -> Array:
    said = jax.nn.one_hot(batch.labels, schedule.labels)
    target = optax.smooth_labels(said, schedule.smoothing)
    losses = optax.softmax_cross_entropy(_logits(model, batch, key), target)
    loss: Array = losses @ batch.counts / batch.counts.sum()
    return loss


def _each(model: Fitted, *, bert: bool, head: bool) -> Fitted:
    """The same for each weight of both."""
    return Fitted(
        jax.tree.map(lambda _: bert, model.bert), jax.tree.map(lambda _: head, model.head)
    )


def _batches(examples: Sequence[Example], rows: int, rng: np.random.Generator) -> list[_Batch]:
    """Shuffled; each of texts of about one length."""
    mixed = [examples[at] for at in rng.permutation(len(examples))]
    mixed.sort(key=lambda one: padded(len(one.numbers)))
    made = list(_in_order(mixed, rows))
    return [made[at] for at in rng.permutation(len(made))]


def _in_order(examples: Sequence[Example], rows: int) -> Iterator[_Batch]:
    """The last is filled up with what does not count."""
    for start in range(0, len(examples), rows):
        some = examples[start : start + rows]
        width = padded(max(len(one.numbers) for one in some))
        numbers = np.full((rows, width), PADDING, np.int64)
        numbers[len(some) :, 0] = 1
        for row, one in enumerate(some):
            numbers[row, : len(one.numbers)] = one.numbers
        empty = [0] * (rows - len(some))
        yield _Batch(
            numbers,
            np.asarray([one.place for one in some] + empty, np.int64),
            np.asarray([one.label for one in some] + empty, np.int64),
            np.asarray([1.0] * len(some) + [0.0] * len(empty), np.float32),
        )


def padded(length: int) -> int:
    """How wide a text of so many characters is made."""
    return -(-length // _WIDTHS) * _WIDTHS
