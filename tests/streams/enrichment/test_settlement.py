from sinks.feed import Place
from streams.enrichment.settlement import Settlement


def test_nothing_is_due_before_anything_is_done() -> None:
    settlement = Settlement()
    assert settlement.due() == []
    assert settlement.open(Place(0, 0))
    assert settlement.due() == []
    settlement.done(Place(0, 0))
    assert settlement.due() == [Place(0, 0)]


def test_what_is_done_out_of_order_waits_for_the_rest_of_its_partition() -> None:
    settlement = Settlement()
    for place in (Place(0, 3), Place(0, 7), Place(0, 9), Place(1, 4)):
        assert settlement.open(place)
    settlement.done(Place(0, 3))
    settlement.done(Place(0, 9))
    settlement.done(Place(1, 4))
    assert settlement.due() == [Place(0, 6), Place(1, 4)]
    assert settlement.waiting(0) == 1
    settlement.done(Place(0, 7))
    assert settlement.due() == [Place(0, 9), Place(1, 4)]


def test_it_is_due_until_it_is_settled() -> None:
    settlement = Settlement()
    settlement.open(Place(2, 5))
    settlement.done(Place(2, 5))
    assert settlement.due() == settlement.due() == [Place(2, 5)]
    settlement.settled(Place(2, 5))
    assert settlement.due() == []


def test_a_place_that_is_given_again_is_known() -> None:
    settlement = Settlement()
    settlement.open(Place(0, 5))
    assert not settlement.open(Place(0, 5))
    settlement.done(Place(0, 5))
    assert not settlement.open(Place(0, 5))
    assert settlement.open(Place(0, 6))
    assert settlement.waiting(1) == 0
