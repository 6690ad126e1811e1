import hashlib
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from agents.models.card import Card, read
from agents.models.classifier import Classifier, places
from agents.models.ngrams import Recipe, grams
from streams.training.fitting import Fitted, Settings, fit
from streams.training.graph import Table, graph

RECIPE = Recipe(words=(1, 2), negated=1, negated_of="words")
WITHIN = Recipe(words=(1,))
# In one kind of text "small" is good, in the other it is bad.
PHONES = [
    "phone small and light nice",
    "phone heavy big thing sorry",
    "small phone neat",
    "big brick",
]
ROOMS = ["room big and bright nice", "room small and dark sorry", "big room neat", "small cell"]
BOOKS = ["book gripping read", "book dull read", "gripping story", "dull story"]
TEXTS = [f"{text} {n}" for n in "abcdefghijkl" for text in PHONES + ROOMS + BOOKS]
SIDES = np.asarray([1, 0, 1, 0] * (len(TEXTS) // 4))
GROUPS = np.arange(len(TEXTS)) // 12


def fitted(*, topics: int = 3, prior: float = 0.0) -> Fitted:
    settings = Settings(RECIPE, slot_bits=12, topics=topics, within=WITHIN, prior=prior)
    return fit(TEXTS, SIDES, GROUPS, {"excellent": 1.0, "shoddy": -1.0}, settings)


def classifier(folder: Path, table: Table, *, int8: bool) -> Classifier:
    content = graph(table, int8=int8)
    (folder / "tiny.onnx").write_bytes(content)
    card = Card(
        name="tiny",
        task="sentiment",
        languages=("en",),
        file="tiny.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        version="1",
        reads="grams",
        recipe=RECIPE,
        slot_bits=12,
    )
    (folder / "tiny.json").write_bytes(msgspec.json.encode(card))
    return Classifier(read(folder / "tiny.json"), folder)


@pytest.fixture(scope="module")
def table() -> Table:
    return fitted().table


@pytest.mark.parametrize("int8", [False, True])
def test_what_was_learned_is_said(tmp_path: Path, table: Table, int8: bool) -> None:
    positive = classifier(tmp_path, table, int8=int8).positive(TEXTS)
    assert ((positive > 0.5) == (SIDES == 1)).all()


def test_eight_bits_say_nearly_the_same(tmp_path: Path, table: Table) -> None:
    whole = classifier(tmp_path, table, int8=False).positive(TEXTS)
    eight = classifier(tmp_path, table, int8=True).positive(TEXTS)
    assert 0 < np.abs(whole - eight).max() < 0.03


@pytest.mark.parametrize("topics", [0, 3])
def test_our_own_words_are_known_though_no_text_holds_them(tmp_path: Path, topics: int) -> None:
    model = classifier(tmp_path, fitted(topics=topics, prior=1.0).table, int8=True)
    good, bad, neither = model.positive(["excellent", "shoddy", "qqq"])
    negated_good, negated_bad = model.positive(["not excellent", "not shoddy"])
    assert good > 0.6 > 0.4 > bad
    assert neither == 0.5
    assert negated_good < 0.4 < 0.6 < negated_bad


def test_a_long_text_may_say_something_of_itself(tmp_path: Path) -> None:
    texts = [f"app {n}" for n in range(40)] + [f"app {n} and all that there is" for n in range(40)]
    sides = np.asarray([1] * 36 + [0] * 4 + [1] * 12 + [0] * 28)
    settings = Settings(RECIPE, slot_bits=12, by_length=True)
    words = {"excellent": 1.0, "shoddy": -1.0}
    found = fit(texts, sides, np.arange(80), words, settings)
    model = classifier(tmp_path, found.table, int8=False)
    first, last, nothing = model.positive([texts[0], texts[-1], "qqq"])
    assert last < 0.5 < first
    assert nothing == 0.5
    # What the graph says of length is what was fitted.
    plain = classifier(tmp_path, replace(found.table, lengths=(0.0, 0.0)), int8=False)
    assert model.positive(texts[:1]) != plain.positive(texts[:1])


def test_the_graph_says_what_was_fitted(tmp_path: Path) -> None:
    table = Table(
        np.zeros(1 << 12, np.uint8),
        np.zeros((1 << 12, 2), np.float32),
        np.zeros(0, np.float32),
        ground=1.0,
        slope=2.0,
        lengths=(0.5, -1.5),
    )
    (key,) = grams(["app"], Recipe(words=(1,)))[1]
    (slot,), (mark,) = places(np.asarray([key]), 12)
    table.prints[slot], table.values[slot] = mark, (3.0, 8.0)
    found = classifier(tmp_path, table, int8=False).positive(["app"])[0]
    logit = 2.0 * 3 / 3 + (0.5 - 1.5 * np.log(3)) * 8 / 9
    assert found == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-6)


def test_the_same_texts_give_the_same_bytes(table: Table) -> None:
    assert graph(fitted().table, int8=True) == graph(table, int8=True)


def test_texts_held_out_were_not_seen() -> None:
    # Each text has a twin of the other side in its group: only who has seen it could know.
    texts = [f"{a}{b}{a} word" for a in "abcdefghij" for b in "xy" for _ in range(2)]
    sides = np.asarray([0, 1, 1, 0] * 10)
    settings = Settings(Recipe(words=(1,)), slot_bits=10)
    held_out = fit(texts, sides, np.arange(40) // 4, {"good": 1.0}, settings).held_out
    assert np.abs(held_out).max() < 0.5
