import numpy as np
import pytest

from streams.simulation import Scenario
from streams.simulation.counts import spread
from streams.simulation.events import LOG
from streams.simulation.injection import course, inject
from streams.simulation.plans import DURATIONS, plan_incidents
from streams.simulation.world import make_world

WORLD = make_world(Scenario(seed=5, hours=48, rate=400))
INJECTIONS = [inject(WORLD, plan) for plan in plan_incidents(WORLD)]


@pytest.mark.parametrize("duration", DURATIONS)
def test_the_course_is_a_distribution_that_rises_at_once_and_decays(duration: int) -> None:
    shares = course(duration)
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() <= 3
    assert shares[0] < shares.max()
    assert 0 < shares[-1] < shares.max() / 2


def test_sizes_are_those_wanted_in_standard_deviations_of_the_background() -> None:
    known = [i for i in INJECTIONS if i.expected > 20]
    ratios = [i.size_sd / i.plan.size for i in known]
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.1)
    for injection in known:
        plan = injection.plan
        level = WORLD.levels[plan.theme][plan.onset : plan.end]
        phi = WORLD.themes[plan.theme].rhythm.phi
        assert injection.size_sd == pytest.approx(len(injection.events) / spread(level, phi))


def test_slices_hold_the_promised_share_and_channels_carry_them() -> None:
    for injection in INJECTIONS:
        plan, events = injection.plan, injection.events
        if plan.slice is None:
            continue
        inside = WORLD.populations[plan.product].members(plan.slice)[events.user]
        assert inside.mean() == pytest.approx(injection.share)
        assert injection.share >= 0.85
        # Social posts carry no attribute for certain, web forms no version and no device.
        assert not (events.channel[inside] == 3).any()
        if {"app_version", "device"} & set(plan.slice):
            assert not (events.channel[inside] == 1).any()


def test_detectable_means_six_deviations_and_fifteen_authors() -> None:
    assert {injection.detectable for injection in INJECTIONS} == {True, False}
    for injection in INJECTIONS:
        events = injection.events
        authors = len(set(events.user[events.language != LOG].tolist()))
        assert injection.authors == authors
        assert injection.detectable == (injection.size_sd >= 6 and authors >= 15)
        if injection.detectable:
            assert injection.detectable_at_ms is not None


def test_the_events_lie_within_the_duration() -> None:
    for injection in INJECTIONS:
        minutes = injection.events.time_ms // 60_000 - WORLD.scenario.first_minute
        assert minutes.min() >= injection.plan.onset
        assert minutes.max() < injection.plan.end
