from typing import Any

import pytest

from sinks.reviews.figures import Coverage, Series
from streams.reviews.report.facts import Facts
from streams.reviews.report.verdict import Verdict, calm, verdict
from streams.reviews.report.words import Clock
from tests.support.mornings import facts, rise, series, steady
from tests.support.nights import DATE, account, ticket

CLOCK = Clock("Asia/Shanghai")


def judged(found: Facts) -> Verdict:
    return verdict(found, str, CLOCK)


def said(found: Facts) -> list[str]:
    return [f"{one.level}: {one.text} ({one.more})" for one in judged(found).notices]


def test_a_night_like_the_others_is_quiet() -> None:
    found = facts()
    assert judged(found) == ("quiet", [])
    assert calm(found, CLOCK) == (
        "1,000 reviews, every one accounted for; volume, sentiment and attributes as in the nights"
        " before."
    )


@pytest.mark.parametrize(
    ("nights", "told"),
    [(0, "This is the first night"), (6, "once there are 7 nights before; so far 6 nights")],
)
def test_with_too_few_nights_it_does_not_claim_a_comparison(nights: int, told: str) -> None:
    found = facts(volume=series("", steady(1_000, 1_000, nights)))
    assert judged(found).level == "quiet"
    assert told in calm(found, CLOCK)


@pytest.mark.parametrize(
    ("labelled", "told"),
    [
        (999, "1 review has no label and no reason"),
        (900, "100 reviews have no label and no reason"),
        (1_002, "2 labels more than reviews were read"),
    ],
)
def test_a_record_that_is_lost_is_an_alarm_that_says_what_to_run(labelled: int, told: str) -> None:
    found = judged(facts(coverage=Coverage(1_000, labelled, {}, {})))
    assert found.level == "alarm"
    assert found.notices[0].text == told
    assert found.notices[0].more.endswith(f"groundswell reviews run --date {DATE}")


def test_no_review_is_an_alarm_where_there_were_some() -> None:
    nothing = {"coverage": Coverage(0, 0, {}, {}), "account": account([])}
    dry = facts(volume=series("", steady(0, 1_000)), **nothing)
    assert said(dry) == ["alarm: No review was read (is the day there, in shop?)"]
    assert judged(facts(volume=series("", [0]), **nothing)).level == "attention"


def test_tickets_by_severity_with_the_first_that_is_due() -> None:
    tickets = [
        ticket("a", severity="critical", due="2026-11-20T21:00:00.000Z", title="later"),
        ticket("b", severity="critical", due="2026-11-20T20:00:00.000Z", title="sooner"),
        ticket("c", severity="error", due="2026-11-21T16:00:00.000Z", title="an error"),
        ticket("d", severity="warning"),
        ticket("e", severity="info"),
    ]
    assert said(facts(tickets=tickets)) == [
        "alarm: 2 critical tickets, first due Sat 21 Nov 04:00 (sooner)",
        "attention: 1 error ticket, due Sun 22 Nov 00:00 (an error)",
    ]
    later = facts(tickets=tickets[3:])
    assert judged(later).level == "quiet"
    assert "; 2 tickets without haste, first due Sun 22 Nov 08:00;" in calm(later, CLOCK)


@pytest.mark.parametrize(
    ("today", "before", "told"),
    [
        (600, 1_000, ["attention: Only 600 reviews (usually 1,000)"]),
        (1_600, 1_000, ["attention: 1,600 reviews (usually 1,000)"]),
        (1_300, 1_000, []),
        (800, 1_000, []),
        # By chance alone.
        (3, 6, []),
        (14, 6, []),
    ],
)
def test_a_volume_unlike_any_night_before(today: int, before: int, told: list[str]) -> None:
    volume = series("", steady(today, before))
    calm = {"negative": series("negative", steady(0, 0))}
    assert said(facts(volume=volume, sentiments=calm)) == told


def test_a_sunday_is_compared_with_sundays() -> None:
    week = [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 300]
    counts = [300, *week, *week, *week, *week]
    quiet = {"negative": series("negative", [0] * 29)}
    assert said(facts(volume=series("", counts), sentiments=quiet)) == []
    counts[-1] = 1_000
    assert said(facts(volume=series("", counts), sentiments=quiet)) == [
        "attention: 1,000 reviews (usually 300)"
    ]


def test_more_negative_reviews_than_by_chance() -> None:
    def of(today: int) -> dict[str, Series]:
        return {"negative": series("negative", steady(today, 100))}

    assert said(facts(sentiments=of(160))) == [
        "attention: 16.0 % of reviews are negative (usually 10.0 %)"
    ]
    assert said(facts(sentiments=of(112))) == []
    assert said(facts(sentiments=of(20))) == []


def test_what_rose_is_named_once_and_praise_is_no_trouble() -> None:
    risen = [
        rise(None, "logistics"),
        rise("lamp", "logistics"),
        rise("", "battery"),
        rise(None, "price", "positive"),
        *(rise(f"p{n}", "taste") for n in range(3)),
    ]
    assert said(facts(risen=risen)) == [
        "attention: Complaints about logistics rose (60 reviews instead of 20)",
        "attention: Complaints about battery of no product named rose (60 reviews instead of 20)",
        "attention: Complaints about taste of p0 rose (60 reviews instead of 20)",
        "attention: 2 more complaints rose ()",
    ]


@pytest.mark.parametrize(
    ("refused", "before", "told"),
    [
        (30, 0, ["attention: 30 records were refused (3.0 % of those read, usually 0 %)"]),
        (30, 25, []),
        (9, 0, []),
    ],
)
def test_more_refused_than_usual(refused: int, before: int, told: list[str]) -> None:
    statuses = {
        "labelled": series("labelled", steady(1_000 - refused, 1_000 - before)),
        "refused": series("refused", steady(refused, before)),
    }
    coverage = Coverage(1_000, 1_000 - refused, {}, {"not_utf8": refused})
    assert said(facts(statuses=statuses, coverage=coverage)) == told


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"asked": 40, "answered": 12}, "attention"),
        ({"asked": 40, "answered": 39}, "quiet"),
        ({}, "quiet"),
    ],
)
def test_a_model_that_does_not_answer(given: dict[str, Any], level: str) -> None:
    assert judged(facts(account=account([], **given))).level == level
