import numpy as np

from streams.simulation import Scenario
from streams.simulation.decoys import JOB_MINUTES, Surge, job_level, job_starts, spam
from streams.simulation.population import USERS
from streams.simulation.scenario import DAY
from streams.simulation.themes import Kind
from streams.simulation.world import make_world

SCENARIO = Scenario(seed=3, hours=24, history_days=2, rate=100)
WORLD = make_world(SCENARIO)


def test_a_surge_lifts_all_themes_of_its_product_and_no_other() -> None:
    surge = WORLD.surges[0]
    middle = (surge.start + surge.end) // 2
    for theme, level in zip(WORLD.themes, WORLD.levels, strict=True):
        if theme.kind is Kind.BACKGROUND:
            ratio = level[middle] / level[surge.start - 1]
            if theme.product == surge.product:
                assert ratio > 1.5
            else:
                assert ratio < 1.5


def test_a_surge_has_ramps_and_ends() -> None:
    profile = Surge(product=0, start=10, end=40, factor=3.0).profile(60)
    assert profile[9] == profile[41] == 1.0
    assert profile[25] == 3.0
    assert 1.0 < profile[12] < 3.0


def test_the_job_fails_every_night_at_the_same_time() -> None:
    job = next(theme for theme in WORLD.themes if theme.kind is Kind.JOB)
    starts = job_starts(SCENARIO, job)
    assert len(starts) == 3
    assert np.diff(starts).tolist() == [DAY, DAY]
    level = job_level(SCENARIO, job)
    assert np.flatnonzero(level).tolist() == [s + i for s in starts for i in range(JOB_MINUTES)]


def test_each_burst_of_spam_has_one_author_who_is_no_user() -> None:
    bursts = spam(SCENARIO, WORLD.themes, WORLD.populations)
    assert len(bursts) > 10
    for burst in bursts:
        assert len(set(burst.user.tolist())) <= 1
        assert (burst.user >= USERS).all()
