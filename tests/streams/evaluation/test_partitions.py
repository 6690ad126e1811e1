import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.evaluation.partitions import agreement

parts = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=25)


def test_the_same_partition_by_other_names_agrees_wholly() -> None:
    assert agreement("aabbc", [7, 7, 1, 1, 0])[:4] == pytest.approx((1.0,) * 4)
    assert agreement("aaaa", [1, 1, 1, 1]) == (1.0, 1.0, 1.0, 1.0, 1)
    assert agreement("abc", [1, 2, 3])[1] == 1.0


def test_pure_but_split_and_whole_but_mixed() -> None:
    split = agreement("aabb", [0, 1, 2, 3])
    mixed = agreement("aabb", [0, 0, 0, 0])
    assert split[2:] == pytest.approx((1.0, 0.5, 4))
    assert mixed[2:] == pytest.approx((0.0, 1.0, 1))
    with pytest.raises(ValueError, match="shorter"):
        agreement("aab", [0])


@settings(max_examples=60)
@given(parts)
def test_against_pairs_counted_one_by_one(rows: list[tuple[int, int]]) -> None:
    pairs = list(combinations(rows, 2))
    a = sum(x[0] == y[0] for x, y in pairs)
    b = sum(x[1] == y[1] for x, y in pairs)
    both = sum(x == y for x, y in pairs)
    chance = a * b / len(pairs)
    expected = (both - chance) / ((a + b) / 2 - chance) if (a + b) / 2 != chance else 1.0
    truth, found = zip(*rows, strict=True)
    assert agreement(truth, found).ari == pytest.approx(expected)


@settings(max_examples=60)
@given(parts)
def test_against_mutual_information_by_its_definition(rows: list[tuple[int, int]]) -> None:
    n = len(rows)
    truth, found = zip(*rows, strict=True)
    mutual = 0.0
    for x, y in set(rows):
        joint = rows.count((x, y)) / n
        mutual += joint * math.log(joint / (truth.count(x) / n * (found.count(y) / n)))
    entropies = [
        -sum(side.count(part) / n * math.log(side.count(part) / n) for part in set(side))
        for side in (truth, found)
    ]
    result = agreement(truth, found)
    if sum(entropies) > 0:
        assert result.nmi == pytest.approx(2 * mutual / sum(entropies))
    if all(entropies):
        assert result.homogeneity == pytest.approx(mutual / entropies[0])
        assert result.completeness == pytest.approx(mutual / entropies[1])
