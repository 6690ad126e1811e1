from dataclasses import replace
from typing import Any

import pytest

from streams.simulation import SMALL, BadScenario, Scenario


@pytest.mark.parametrize(
    ("name", "value"),
    [("hours", 0.1), ("products", 0), ("rate", 0.0), ("seed", -1), ("history_days", 400)],
)
def test_an_argument_out_of_range_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadScenario, match=name.replace("_", "-")):
        replace(SMALL, **{name: value})


def test_incidents_follow_hours_and_products_and_the_beginning_is_quiet() -> None:
    assert Scenario(hours=24, products=3).incident_count == 27
    assert Scenario(hours=24, products=3, incidents=5).incident_count == 5
    assert Scenario(hours=24).quiet_until == 75
    assert Scenario(hours=1).quiet_until == 20
    assert Scenario(hours=24, history_days=2).quiet_until == 2 * 1440


def test_each_purpose_has_its_own_draws() -> None:
    draws = [SMALL.rng(*purpose).random() for purpose in (("a",), ("b",), ("a", "b"), ("a",))]
    assert draws[0] == draws[3]
    assert len(set(draws)) == 3
