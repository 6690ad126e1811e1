from streams.simulation import Scenario
from streams.simulation.products import make_products


def test_further_products_are_recombined() -> None:
    products = make_products(Scenario(products=9))
    assert [p.name for p in products[:4]] == ["wallet", "video", "shop", "wallet-4"]
    assert len({p.name for p in products}) == 9
    assert products[3].features != products[0].features
    assert set(products[3].features.zh) & set(products[0].features.zh)
