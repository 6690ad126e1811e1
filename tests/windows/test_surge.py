import pytest

from windows.surge import others, tilted

Events = dict[tuple[str, ...], float]

BASE: Events = {
    ("7.2", "ios"): 100.0,
    ("7.2", "web"): 100.0,
    ("7.1", "ios"): 300.0,
    ("7.1", ""): 100.0,
}


def test_the_cluster_is_taken_out_of_the_exposure() -> None:
    observed: Events = {("7.2", "ios"): 30.0, ("7.2", "web"): 500.0}
    assert others(BASE, observed) == {**BASE, ("7.2", "ios"): 70.0, ("7.2", "web"): 0.0}


def test_no_history_tilts_nothing() -> None:
    assert tilted(BASE, {}, BASE) == pytest.approx(BASE)


def test_a_long_history_tilts_each_attribute_to_its_own_mix() -> None:
    history: Events = {("7.2", "web"): 9_000.0, ("7.1", "web"): 27_000.0}
    base: Events = {("7.2", "ios"): 100.0, ("7.2", "web"): 100.0}
    weights = tilted(base, history, BASE)
    assert sum(weights.values()) == pytest.approx(200.0)
    assert weights["7.2", "web"] > 199.0


def test_a_short_history_tilts_a_little() -> None:
    base: Events = {("ios",): 50.0, ("web",): 50.0}
    # One event against a prior of five: (1 + 2.5) / (6 * 0.5) and 2.5 / (6 * 0.5).
    weights = tilted(base, {("web",): 1.0}, base)
    assert weights["web",] / weights["ios",] == pytest.approx(3.5 / 2.5)


def test_a_value_that_the_past_did_not_know_keeps_its_size() -> None:
    base: Events = {("8.0",): 60.0, ("7.1",): 40.0}
    assert tilted(base, {("7.1",): 500.0}, {("7.1",): 1000.0}) == pytest.approx(base)
