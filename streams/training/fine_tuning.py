"""Fitting all weights of an encoder, and a head on it, to texts with labels for each character."""

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

from agents.models.tags import PADDING
from streams.training.bert import Bert, Dense, dropped, encoded
from streams.training.tags_texts import UNTOLD, Example

_WIDTHS = 16
"""Texts are padded to a multiple of so many characters: as many programs are compiled."""
_HEAD = 20
"""The head, which begins at nothing, learns so much faster."""
_SCALE = 300
"""The loss of a batch is of about one for so many characters that are parts of something."""
_OF_NOTHING = 0.3
"""How much a character counts that is part of nothing: most are."""


class Fitted(NamedTuple):
    """An encoder and what says the labels of its vectors."""

    bert: Bert
    head: Dense


@dataclass(frozen=True)
class Schedule:
    """`groups`: labels of each; `weights`: how much each counts.

    `rate`: the greatest, after a tenth of all steps; `smoothing`: of the labels.
    """

    groups: tuple[int, ...]
    weights: tuple[float, ...]
    rounds: int = 4
    rows: int = 16
    rate: float = 8e-5
    smoothing: float = 0.05
    seed: int = 1


class _Batch(NamedTuple):
    """`numbers` in rows; `labels`: of a row, a group and a character."""

    numbers: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int8]


def fitted(
    bert: Bert,
    examples: Callable[[int], Sequence[Example]],
    schedule: Schedule,
    done: Callable[[int, int], None],
) -> Fitted:
    """Adam over the examples of each round; `done`: told the step and how many there are."""
    width, labels = bert.positions.shape[1], sum(schedule.groups)
    model = Fitted(bert, Dense(jnp.zeros((width, labels)), jnp.zeros(labels)))
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


def probabilities(
    model: Fitted, examples: Sequence[Example], groups: Sequence[int]
) -> Iterator[npt.NDArray[np.float64]]:
    """Of each example's characters, in rows, the labels of each group."""
    told = jax.jit(lambda numbers: _probable(_logits(model, numbers), groups))
    for one, batch in zip(examples, _in_order(examples, 1), strict=True):
        yield np.asarray(told(batch.numbers)[0, : len(one.numbers)], np.float64)


def _probable(logits: Array, groups: Sequence[int]) -> Array:
    return jnp.concatenate([jax.nn.softmax(some) for some in _apart(logits, groups)], -1)


def _apart(logits: Array, groups: Sequence[int]) -> list[Array]:
    return jnp.split(logits, np.cumsum(groups)[:-1].tolist(), axis=-1)


def _logits(model: Fitted, numbers: Array, key: Array | None = None) -> Array:
    keys = (None, None) if key is None else tuple(jax.random.split(key))
    vectors = encoded(model.bert, jnp.asarray(numbers), keys[0])
    return dropped(vectors, keys[1]) @ model.head.weight + model.head.bias


def _loss(model: Fitted, batch: _Batch, key: Array, schedule: Schedule) -> Array:
    """Cross-entropy of what is told, summed: what says more of a text counts more."""
    loss = jnp.zeros(())
    every = _apart(_logits(model, jnp.asarray(batch.numbers), key), schedule.groups)
    for group, (logits, weight) in enumerate(zip(every, schedule.weights, strict=True)):
        labels = jnp.asarray(batch.labels)[:, group].astype(jnp.int32)
        said = jax.nn.one_hot(jnp.maximum(labels, 0), schedule.groups[group])
        losses = optax.softmax_cross_entropy(logits, optax.smooth_labels(said, schedule.smoothing))
        counts = jnp.where(labels > 0, 1.0, _OF_NOTHING) * (labels != UNTOLD)
        loss += weight * (losses * counts).sum()
    return loss / _SCALE


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
    """The last is filled up with what says nothing."""
    for start in range(0, len(examples), rows):
        some = examples[start : start + rows]
        width = padded(max(len(one.numbers) for one in some))
        numbers = np.full((rows, width), PADDING, np.int64)
        numbers[len(some) :, 0] = 1
        labels = np.full((rows, len(some[0].labels), width), UNTOLD, np.int8)
        for row, one in enumerate(some):
            numbers[row, : len(one.numbers)] = one.numbers
            labels[row, :, : len(one.numbers)] = one.labels
        yield _Batch(numbers, labels)


def padded(length: int) -> int:
    """How wide a text of so many characters is made."""
    return -(-length // _WIDTHS) * _WIDTHS
