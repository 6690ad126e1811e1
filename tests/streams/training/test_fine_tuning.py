import jax
import jax.numpy as jnp
import numpy as np
import onnxruntime
import pytest

from agents.models.contexts import INPUTS, SIGNS
from agents.models.intents import OUTPUT
from agents.models.tensors import INT8, tensors
from streams.training.bert import Bert, Dense, Layer
from streams.training.contexts_graph import graph
from streams.training.fine_tuning import Example, Fitted, Schedule, fitted, probabilities
from tests.support.leaks import assert_room_for_a_mark

WIDTH, CHARACTERS = 32, 12
SCHEDULE = Schedule(labels=2, rounds=8, rows=8, rate=2e-3)


def dense(key: jax.Array, into: int, out: int) -> Dense:
    return Dense(jax.random.normal(key, (into, out)) / into**0.5, jnp.zeros(out))


def norm() -> Dense:
    return Dense(jnp.ones(WIDTH), jnp.zeros(WIDTH))


def layer(key: jax.Array) -> Layer:
    keys = jax.random.split(key, 6)
    query, near, value, mixed = (dense(one, WIDTH, WIDTH) for one in keys[:4])
    inner, outer = dense(keys[4], WIDTH, 4 * WIDTH), dense(keys[5], 4 * WIDTH, WIDTH)
    return Layer(query, near, value, mixed, inner, outer, norm(), norm())


def small() -> Bert:
    words, places, *layers = jax.random.split(jax.random.key(3), 4)
    return Bert(
        jax.random.normal(words, (SIGNS + CHARACTERS, WIDTH)),
        0.3 * jax.random.normal(places, (32, WIDTH)),
        norm(),
        tuple(layer(one) for one in layers),
    )


def examples(many: int, seed: int) -> list[Example]:
    """The label is whether the first character stands somewhere: before the place or behind it."""
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


@pytest.fixture(scope="module")
def model() -> Fitted:
    steps = []
    taught = examples(160, 1)
    made = fitted(small(), lambda _: taught, SCHEDULE, lambda *told: steps.append(told))
    assert steps == [(step, 8 * 20) for step in range(1, 1 + 8 * 20)]
    return made


def test_it_learns_what_the_context_says_and_the_first_weights_do_not(model: Fitted) -> None:
    asked = examples(100, 2)
    labels = np.asarray([one.label for one in asked])
    before = Fitted(small(), Dense(jnp.zeros((2 * WIDTH, 2)), jnp.zeros(2)))
    assert (probabilities(model, asked).argmax(1) == labels).mean() > 0.9
    assert (probabilities(before, asked).argmax(1) == labels).mean() < 0.6


def test_the_same_seed_fits_the_same(model: Fitted) -> None:
    taught = examples(160, 1)
    again = fitted(small(), lambda _: taught, SCHEDULE, lambda *_: None)
    assert np.array_equal(again.head.weight, model.head.weight)


def test_the_graph_in_int8_says_what_was_fitted_and_has_room_for_a_mark(model: Fitted) -> None:
    content = graph(model.bert, model.head)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    asked = examples(60, 4)
    said = [
        session.run(
            [OUTPUT],
            {INPUTS[0]: one.numbers, INPUTS[1]: np.asarray([one.place], np.int64)},
        )[0]
        for one in asked
    ]
    exact = probabilities(model, asked)
    assert np.abs(np.stack(said) - exact).mean() < 0.05
    assert (np.stack(said).argmax(1) == exact.argmax(1)).mean() > 0.95
    assert_room_for_a_mark(content)
    large = [one for one in tensors(content) if one.size >= WIDTH * WIDTH]
    assert {one.name for one in large if one.kind != INT8} == {"positions"}
    assert len(large) == 1 + 2 * 6
    assert graph(model.bert, model.head) == content
