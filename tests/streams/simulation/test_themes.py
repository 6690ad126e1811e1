import pytest

from streams.simulation import Scenario
from streams.simulation.products import make_products
from streams.simulation.themes import Kind, make_themes

SCENARIO = Scenario(products=4, rate=500.0)
THEMES = make_themes(SCENARIO, make_products(SCENARIO))


def test_every_product_has_forty_live_themes_and_some_new_ones() -> None:
    for product in range(4):
        rates = [t.rhythm.rate for t in THEMES if t.product == product and t.kind != Kind.SPAM]
        assert sum(rate > 0 for rate in rates) >= 40
        new = [
            t
            for t in THEMES
            if t.product == product and t.kind is Kind.PROBLEM and t.rhythm.rate == 0
        ]
        assert len(new) >= 2


def test_the_rates_add_up_and_fall_like_zipf() -> None:
    rates = sorted((t.rhythm.rate for t in THEMES if t.kind is not Kind.JOB), reverse=True)
    assert sum(rates) == pytest.approx(500.0)
    own = sorted(
        (t.rhythm.rate for t in THEMES if t.product == 0 and t.kind is not Kind.JOB), reverse=True
    )
    assert own[0] > 5 * own[9] > 10 * own[39] > 0


def test_what_breaks_is_rarer_than_what_is_always_said() -> None:
    def mean(kind: Kind) -> float:
        rates = [t.rhythm.rate for t in THEMES if t.kind is kind]
        return sum(rates) / len(rates)

    assert mean(Kind.PROBLEM) < mean(Kind.BACKGROUND)
