import hashlib
from pathlib import Path

import numpy as np

from agents.models.card import Card
from agents.models.intents import Intents
from streams.training.intents_graph import graph
from streams.training.many import Settings, fit, fit_held_out, scores

TEXTS = [
    f"{a} {b}" for a in ("my card", "the money", "a loan") for b in ("is gone", "was lost", "now")
] * 2
LABELS = np.asarray([0] * 3 + [1] * 3 + [2] * 3 + [0] * 3 + [1] * 3 + [2] * 3)
SETTINGS = Settings(slot_bits=12)


def test_the_graph_says_what_the_weights_say(tmp_path: Path) -> None:
    weights = fit(TEXTS, LABELS, SETTINGS)
    content = graph(weights)
    (tmp_path / "x.onnx").write_bytes(content)
    card = Card(
        name="x", task="intents", languages=("en",), file="x.onnx",
        sha256=hashlib.sha256(content).hexdigest(), version="1", reads="grams",
        recipe=SETTINGS.recipe, slot_bits=12, labels=("a", "b", "c"),
    )  # fmt: skip
    found = Intents(card, tmp_path).probabilities([*TEXTS, "never met", ""])
    told = scores(weights, [*TEXTS, "never met", ""], SETTINGS.recipe) * weights.slope
    expected = np.exp(told) / np.exp(told).sum(axis=1, keepdims=True)
    assert np.abs(found - expected).max() < 0.02
    assert (found[: len(TEXTS)].argmax(axis=1) == LABELS).all()


def test_the_same_texts_give_the_same_bytes() -> None:
    assert graph(fit(TEXTS, LABELS, SETTINGS)) == graph(fit(TEXTS, LABELS, SETTINGS))


def test_texts_of_a_group_are_held_out_together() -> None:
    rng = np.random.default_rng(7)
    texts = [f"w{rng.integers(1000)} w{rng.integers(1000)}" for _ in range(50)] * 2
    labels = np.tile(np.arange(50) % 3, 2)
    _, held = fit_held_out(texts, labels, np.tile(np.arange(50), 2), 3, SETTINGS)
    assert (held.argmax(axis=1) == labels).mean() < 0.8


def test_only_the_most_telling_are_kept() -> None:
    weights = fit(TEXTS, LABELS, Settings(slot_bits=12, most=10))
    assert weights.keys.size == 10
