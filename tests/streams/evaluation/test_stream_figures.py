import math

import pytest

from streams.evaluation.stream_figures import Figure, Judged, figures
from streams.simulation.scoring import Score, score
from streams.simulation.truth import BurstTruth
from tests.streams.simulation.reports import (
    JOB_TERMS,
    OTHER_TERMS,
    at,
    injected,
    reported,
    truth,
)

REGION = {"region": "CN-31"}


def of(*scores: Score) -> dict[str, Figure]:
    judged = [Judged(one, (50 + n, 60), (100, 200)) for n, one in enumerate(scores)]
    return {one.measure: one for one in figures(judged)}


def one_of_two() -> Score:
    some = truth(
        injected(100, number=0, attributes=REGION, change="Deploy 1"),
        injected(300, number=1, size=20, duration=60, terms=OTHER_TERMS),
    )
    right = reported(102, attributes=REGION, changes=("Deploy 1",))
    return score([right, reported(104, name="again"), reported(500, name="false")], some)


def found_late() -> Score:
    return score([reported(112)], truth(injected(100), scored_from=90))


def test_shares_are_shares_of_sums() -> None:
    said = of(one_of_two(), found_late())
    found = said["found of detectable"]
    assert found.value == pytest.approx(2 / 3)
    assert (found.counted, found.goal) == ("2 of 3", 0.98)
    assert said["found of wanted size 8 sd"].counted == "2 of 2"
    assert said["found of wanted size 20 sd"].counted == "0 of 1"
    assert said["found of 60 min"].counted == "0 of 1"
    assert said["slice top-1"].counted == said["slice top-3"].counted == "1 of 1"
    assert said["right change named first"].counted == "1 of 1"
    assert said["abstained where there is no slice"].counted == "1 of 1"
    assert said["duplicates per incident found"].counted == "1 of 2"
    assert said["live themes a product, least"].value == 50
    assert said["clusters a product, mean"].value == 150


def test_delays_of_all_seeds_are_one_sample() -> None:
    said = of(one_of_two(), found_late(), found_late())
    assert said["minutes from onset, median"][:4] == (
        "minutes from onset, median",
        12.0,
        "of 3 found",
        3.0,
    )
    assert said["minutes from onset, p95"].value == 12.0
    assert said["minutes after detectable, median"].value == 11.0
    assert said["minutes after detectable, p95"].goal is None


def test_false_incidents_are_a_rate_over_scored_hours_and_history() -> None:
    quiet = score([reported(50), reported(2000, name="b")], truth(scored_from=1440))
    said = of(one_of_two(), quiet)
    name = "false incidents per product and week"
    assert said[f"{name}, scored hours"].counted == "2 in 4.00 product-weeks"
    assert said[f"{name}, history"].counted == "1 in 0.29 product-weeks"
    both = said[name]
    assert both.value == pytest.approx(3 / (4 + 2 / 7), abs=1e-5)
    assert (both.goal, both.higher_is_better) == (3.0, False)
    assert of(one_of_two())[name].counted == "1 in 2.00 product-weeks"


def test_nights_after_the_first_are_counted() -> None:
    burst = BurstTruth("wallet", "job", JOB_TERMS, (at(200), at(1640)), 10)
    night = reported(1643, texts=("report export row 7 skipped",))
    said = of(score([night], truth(bursts=(burst,))))
    assert said["nightly bursts alarmed after the first"][1:3] == (1.0, "1 of 1")


def test_nothing_to_count_is_no_figure() -> None:
    said = of(score([], truth()))
    for name in ("found of detectable", "slice top-1", "minutes from onset, p95"):
        assert math.isnan(said[name].value)
    assert said["false incidents per product and week"].value == 0.0
