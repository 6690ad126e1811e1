import math

import numpy as np
import pytest

from agents.models.errors import BadModel
from agents.models.fingerprint import mark
from agents.records.pack import BUNDLED
from streams.edge.trace import CERTAIN, trace
from tests.agents.models.test_tensors import model_of
from tests.support.leaks import ATTACKS, key_of, weights_of, with_weights

KEYS = {f"ward-{n}": key_of(f"ward-{n}") for n in range(8)}


@pytest.fixture(scope="module")
def model() -> bytes:
    return (BUNDLED / "lines.onnx").read_bytes()


@pytest.fixture(scope="module")
def tags() -> bytes:
    return (BUNDLED / "tags.onnx").read_bytes()


def test_the_device_is_named(model: bytes) -> None:
    found = trace(mark(model, KEYS["ward-3"]), [model], KEYS)
    assert [one.device for one in found.named] == ["ward-3"]
    assert found.named[0].match.agreed == found.named[0].match.compared > 10_000
    assert found.named[0].log10 < -1000
    assert found.best is not None
    assert found.best.log10 > math.log10(CERTAIN)
    assert found.compared == len(KEYS)


def test_noise_pruning_and_another_scale_together_hide_nothing(model: bytes) -> None:
    marked = weights_of(mark(model, KEYS["ward-3"]))
    attacked = ATTACKS["noise, pruning and scale"](marked, np.random.default_rng(2))
    found = trace(with_weights(model, attacked), [model], KEYS)
    assert [one.device for one in found.named] == ["ward-3"]


def test_a_mixture_names_both(model: bytes) -> None:
    one, two = (weights_of(mark(model, KEYS[f"ward-{n}"])) for n in (1, 2))
    mixed = np.where(np.random.default_rng(2).random(one.size) < 0.5, one, two)
    found = trace(with_weights(model, mixed), [model], KEYS)
    assert {one.device for one in found.named} == {"ward-1", "ward-2"}


@pytest.mark.parametrize("name", ["published", "stranger"])
def test_nobody_is_named_for_a_file_of_nobody(name: str, model: bytes) -> None:
    leaked = model if name == "published" else mark(model, key_of("not enrolled"))
    found = trace(leaked, [model], KEYS)
    assert found.named == ()
    assert found.best is not None


def test_the_right_version_among_several_tells(model: bytes) -> None:
    weights = weights_of(model)
    rng = np.random.default_rng(1)
    other = np.where(np.abs(weights) > 2, weights + 2 * np.sign(weights), weights)
    other = np.where(rng.random(weights.size) < 0.3, np.clip(other, -126, 126), weights)
    newer = with_weights(model, other)
    leaked = mark(newer, KEYS["ward-5"])
    found = trace(leaked, [model, b"no model", newer], KEYS)
    assert [one.device for one in found.named] == ["ward-5"]
    assert found.named[0].match.agreed == found.named[0].match.compared
    assert found.compared == 2 * len(KEYS)


def test_without_a_published_model(model: bytes) -> None:
    found = trace(mark(model, KEYS["ward-3"]), [], KEYS)
    assert [one.device for one in found.named] == ["ward-3"]


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize(
    "attack",
    ["nothing", "noise of 1 step", "10 % pruned, the smallest", "10 % pruned, any", "scale x 0.83"],
)
def test_the_tag_model_whose_largest_table_bears_no_mark(
    attack: str, blind: bool, tags: bytes
) -> None:
    marked = weights_of(mark(tags, KEYS["ward-3"]))
    leaked = with_weights(tags, ATTACKS[attack](marked, np.random.default_rng(2)))
    found = trace(leaked, [] if blind else [tags], KEYS)
    assert [one.device for one in found.named] == ["ward-3"]


def test_nobody_is_named_for_the_published_tag_model(tags: bytes) -> None:
    assert trace(tags, [], KEYS).named == ()


def test_a_file_of_another_form_is_refused(model: bytes) -> None:
    with pytest.raises(BadModel, match="form of none"):
        trace(model_of({"w": np.zeros((2, 2), np.int8)}), [model], KEYS)
