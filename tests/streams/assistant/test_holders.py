from hypothesis import given
from hypothesis import strategies as st

from streams.assistant.holders import A_FEW, Holders, Place, Whose

ANN, BEN, EVE = ("demo", "ann"), ("demo", "ben"), ("demo", "eve")


def _place(n: int) -> Place:
    return n % 8, b"%d" % n


def test_the_longest_silent_of_who_has_more_than_a_few_go_first() -> None:
    holders = Holders()
    for n in range(A_FEW):
        holders.used(ANN, _place(n), n)
    for n in range(100, 102 + A_FEW):
        holders.used(BEN, _place(n), n)
    for n in range(50, 53 + A_FEW):
        holders.used(EVE, _place(n), n)
    everybody = [*(_place(n) for n in (50, 51, 52)), *(_place(n) for n in (100, 101))]
    assert holders.too_many(99) == everybody
    assert holders.too_many(2) == everybody[:2]
    assert holders.too_many(0) == []


def test_what_is_used_again_is_the_last_to_go() -> None:
    holders = Holders()
    for n in range(A_FEW + 1):
        holders.used(ANN, _place(n), n)
    holders.used(ANN, _place(0), 99)
    assert holders.too_many(9) == [_place(1)]
    holders.gone(ANN, _place(1))
    assert holders.too_many(9) == []


@given(
    st.lists(st.tuples(st.sampled_from([ANN, BEN, EVE]), st.integers(0, 60), st.booleans())),
    st.integers(0, 30),
)
def test_as_a_look_at_all_of_them_says(steps: list[tuple[Whose, int, bool]], most: int) -> None:
    holders, plain = Holders(), dict[tuple[Whose, Place], int]()
    for at, (whose, n, is_used) in enumerate(steps):
        if is_used:
            holders.used(whose, _place(n), at)
            plain[whose, _place(n)] = at
        elif plain.pop((whose, _place(n)), None) is not None:
            holders.gone(whose, _place(n))
    counts = {one: sum(whose == one for whose, _ in plain) for one in (ANN, BEN, EVE)}
    found = []
    for (whose, place), _ in sorted(plain.items(), key=lambda item: item[1]):
        if counts[whose] > A_FEW:
            counts[whose] -= 1
            found.append(place)
    assert holders.too_many(most) == found[:most]
