from random import Random

import pytest

from agents.reviews.campaigns import Traces, find
from schemas.reviews import MAX_EVIDENCE, Review
from streams.reviews.simulation import Day, simulate
from tests.agents.reviews.campaigns.nights import (
    HOUR,
    MINUTE,
    crowd,
    fakes,
    findings,
    judged,
    own_words,
    reasons,
    review,
)

PAID = (
    "老婆一直想买这个牌子，收到以后爱不释手，面料柔软没有线头，客服小姐姐也很有耐心，已经推荐给同事"
)
SWAPS = (("老婆", "妈妈"), ("柔软", "舒服"), ("，", "！"), ("也很", "非常"), ("同事", "闺蜜"))


def copy(random: Random) -> str:
    text = PAID
    for old, new in random.sample(SWAPS, 2):
        text = text.replace(old, new)
    return text + random.choice(("", "👍", "。", "~~"))


def copies(count: int, product: str = "target", *, span: float = 2 * HOUR) -> list[Review]:
    random = Random(5)
    return [
        review(copy(random), 9 * HOUR + random.random() * span, product=product, author=f"w{n}")
        for n in range(count)
    ]


def test_edited_copies_by_several_authors_for_one_product_are_a_campaign() -> None:
    honest = crowd()
    verdicts = judged([*honest, *copies(12)])
    assert fakes(verdicts) == set(range(2000, 2012))
    (campaign,) = verdicts.campaigns
    assert set(campaign.members) == fakes(verdicts)
    assert (campaign.kind, campaign.products, campaign.authors) == ("praise", 1, 12)
    assert campaign.first_ms <= campaign.last_ms < campaign.first_ms + 2 * HOUR
    assert campaign.representative in campaign.members
    assert campaign.confidence >= 0.95
    assert "12 reviews, 12 authors, 1 product" in campaign.evidence[0]
    assert {"fake.near_copies", "duplicate.near"} <= set().union(*reasons(verdicts)[2001:])


def test_blame_is_an_attack() -> None:
    attack = [
        review(f"{PAID[:30]}太差了", n * MINUTE, product="t", author=f"w{n}", rating=1.0)
        for n in range(9)
    ]
    (campaign,) = judged([*crowd(), *attack]).campaigns
    assert campaign.kind == "attack"


def test_a_slow_campaign_is_one() -> None:
    verdicts = judged([*crowd(), *copies(12, span=14 * HOUR)])
    assert len(fakes(verdicts)) == 12


def test_a_household_is_none() -> None:
    verdicts = judged([*crowd(), *copies(3)])
    assert not fakes(verdicts)
    assert not verdicts.campaigns


def test_what_everybody_copies_is_a_duplicate_and_no_campaign() -> None:
    random = Random(2)
    meme = [
        review(
            PAID,
            random.random() * 24 * HOUR,
            product=f"p{random.randrange(200)}",
            author=f"m{n}",
        )
        for n in range(300)
    ]
    verdicts = judged([*crowd(), *meme])
    assert not fakes(verdicts)
    exact = [n for n, some in enumerate(reasons(verdicts)) if "duplicate.exact" in some]
    assert len(exact) == 299
    first = min(range(2000, 2300), key=lambda n: meme[n - 2000].time_ms)
    assert first not in exact
    parts = [verdicts.part(chunk) for chunk in range(len(verdicts.ends))]
    originals = {part.original(n) for part in parts for n in range(len(part))}
    assert originals == {-1, first}


def test_a_campaign_with_what_everybody_copies_stands_out_on_its_product() -> None:
    random = Random(2)
    meme = [
        review(PAID, random.random() * 24 * HOUR, product=f"p{n % 200}", author=f"m{n}")
        for n in range(300)
    ]
    verdicts = judged([*crowd(), *meme, *copies(40)])
    assert set(range(2300, 2340)) <= fakes(verdicts)
    assert len(fakes(verdicts)) <= 42


@pytest.mark.parametrize(
    "text", ["好评", "质量很好，物流很快", "great app", "👍👍👍", "", "好" * 500]
)
def test_what_many_say_in_few_words_is_nothing(text: str) -> None:
    short = [review(text, n * 1_000, product="p1", author=f"s{n}") for n in range(500)]
    assert not any(findings(judged([*crowd(), *short])))


def test_default_texts_are_known() -> None:
    texts = ("系统默认好评！", "此用户没有填写评价。", "No comment.")
    default = [
        review(texts[n % 3], n * 1_000, product="p1", author=f"s{n}", days=1.0) for n in range(60)
    ]
    verdicts = judged([*crowd(), *default])
    assert not fakes(verdicts)
    assert reasons(verdicts)[2000:] == [{"duplicate.default"}] * 60


def test_who_posts_twice_only_repeats_himself() -> None:
    twice = [review("漏水", t * MINUTE, product="p1", author="a", rating=1.0) for t in (0, 3)]
    other = review("漏水", 5 * MINUTE, product="p1", author="b", rating=1.0)
    verdicts = judged([*crowd(), *twice, other])
    assert reasons(verdicts)[2000:] == [set(), {"duplicate.exact"}, set()]


def test_nobody_types_that_fast() -> None:
    random = Random(3)
    burst = [
        review(own_words(random, 40), 9 * HOUR + n * 8_000, product=f"p{n}", author="robot")
        for n in range(20)
    ]
    verdicts = judged([*crowd(), *burst])
    assert fakes(verdicts) == set(range(2000, 2020))
    assert verdicts.campaigns[0].authors == 1
    assert all("fake.author_burst" in some for some in reasons(verdicts)[2000:])


@pytest.mark.parametrize("texts", ["short", "same", "slowly"])
def test_who_goes_through_the_orders_of_a_month_does(texts: str) -> None:
    random = Random(3)
    pace = 150_000 if texts == "slowly" else 20_000
    written = [
        {"short": random.choice(("好", "不错", "很满意")), "same": PAID}.get(
            texts, own_words(random, 40)
        )
        for _ in range(12)
    ]
    diligent = [
        review(text, 9 * HOUR + n * pace, product=f"p{n}", author="ann")
        for n, text in enumerate(written)
    ]
    assert not fakes(judged([*crowd(), *diligent]))


def test_a_name_that_many_share_is_nobody() -> None:
    random = Random(3)
    for author in ("匿名用户", "Anonymous", ""):
        shared = [
            review(own_words(random, 60), 9 * HOUR + n * 5_000, product=f"p{n}", author=author)
            for n in range(60)
        ]
        assert not fakes(judged([*crowd(), *shared]))
    masked = [
        review(own_words(random), n * 24 * HOUR / 400, product=f"p{n % 200}", author="l***1")
        for n in range(400)
    ]
    assert not fakes(judged([*crowd(), *masked]))


def test_new_accounts_that_run_a_product_down_are_suspected_with_their_own_words() -> None:
    random = Random(4)
    usual = [review(own_words(random), n * HOUR, product="t", author=f"o{n}") for n in range(20)]
    attack = [
        review(
            own_words(random, 20),
            10 * HOUR + n * 4 * MINUTE,
            product="t",
            author=f"n{n}",
            rating=1.0,
            days=2.0,
        )
        for n in range(15)
    ]
    verdicts = judged([*crowd(), *usual, *attack])
    assert fakes(verdicts) == set(range(2020, 2035))
    (campaign,) = verdicts.campaigns
    assert campaign.kind == "attack"
    assert {"fake.new_accounts", "fake.product_burst"} <= set(campaign.reasons)


def test_old_customers_may_all_complain_of_one_product_at_once() -> None:
    random = Random(4)
    defect = [
        review(own_words(random), 10 * HOUR + n * MINUTE, product="t", author=f"n{n}", rating=1.0)
        for n in range(60)
    ]
    assert not fakes(judged([*crowd(), *defect]))


def test_a_sale_brings_some_new_accounts() -> None:
    random = Random(4)
    sale = [
        review(
            own_words(random),
            10 * HOUR + n * MINUTE,
            product="t",
            author=f"n{n}",
            days=1.0 if n % 5 == 0 else 400.0,
        )
        for n in range(60)
    ]
    assert not fakes(judged([*crowd(), *sale]))


def test_an_advert_is_one_under_any_product() -> None:
    random = Random(6)
    adverts = [
        review(
            f"同款更便宜，来我们店，加微信vip88231，下单立减{random.choice('359')}0元",
            9 * HOUR + n * MINUTE,
            product=f"p{n}",
            author=f"ad{n % 3}",
        )
        for n in range(24)
    ]
    verdicts = judged([*crowd(), *adverts])
    assert fakes(verdicts) == set(range(2000, 2024))
    assert [one.kind for one in verdicts.campaigns] == ["advert"]


def test_a_single_weak_reason_is_no_suspicion() -> None:
    honest = crowd(300)
    against = [-1.0 if one.rating and one.rating > 3 else 1.0 for one in honest]
    assert not fakes(judged(honest, against))
    new = [
        review(one.text, one.time_ms % HOUR, product=one.product, author=one.author, days=1.0)
        for one in honest[:3]
    ]
    assert not fakes(judged([*honest, *new]))


def test_weak_reasons_are_told_with_strong_ones() -> None:
    told = [*crowd(), *copies(12)]
    sentiment = [0.0] * 2000 + [-0.95] * 12
    assert all(
        "fake.rating_against_text" in some for some in reasons(judged(told, sentiment))[2000:]
    )


def test_how_a_source_writes_is_nobodys_campaign() -> None:
    random = Random(7)
    formed = []
    for product in range(40):
        title = f"{own_words(random, 16)} 官方旗舰店 用户评价："
        formed += [
            review(
                title + own_words(random, 6),
                random.random() * 24 * HOUR,
                product=f"p{product}",
                author=f"u{number}-{product}",
            )
            for number in range(12)
        ]
    assert not fakes(judged(formed))
    assert fakes(judged(formed[:12] + crowd()))


def test_a_source_that_gives_but_a_date_has_no_bursts() -> None:
    random = Random(8)
    dated = [
        review(own_words(random), 0, product=f"p{n % 50}", author=f"u{n % 40}") for n in range(500)
    ]
    assert not fakes(judged(dated))


def test_a_night_of_one_product_has_campaigns_too() -> None:
    app = [
        review(one.text, one.time_ms - 1_795_000_000_000, product="app", author=one.author)
        for one in crowd()
    ]
    verdicts = judged([*app, *copies(15, "app", span=30 * MINUTE)])
    assert fakes(verdicts) == set(range(2000, 2015))


def test_nothing_and_one() -> None:
    assert find([]).campaigns == ()
    verdicts = find([Traces.of([], []), Traces.of([review("好")], [1.0])])
    assert verdicts.ends == (0, 1)
    assert findings(verdicts) == [[]]
    assert verdicts.part(1).campaign(0) == -1


def test_chunks_make_no_difference_and_a_second_run_none_either() -> None:
    made = [one for one, _ in simulate(Day(3, 3_000, odd_share=0.1))]
    one, other = judged(made, chunk=3_000), judged(made, chunk=700)
    assert one.campaigns == other.campaigns == judged(made, chunk=700).campaigns
    assert findings(one) == findings(other)
    assert one.campaigns


def test_evidence_fits() -> None:
    made = [one for one, _ in simulate(Day(4, 6_000))]
    evidence = {finding.evidence for some in findings(judged(made)) for finding in some}
    assert evidence
    assert max(map(len, evidence)) < MAX_EVIDENCE
