from sinks.feed import Place
from sinks.settlement import Settlement


def test_nothing_is_settled_before_anything_is_done() -> None:
    settlement = Settlement()
    assert settlement.settled() == []
    assert settlement.open(Place(0, 0))
    assert settlement.settled() == []
    settlement.done(Place(0, 0))
    assert settlement.settled() == [Place(0, 0)]


def test_what_is_done_out_of_order_waits_for_the_rest_of_its_partition() -> None:
    settlement = Settlement()
    for place in (Place(0, 3), Place(0, 7), Place(0, 9), Place(1, 4)):
        assert settlement.open(place)
    settlement.done(Place(0, 3))
    settlement.done(Place(0, 9))
    settlement.done(Place(1, 4))
    assert settlement.settled() == [Place(0, 6), Place(1, 4)]
    assert settlement.waiting(0) == 1
    settlement.done(Place(0, 7))
    assert settlement.settled() == [Place(0, 9), Place(1, 4)]


def test_a_place_that_is_given_again_is_known() -> None:
    settlement = Settlement()
    settlement.open(Place(0, 5))
    assert not settlement.open(Place(0, 5))
    settlement.done(Place(0, 5))
    assert not settlement.open(Place(0, 5))
    assert settlement.open(Place(0, 6))
    assert settlement.waiting(1) == 0
