from itertools import product

import pytest

from windows.slice_rows import Row, explain_rows, figure

NAMES = ("version", "os", "region")
LEAVES = list(product(("7.1", "7.2", "7.3"), ("ios", "android"), ("north", "south", "west")))


def rows(factor: dict[tuple[str, ...], float], each: float = 20.0) -> list[Row]:
    return [Row(leaf, each * factor.get(leaf, 1.0), None, each) for leaf in LEAVES]


def inside(**wanted: str) -> list[tuple[str, ...]]:
    return [
        leaf
        for leaf in LEAVES
        if all(leaf[NAMES.index(name)] == value for name, value in wanted.items())
    ]


@pytest.mark.parametrize(
    "cause",
    [{"version": "7.2"}, {"version": "7.2", "os": "ios"}],
)
def test_names_what_rose_and_what_fell(cause: dict[str, str]) -> None:
    rise = explain_rows(NAMES, rows(dict.fromkeys(inside(**cause), 4.0)), history=10)
    assert rise.attributes == cause
    assert "of the rise" in rise.reason
    fall = explain_rows(NAMES, rows(dict.fromkeys(inside(**cause), 0.1), each=80), history=10)
    assert fall.attributes == cause
    assert "of the fall" in fall.reason


def test_share_and_lift_are_those_of_the_change() -> None:
    found = explain_rows(NAMES, rows(dict.fromkeys(inside(os="ios"), 2.0)), history=10)
    assert found.share == pytest.approx(1.0)
    assert found.lift == pytest.approx(2.0, rel=0.01)
    assert found.reason == "os=ios holds 100% of the rise, 50% expected"


def test_abstains_when_everything_rises_alike() -> None:
    found = explain_rows(NAMES, rows(dict.fromkeys(LEAVES, 3.0)), history=10)
    assert found.abstained
    assert found.attributes == {}
    assert "no attribute value is more common in the rise" in found.reason


def test_abstains_when_nothing_happened() -> None:
    found = explain_rows(NAMES, rows({}), history=10)
    assert found.reason == "nothing to explain: 360 observed, 360 expected"
    some = explain_rows(NAMES, rows({LEAVES[0]: 1.5}), history=10)
    assert some.abstained
    assert some.reason == "no more than the usual ups and downs: 370 observed, 360 expected"


def test_more_traffic_is_no_cause_of_a_higher_rate() -> None:
    # The rate doubled everywhere; the south has ten times the users it had.
    many = [
        Row(leaf, 2.0 * users / 10, users, users / 10)
        for leaf in LEAVES
        for users in [1_000.0 if leaf[2] == "south" else 100.0]
    ]
    assert explain_rows(NAMES, many, history=10).abstained


def test_a_rate_that_rises_by_one_amount_everywhere_is_no_slice() -> None:
    # iOS complains ten times as often by habit; .1 more of all users complain now.
    alike = [
        Row(leaf, usual + 20, 200.0, usual)
        for leaf in LEAVES
        for usual in [20.0 if leaf[1] == "ios" else 2.0]
    ]
    assert explain_rows(NAMES, alike, history=10).abstained


def test_two_slices_with_the_same_trouble_are_named_together() -> None:
    hit = dict.fromkeys(inside(region="north") + inside(region="west"), 4.0)
    found = explain_rows(NAMES, rows(hit), history=10)
    names = [found.attributes, *(one.attributes for one in found.also)]
    assert sorted(one["region"] for one in names) == ["north", "west"]
    assert " and " in found.reason
    assert [one.attributes for one in found.candidates[:2]] == names


def test_candidates_come_even_when_it_abstains() -> None:
    hit = zip(LEAVES, [1.2, 1.6, 1.3] * 6, strict=True)
    uneven = [Row(leaf, 20 * factor, None, 20) for leaf, factor in hit]
    found = explain_rows(NAMES, uneven, history=10, top=3)
    assert found.abstained
    assert len(found.candidates) == 3


def test_rows_of_one_combination_add_up() -> None:
    parts = rows(dict.fromkeys(inside(os="ios"), 2.0))
    halves = [Row(r.values, r.observed / 2, None, r.expected / 2) for r in parts for _ in range(2)]
    assert explain_rows(NAMES, halves, history=10) == explain_rows(NAMES, parts, history=10)


def test_refuses_a_row_of_another_shape() -> None:
    with pytest.raises(ValueError, match="needs 3 values"):
        explain_rows(NAMES, [Row(("7.1",), 9, None, 1)])


def test_no_rows_are_nothing_to_explain() -> None:
    assert explain_rows(NAMES, []).abstained


def test_figures_are_short() -> None:
    assert [figure(n) for n in (1234.6, 12.345, 0.0)] == ["1,235", "12.3", "0"]
