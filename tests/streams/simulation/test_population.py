import numpy as np

from streams.simulation import SMALL
from streams.simulation.population import ATTRIBUTES, implied, make_population
from streams.simulation.products import make_products

POPULATION = make_population(SMALL, make_products(SMALL)[0])


def test_slices_hold_some_users_but_not_most() -> None:
    for size in (1, 2):
        slices = POPULATION.slices(size)
        assert {name for s in slices for name in s} == set(ATTRIBUTES)
        for attributes in slices:
            assert len(attributes) == size
            assert 0.02 <= POPULATION.members(attributes).mean() <= 0.36


def test_members_are_those_with_all_the_attributes() -> None:
    attributes = POPULATION.slices(2)[0]
    columns = [POPULATION.column(name) for name in attributes]
    wanted = tuple(attributes.values())
    slow = [user for user, has in enumerate(zip(*columns, strict=True)) if has == wanted]
    assert np.flatnonzero(POPULATION.members(attributes)).tolist() == slow


def test_a_device_implies_its_system() -> None:
    for device, system in set(
        zip(POPULATION.column("device"), POPULATION.column("os"), strict=True)
    ):
        assert implied({"device": device, "region": "x"}) == {"os": system}
    assert implied({"region": "x"}) == {}


def test_most_chinese_writers_are_in_china() -> None:
    regions = np.array(POPULATION.column("region"))
    at_home = np.char.startswith(regions[POPULATION.chinese], "CN-")
    assert 0.9 < at_home.mean() < 1
