import pytest

from streams.simulation.scoring import Share, score
from streams.simulation.truth import BurstTruth, SurgeTruth
from tests.streams.simulation.reports import (
    JOB_TERMS,
    OTHER_TERMS,
    at,
    injected,
    reported,
    truth,
)

REGION = {"region": "CN-31"}
TWO = truth(
    injected(100, number=0, attributes=REGION, change="Deploy 1"),
    injected(300, number=1, size=20, duration=60, terms=OTHER_TERMS),
)


def test_perfect() -> None:
    figures = score(
        [
            reported(102, name="a", attributes=REGION, changes=("Deploy 1", "Deploy 2")),
            reported(304, name="b", texts=("闪退",)),
        ],
        TWO,
    )
    assert figures.detected == Share(2, 2)
    assert figures.detected.percent == 100
    assert figures.by_size == {"8": Share(1, 1), "20": Share(1, 1)}
    assert figures.by_duration == {"30": Share(1, 1), "60": Share(1, 1)}
    assert (figures.delay_median, figures.delay_p95) == (3.0, 4.0)
    assert figures.delay_median_after_detectable == 2.0
    assert figures.slice_top1 == figures.slice_top3 == Share(1, 1)
    assert figures.abstained == Share(1, 1)
    assert figures.change_named == Share(1, 1)
    assert figures.false_incidents == figures.duplicates == 0
    assert figures.missed == ()


def test_none() -> None:
    figures = score([], TWO)
    assert figures.detected == Share(0, 2)
    assert figures.delay_median is None
    assert figures.delay_p95 is None
    assert figures.slice_top1 == Share(0, 0)
    assert figures.slice_top1.percent is None
    assert figures.false_per_product_week == 0
    assert figures.missed == ("injected-0", "injected-1")


def test_all_false() -> None:
    wrong = [reported(100 + n, name=f"x{n}", texts=("积分",)) for n in range(6)]
    figures = score(wrong, TWO)
    assert figures.detected == Share(0, 2)
    assert figures.false_incidents == 6
    assert figures.product_weeks == pytest.approx(2.0)
    assert figures.false_per_product_week == pytest.approx(3.0)
    assert figures.false_ids == tuple(f"x{n}" for n in range(6))


def test_late() -> None:
    figures = score([reported(140, onset=120), reported(420, name="b", texts=("闪退",))], TWO)
    assert figures.detected == Share(1, 2)
    assert figures.delay_median == 40
    assert figures.false_incidents == 1


def test_duplicates_are_not_false() -> None:
    reports = [reported(102 + n, name=f"r{n}") for n in range(3)]
    figures = score(reports, TWO)
    assert figures.detected == Share(1, 2)
    assert figures.duplicates == 2
    assert figures.false_incidents == 0


def test_small_incidents_count_by_size_only() -> None:
    figures = score([reported(102)], truth(injected(100, size=4, detectable=False)))
    assert figures.detected == Share(0, 0)
    assert figures.by_size == {"4": Share(1, 1)}
    assert figures.false_incidents == 0
    assert figures.delay_median is None


def test_p95_is_the_nearest_rank() -> None:
    onsets = [100 * n for n in range(1, 21)]
    figures = score(
        [reported(onset + n, onset=onset, name=f"r{n}") for n, onset in enumerate(onsets)],
        truth(*(injected(onset, number=n) for n, onset in enumerate(onsets))),
    )
    assert figures.detected == Share(20, 20)
    assert figures.delay_p95 == 18
    assert figures.delay_median == 9.5


@pytest.mark.parametrize(
    ("attributes", "candidates", "top1", "top3"),
    [
        ({"device": "Mi 14"}, (), 1, 1),
        ({"device": "Mi 14", "os": "android"}, (), 1, 1),
        ({"os": "android"}, (), 0, 0),
        ({"device": "Mi 14", "region": "CN-31"}, (), 0, 0),
        ({"region": "CN-31"}, ({"region": "CN-31"}, {"os": "ios"}, {"device": "Mi 14"}), 0, 1),
        ({"a": "1"}, ({"b": "1"}, {"c": "1"}, {"device": "Mi 14"}), 0, 0),
        (None, ({"device": "Mi 14"},), 0, 1),
        (None, (), 0, 0),
    ],
)
def test_slices(
    attributes: dict[str, str] | None,
    candidates: tuple[dict[str, str], ...],
    top1: int,
    top3: int,
) -> None:
    wanted = injected(100, attributes={"device": "Mi 14"}, implied={"os": "android"})
    figures = score([reported(102, attributes=attributes, candidates=candidates)], truth(wanted))
    assert figures.slice_top1 == Share(top1, 1)
    assert figures.slice_top3 == Share(top3, 1)
    assert figures.abstained == Share(0, 0)


def test_a_slice_that_is_not_there_is_no_abstention() -> None:
    figures = score([reported(102, attributes=REGION)], truth(injected(100)))
    assert figures.abstained == Share(0, 1)


def test_only_the_first_change_counts() -> None:
    figures = score([reported(102, attributes=REGION, changes=("Deploy 2", "Deploy 1"))], TWO)
    assert figures.change_named == Share(0, 1)


def test_surges() -> None:
    surge = SurgeTruth("wallet", at(500), at(540), 3.0)
    quiet = SurgeTruth("video", at(500), at(540), 3.0)
    figures = score([reported(510)], truth(injected(100), surges=(surge, quiet)))
    assert figures.surges_alarmed == Share(1, 2)
    assert figures.false_incidents == 1


def test_the_first_night_of_a_job_is_forgiven_and_the_second_is_not() -> None:
    burst = BurstTruth("wallet", "job", JOB_TERMS, (at(200), at(1640)), 10)
    lines = ("report export row 7 skipped",)
    nights = [reported(203, name="one", texts=lines), reported(1643, name="two", texts=lines)]
    figures = score(nights, truth(bursts=(burst,)))
    assert figures.first_bursts == 1
    assert figures.false_ids == ("two",)
    assert figures.later_bursts == Share(1, 1)
    quiet = score(nights[:1], truth(bursts=(burst,)))
    assert quiet.later_bursts == Share(0, 1)


def test_alarms_in_the_history_are_not_scored() -> None:
    figures = score([reported(102)], truth(scored_from=1440))
    assert figures.in_history == 1
    assert figures.history_weeks == pytest.approx(2 / 7, abs=1e-6)
    assert figures.false_incidents == 0


def test_the_first_night_is_forgiven_in_the_history_too() -> None:
    burst = BurstTruth("wallet", "job", JOB_TERMS, (at(200), at(1640)), 10)
    lines = ("report export row 7 skipped",)
    nights = [reported(203, name="one", texts=lines), reported(1643, name="two", texts=lines)]
    figures = score(nights, truth(bursts=(burst,), scored_from=2880))
    assert (figures.first_bursts, figures.in_history) == (1, 1)
    assert figures.later_bursts == Share(1, 1)


def test_delays_are_given_one_by_one() -> None:
    reports = [reported(104), reported(302.5, onset=301, name="b", texts=("闪退",))]
    figures = score(reports, TWO)
    assert figures.delays == (2.5, 4.0)
    assert figures.delays_after_detectable == (1.5, 3.0)
    assert (figures.delay_median, figures.delay_p95) == (3.25, 4.0)
