import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.authors import HASH_BITS, SIZE, AuthorSketch

# Sets on both sides of SIZE and of the 4 x SIZE where `add` cuts.
hash_sets = st.builds(
    lambda seed, n: set(random.Random(seed).sample(range(1 << HASH_BITS), n)),
    st.integers(0, 20),
    st.integers(0, 6 * SIZE),
)


def sketch(hashes: set[int]) -> AuthorSketch:
    return AuthorSketch.from_list(hashes)


def merged(*parts: AuthorSketch) -> list[int]:
    whole = AuthorSketch()
    for part in parts:
        whole.merge(part)
    return whole.to_list()


@settings(max_examples=40)
@given(hash_sets)
def test_keeps_exactly_the_smallest_hashes(hashes: set[int]) -> None:
    assert sketch(hashes).to_list() == sorted(hashes)[:SIZE]


@settings(max_examples=40)
@given(hash_sets, hash_sets, hash_sets)
def test_merge_is_associative_commutative_and_idempotent(
    a: set[int], b: set[int], c: set[int]
) -> None:
    left = sketch(a)
    left.merge(sketch(b))
    right = sketch(b)
    right.merge(sketch(c))
    assert merged(left, sketch(c)) == merged(sketch(a), right) == merged(right, sketch(a))
    assert merged(left, left) == left.to_list()
    assert merged(sketch(a), sketch(b), sketch(c)) == sketch(a | b | c).to_list()


@settings(max_examples=30)
@given(hash_sets)
def test_list_form_round_trips(hashes: set[int]) -> None:
    kept = sketch(hashes).to_list()
    again = AuthorSketch.from_list(kept)
    assert again.to_list() == kept
    assert again.estimate() == sketch(hashes).estimate()


@pytest.mark.parametrize("authors", [0, 1, SIZE - 1])
def test_is_exact_below_its_size_however_often_authors_repeat(authors: int) -> None:
    seen = AuthorSketch()
    for _ in range(3):
        for author in range(authors):
            seen.add(author * 977)
    assert seen.estimate() == (authors, authors, authors)


def test_error_and_interval_at_100_to_100_000_authors() -> None:
    errors = []
    covered = 0
    runs = [(n, seed) for n in (150, 1_000, 10_000, 100_000) for seed in range(25)]
    for n, seed in runs:
        rng = random.Random(seed)
        seen = AuthorSketch.from_list(rng.getrandbits(HASH_BITS) for _ in range(n))
        value, low, high = seen.estimate()
        assert SIZE <= low <= value <= high
        errors.append((value - n) / n)
        covered += low <= n <= high
    rms = (sum(e * e for e in errors) / len(errors)) ** 0.5
    assert rms < 1.25 / (SIZE - 2) ** 0.5
    assert abs(sum(errors) / len(errors)) < 0.03
    assert covered >= 0.9 * len(runs)


def test_memory_stays_bounded_while_adding() -> None:
    seen = AuthorSketch()
    rng = random.Random(3)
    for _ in range(100_000):
        seen.add(rng.getrandbits(HASH_BITS))
        assert len(seen._values) <= 4 * SIZE


@pytest.mark.parametrize("wrong", [-1, 1 << HASH_BITS])
def test_refuses_a_hash_of_another_width(wrong: int) -> None:
    with pytest.raises(ValueError, match="52 bits"):
        AuthorSketch().add(wrong)
