import pytest

from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from schemas.signals import Partial, encode_signal
from streams.hindsight.spool import Spool
from tests.agents.detect.made import START, local, minute_of, quiet_and_burst, run, told, written

APP = ("feedback.app", 0)
THROUGH = START + 60
BURST = range(START + 50, START + 54)


def both_products() -> Spool:
    """One product with a burst, and another one that the same source hears beside it."""
    spool = Spool([APP])
    shop = quiet_and_burst(APP, through=THROUGH, burst=BURST, size=12)
    for signal in told(APP, shop, through=THROUGH + 20, product="shop"):
        spool.add(signal)
        if isinstance(signal, Partial):
            said = [local(4, 2, f"map {signal.minute}", "app", "", "7.0", "ios")]
            spool.add(minute_of(APP, signal.sequence, signal.minute, said, "maps"))
    return spool


def test_what_was_added_comes_back_as_often_as_it_is_asked_for() -> None:
    with both_products() as spool:
        first, again = (list(map(encode_signal, spool.signals(None))) for _ in range(2))
        assert first == again
        assert len(first) == spool.size
        assert sorted(spool.products) == ["maps", "shop"]
        assert spool.products["maps"] == 2 * 61


@pytest.mark.slow
def test_one_product_alone_is_decided_as_among_all() -> None:
    with both_products() as spool:
        everybody, alone = (
            written(run(DetectPartition(DetectRules(), spool.sources), spool.signals(product)))
            for product in (None, "shop")
        )
    assert everybody
    assert alone == everybody
