from collections.abc import Iterable

import pytest

from schemas.times import MINUTE_MS
from streams.hindsight.errors import Unclear
from streams.hindsight.question import (
    Question,
    clock,
    minute_of,
    product_of,
    span_of,
    subject_of,
    surveyed,
)
from streams.hindsight.spool import Spool
from streams.hindsight.survey import Survey, Told
from tests.streams.hindsight.made import NOON

THEMES = (
    Told("a1", 50, 50, NOON, "支付一直转圈 付不了款", ("支付", "转圈")),
    Told("b2", 90, 90, NOON, "login is slow", ("login", "slow")),
    Told("c3", 90, 90, NOON, "slow pictures", ("slow", "pictures")),
)


def survey() -> Survey:
    return Survey("wallet", NOON, NOON + 200, themes={told.cluster_id: told for told in THEMES})


def spools(products: Iterable[str]) -> list[Spool]:
    spool = Spool([])
    with spool:
        spool.products.update(products)
    return [spool]


@pytest.mark.parametrize(
    ("words", "found"),
    [("支付转圈", "a1"), ("my LOGIN!", "b2"), ("slow", "b2"), ("slow pictures", "c3")],
)
def test_words_find_the_theme_that_shares_most(words: str, found: str) -> None:
    subject = subject_of(Question(about=words), survey())
    assert [theme.cluster_id for theme in subject.themes] == [found]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Question(about="weather"), "no theme of wallet is about «weather»"),
        (Question(about=""), "no theme of wallet is about «»"),
        (Question(theme="zz"), "no theme zz in wallet"),
    ],
)
def test_what_is_not_there_is_told(question: Question, says: str) -> None:
    with pytest.raises(Unclear, match=says):
        subject_of(question, survey())


def test_an_incident_that_is_not_there_is_told() -> None:
    with pytest.raises(Unclear, match="no incident i-1 in these minutes"):
        surveyed(Question(incident="i-1"), {"wallet": survey()})
    assert surveyed(Question(), {"wallet": survey()}).product == "wallet"
    with pytest.raises(Unclear, match="--from and --to leave nothing"):
        surveyed(Question(), {})
    late = Survey("wallet", NOON, NOON + 200, start=NOON + 201)
    with pytest.raises(Unclear, match="--from and --to leave nothing"):
        surveyed(Question(), {"wallet": late})


def test_the_product_is_named_or_the_only_one() -> None:
    assert product_of(Question(), spools(["wallet"])) == "wallet"
    assert product_of(Question(product="video"), spools(["wallet", "video"])) == "video"
    assert product_of(Question(incident="i-1"), spools(["wallet", "video"])) is None
    with pytest.raises(Unclear, match="several products, name one: --product p0, p1, p2, p3, p4 a"):
        product_of(Question(about="x"), spools([f"p{n}" for n in range(9)]))
    with pytest.raises(Unclear, match="no reports of product shop; there is wallet"):
        product_of(Question(product="shop"), spools(["wallet"]))


def test_the_minutes_asked_for_are_cut_to_those_there_are() -> None:
    assert span_of(Question(), survey(), None) == range(NOON, NOON + 201)
    asked = Question(start=NOON + 5, stop=NOON + 250)
    assert asked.span == range(NOON + 5, NOON + 251)
    assert span_of(asked, survey(), None) == range(NOON + 5, NOON + 201)
    assert span_of(Question(start=NOON - 9), survey(), None) == range(NOON, NOON + 201)
    with pytest.raises(Unclear, match="known from 2026-01-05 08:00 to 2026-01-05 11:20"):
        span_of(Question(start=NOON + 999), survey(), None)


def test_times_are_read_and_written() -> None:
    assert minute_of("--from", None) is None
    minute = minute_of("--from", "2026-11-20T09:14Z")
    assert minute is not None
    assert clock(minute) == "2026-11-20 09:14"
    assert minute_of("--from", str(NOON * MINUTE_MS)) == NOON
    with pytest.raises(Unclear, match="--to soon: no time is understood; write 2026-"):
        minute_of("--to", "soon")
