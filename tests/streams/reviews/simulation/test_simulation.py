from collections import Counter
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest

from agents.reviews.campaigns import Traces
from schemas.reviews import Review
from streams.reviews.simulation import Day, ReviewTruth, simulate

DIGEST = "8e2e4e5a63ed679ce0d524dd8969ca3288237c812bde25295f1206c9da503d45"
Made = list[tuple[Review, ReviewTruth]]


@pytest.fixture(scope="module")
def made() -> Made:
    return list(simulate(Day(1, 12_000, odd_share=0.02)))


def test_the_same_reviews_for_ever() -> None:
    # A figure of the quality table is worth nothing if its nights change unnoticed.
    day = msgspec.msgpack.encode([list(one) for one in simulate(Day(7, 2_000))])
    assert sha256(day).hexdigest() == DIGEST


def test_so_many_and_no_coordinates_twice(made: Made) -> None:
    assert len(made) == 12_000
    assert len({review.source for review, _ in made}) == 12_000


def test_several_processes_share_the_work(made: Made) -> None:
    day = Day(1, 12_000, odd_share=0.02)
    shared = [one for part in range(2) for one in simulate(day, part, 2)]
    assert sorted(shared, key=lambda one: one[0].source) == made


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 11, 20), "Asia/Shanghai", 24),
        (date(2026, 3, 8), "America/New_York", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
    ],
)
def test_all_are_of_the_day_in_the_shops_zone(day: date, zone: str, hours: int) -> None:
    place = ZoneInfo(zone)
    times = [review.time_ms for review, _ in simulate(Day(2, 4_000, day, zone))]
    assert {datetime.fromtimestamp(ms / 1000, place).date() for ms in times} == {day}
    assert hours - 0.5 < (max(times) - min(times)) / 3_600_000 <= hours


def test_fewer_write_at_night(made: Made) -> None:
    place = ZoneInfo("Asia/Shanghai")
    hours = Counter(datetime.fromtimestamp(r.time_ms / 1000, place).hour for r, _ in made)
    assert hours[4] * 4 < hours[21]


@pytest.mark.slow
def test_campaigns_have_their_share_and_their_kinds() -> None:
    truths = [truth for _, truth in simulate(Day(5, 30_000))]
    fakes = [truth for truth in truths if truth.fake]
    assert 0.02 < len(fakes) / len(truths) <= 0.03
    assert {truth.kind for truth in fakes} == {
        "copies", "template", "slow", "attack", "burst", "advert"
    }  # fmt: skip
    assert all(truth.campaign for truth in fakes)
    assert not any(truth.campaign for truth in truths if not truth.fake)


def test_ratings_mostly_agree_with_texts(made: Made) -> None:
    told = [
        (review.rating > 3) == (truth.sentiment == "positive")
        for review, truth in made
        if review.rating and review.rating != 3 and truth.sentiment in ("positive", "negative")
    ]
    assert 0.95 < np.mean(told) < 1.0


def test_both_languages_and_many_attributes(made: Made) -> None:
    attributes = {name for _, truth in made for name, _ in truth.aspects}
    assert len(attributes) > 30
    chinese = np.mean([any("一" <= c <= "鿿" for c in review.text) for review, _ in made])
    assert 0.65 < chinese < 0.85


def test_no_slot_is_left_open(made: Made) -> None:
    plain = [r.text for r, truth in made if not truth.kind.startswith("odd")]
    assert not [text for text in plain if set("{}|") & set(text) and " | " not in text]


def test_anything_is_among_them(made: Made) -> None:
    odd = {truth.kind for _, truth in made if truth.kind.startswith("odd.")}
    assert {"odd.empty", "odd.surrogate", "odd.html", "odd.long", "odd.control"} <= odd
    assert max(len(review.text) for review, _ in made) > 20_000


def test_innocents_do_not_collide(made: Made) -> None:
    composed = [review for review, truth in made if truth.kind == "composed"][:3_000]
    traces = Traces.of(composed, [0.0] * len(composed))
    drawn = traces.column("sketch")[traces.column("weight") >= 14]
    alike = sum(
        int(np.count_nonzero((drawn[at + 1 :] == one).mean(axis=1) >= 0.5))
        for at, one in enumerate(drawn)
    )
    pairs = len(drawn) * (len(drawn) - 1) / 2
    assert alike / pairs < 2e-5


def test_few_reviews_are_fine() -> None:
    assert len(list(simulate(Day(1, 3)))) == 3
    assert list(simulate(Day(1, 0))) == []
    assert len(list(islice(simulate(Day(1, 1_000_000, fake_share=0.0)), 10))) == 10
