import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import numpy_helper

from agents.models import fingerprint
from agents.models.errors import BadModel
from agents.models.fingerprint import MOST, TENSOR, Leak, Match, mark, score, signs, unmark
from tests.agents.models.test_tensors import model_of
from tests.support.leaks import ATTACKS, key_of, weights_of, with_weights

ROOMY = np.asarray([0, *range(2, MOST + 1), *range(-MOST, -1)], np.int8)
KEY, OTHER = key_of("a"), key_of("b")
keys = st.binary(min_size=32, max_size=32)


def model_with(values: npt.NDArray[np.int8]) -> bytes:
    return model_of({"known": np.zeros(4, np.uint8), TENSOR: values})


@pytest.fixture(scope="module")
def model() -> bytes:
    rng = np.random.default_rng(3)
    drawn = np.rint(rng.laplace(0, 12, (6000, 14)))
    drawn = np.where(np.abs(drawn) == 1, 2, np.clip(drawn, -MOST, MOST))
    return model_with(np.where(rng.random(drawn.shape) < 0.3, 0, drawn).astype(np.int8))


@given(keys, st.integers(1, 40))
def test_a_mark_comes_off_byte_for_byte(key: bytes, times: int) -> None:
    model = model_with(np.tile(ROOMY, (times, 1)))
    marked = mark(model, key)
    assert len(marked) == len(model)
    assert unmark(marked, key) == model
    before, after = weights_of(model), weights_of(marked)
    moved = np.abs(after) - np.abs(before)
    assert set(moved.tolist()) <= {-1, 0, 1}
    assert ((after == 0) == (before == 0)).all()
    assert np.abs(after).max() <= 127


def test_all_outside_the_tensor_stays(model: bytes) -> None:
    tensor = numpy_helper.from_array(weights_of(model).astype(np.int8).reshape(-1, 14)).raw_data
    start = model.index(tensor)
    marked = mark(model, KEY)
    assert marked != model
    assert marked[:start] == model[:start]
    assert marked[start + len(tensor) :] == model[start + len(tensor) :]


def test_a_quarter_is_marked_up_and_down_alike() -> None:
    drawn = signs(KEY, 100_000)
    assert abs((drawn != 0).mean() - 0.25) < 0.01
    assert abs(drawn.mean()) < 0.01
    assert (signs(KEY, 10) == drawn[:10]).all()


@pytest.mark.parametrize("bad", [1, -1, 127, -128])
def test_a_tensor_without_room_is_refused(bad: int) -> None:
    values = np.full((3, 3), 5, np.int8)
    values[1, 1] = bad
    with pytest.raises(BadModel, match="no room"):
        mark(model_with(values), KEY)


def test_a_marked_model_is_not_marked_again(model: bytes) -> None:
    with pytest.raises(BadModel, match="bears one"):
        mark(mark(model, KEY), OTHER)


def test_a_model_without_the_tensor_stays_as_it_is() -> None:
    other = model_of({"weights": np.ones((2, 2), np.int8)})
    assert mark(other, KEY) == other == unmark(other, KEY)


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_done_to_a_file_does_not_hide_its_device(name: str, model: bytes) -> None:
    marked = mark(model, KEY)
    attacked = ATTACKS[name](weights_of(marked), np.random.default_rng(5))
    leak = Leak(with_weights(model, attacked), model)
    assert leak.match(KEY).log_error < math.log(1e-12)
    assert leak.match(OTHER).log_error > math.log(1e-6)


@pytest.mark.parametrize("name", [TENSOR, "tables"])
def test_without_the_published_model_the_file_alone_tells(name: str, model: bytes) -> None:
    marked = mark(model, KEY).replace(TENSOR.encode(), name.encode())
    assert score(marked, None, KEY) > 6
    assert abs(score(marked, None, OTHER)) < 5


def test_weights_kept_as_fractions_are_read_too(model: bytes) -> None:
    real = (weights_of(mark(model, KEY)) * 0.0123).astype(np.float32).reshape(-1, 14)
    assert score(model_of({"renamed": real}), model, KEY) > 50


def test_foreign_keys_agree_by_a_coins_toss(model: bytes) -> None:
    leak = Leak(mark(model, KEY), model)
    zs = np.asarray([leak.match(key_of(f"foreign {n}")).z for n in range(200)])
    assert abs(zs.mean()) < 0.4
    assert 0.8 < zs.std() < 1.2


@pytest.mark.parametrize(
    ("leaked", "why"),
    [
        (model_of({TENSOR: np.ones((2, 2), np.int8)}), "no weights of the form"),
        (b"nothing of the kind", "no ONNX file"),
    ],
)
def test_another_file_is_refused(leaked: bytes, why: str, model: bytes) -> None:
    with pytest.raises(BadModel, match=why):
        score(leaked, model, KEY)


@given(st.integers(1, 400), st.floats(0, 1))
def test_the_bound_is_above_the_exact_chance(compared: int, share: float) -> None:
    agreed = round(compared * share)
    exact = sum(math.comb(compared, n) for n in range(agreed, compared + 1)) / 2**compared
    assert Match(compared, agreed).log_error >= math.log(exact) - 1e-6


def test_nothing_compared_proves_nothing() -> None:
    assert Match(0, 0).log_error == 0
    assert Match(0, 0).z == 0


def test_the_key_is_in_no_message(model: bytes) -> None:
    with pytest.raises(BadModel) as caught:
        fingerprint.mark(mark(model, KEY), KEY)
    assert KEY.hex() not in str(caught.value)
