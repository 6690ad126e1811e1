"""Four weeks of nights of a made-up shop, and a last one on which something is wrong."""

import datetime
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.reviews import Aspect, Finding, Polarity, ReviewLabel, RiskTicket
from schemas.times import format_ms, parse_ms
from sinks.reviews.options import FILE
from tests.support.nights import DATE, label, night, ticket, write_night

PRODUCTS = ("电热水壶 1.7L", "Trail backpack 28L", "新疆灰枣 500g", "羽绒服 女款", "Desk lamp")
_BEGIN = "T16:00:00.000Z"
"""Of a day in Shanghai, on the date before."""
_WEEKEND = 1.25
_SAYINGS: dict[tuple[str, Polarity], tuple[str, ...]] = {
    ("logistics", "positive"): ("物流很快，第二天就到", "arrived a day early"),
    ("logistics", "negative"): (
        "物流慢得离谱，等了九天",
        "快递放在驿站三天没人通知",
        "Delivery took two weeks and nobody answered",
        "又延迟发货，说好的次日达呢",
    ),
    ("quality", "positive"): ("做工很好，没有线头", "solid build, feels well made"),
    ("quality", "negative"): ("用了两次就漏水", "The zip broke on day one", "盖子合不上，做工粗糙"),
    ("price", "positive"): ("这个价格很值", "good value for the money"),
    ("price", "negative"): ("刚买完就降价三十块", "overpriced for what it is"),
    ("service", "negative"): ("客服一直不回", "support kept sending me the same text"),
    ("packaging", "negative"): ("盒子压扁了", "box was crushed"),
    ("taste", "positive"): ("很甜，孩子爱吃", "tastes great"),
    ("size", "negative"): ("尺码偏小，建议大一号", "runs small"),
}
_CAUSE = "parcel late, no answer to questions"
_COPIED = "这家店的水壶烧水有塑料味，千万别买，去隔壁店更便宜"


def weeks(
    folder: Path,
    reviews: int = 120,
    *,
    days: int = 28,
    gaps: Sequence[int] = (9, 10, 11),
    **given: Any,
) -> Path:
    """Store the nights of `days` before DATE but for `gaps`, and that of DATE; the DuckDB file.

    So many `reviews` on a working day; `given`: fields of the account of DATE.
    """
    luck = random.Random(6)
    for back in range(days, 0, -1):
        date = day(back)
        found = _labels(luck, date, _busy(luck, date, reviews), 0.1)
        if back not in gaps:
            store(folder, date, found)
    store(folder, DATE, _last(luck, reviews), tickets(), **_account(given))
    return folder / FILE


def day(back: int) -> str:
    """So many days before DATE."""
    return str(datetime.date.fromisoformat(DATE) - datetime.timedelta(back))


def store(
    folder: Path,
    date: str,
    labels: Sequence[ReviewLabel],
    tickets: Sequence[RiskTicket] = (),
    **given: Any,
) -> Path:
    """Write one night; the DuckDB file."""
    ends = datetime.date.fromisoformat(date)
    begins = ends - datetime.timedelta(1)
    of_day = {"start": f"{begins}{_BEGIN}", "end": f"{ends}{_BEGIN}"}
    ordered = sorted(labels, key=lambda one: (one.time, one.source))
    made = night(folder / "work" / date, ordered, tickets, date=date, size=5_000, **of_day | given)
    write_night(made, folder, parquet=False)
    return folder / FILE


def tickets() -> list[RiskTicket]:
    """Those of DATE."""
    kettle, pack, dates, coat, _ = PRODUCTS
    return [
        ticket(
            "2026-11-20-0f3a9c1d22e7",
            kind="human",
            severity="critical",
            due="2026-11-20T20:00:00.000Z",
            title=f"human: injury: 2 reviews of {kettle}",
            product=kettle,
            reason="human.injury: 烫伤了手",
            reviews=2,
            quotes=(
                "壶把突然断了，孩子烫伤了手，医院开了证明",
                "handle came off, I burned my hand",
            ),
        ),
        ticket(
            "c-1",
            kind="campaign",
            severity="error",
            due="2026-11-21T16:00:00.000Z",
            title=f"attack campaign: 24 reviews of {kettle}",
            product=kettle,
            reason="near_copies: 24 texts of 9 authors; new_accounts: 9 of 9 younger than 14 days",
            confidence=0.98,
            reviews=24,
            authors=tuple(f"new-{n}" for n in range(9)),
            sources=tuple(f"shop:c{n}" for n in range(24)),
            quotes=(_COPIED, _COPIED.replace("千万", "大家"), _COPIED + "！！"),
        ),
        ticket(
            "2026-11-20-77aa10b35c01",
            severity="error",
            due="2026-11-21T16:00:00.000Z",
            title=f"banned: gambling: 3 reviews of {pack}",
            product=pack,
            reason="banned.gambling: 博 彩",
            reviews=3,
            quotes=("加我看博 彩内幕",),
        ),
        ticket(
            "2026-11-20-b1c2d3e4f506",
            kind="contact",
            severity="warning",
            due="2026-11-23T16:00:00.000Z",
            title=f"contact: wechat: 4 reviews of {dates}",
            product=dates,
            reason="contact.wechat: [contact]",
            reviews=4,
            quotes=("低价枣加微 [contact]",),
        ),
        ticket(
            "2026-11-20-1122334455aa",
            kind="fake",
            severity="info",
            due="2026-11-27T16:00:00.000Z",
            title=f"suspected fake: 5 reviews of {coat}",
            product=coat,
            reason="fake.author_burst: 12 in 30 min",
            reviews=5,
            quotes=("非常好非常好非常好",),
        ),
    ]


def _last(luck: random.Random, reviews: int) -> list[ReviewLabel]:
    """Late parcels, a campaign, three that wait for a model and four that were none."""
    found = _labels(luck, DATE, round(reviews * 1.15), 0.28)
    at = parse_ms(f"{DATE}T03:10:00Z")
    found += [
        label(
            f"shop:c{n}",
            time=format_ms(at + 150_000 * n),
            product=PRODUCTS[0],
            author=f"new-{n % 9}",
            rating=1.0,
            campaign="c-1",
            aspects=(Aspect("quality", "negative", "塑料味"),),
            findings=(Finding("duplicate", "duplicate.near"),),
            excerpt=_COPIED,
        )
        for n in range(24)
    ]
    found += [
        label(f"shop:o{n}", status="open", reason="waits for a language model: cause", findings=())
        for n in range(3)
    ]
    none = {"status": "refused", "lang": "none", "aspects": (), "findings": ()}
    found += [label(f"shop:r{n}", reason="empty_text", excerpt="", **none) for n in range(3)]
    return [*found, label("shop:r3", reason="not_utf8", excerpt="", **none)]


def _account(given: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "campaigns": 1,
        "findings": {"banned": 3, "duplicate": 24},
        "asked": 41,
        "answered": 38,
        "left_to_rules": 6,
        "calls": 41,
        "tokens_in": 18_204,
        "tokens_out": 2_911,
        "cost": 0.042,
        "code": "0.4.0",
        "rules": "0.4.0-1f9c2ab7",
        "models": "zh-3f1c en-77ab",
        "seconds": {"check": 61.2, "compare": 4.1, "label": 3.3, "ask": 48.0, "write": 6.9},
    }
    return fields | given


def _busy(luck: random.Random, date: str, reviews: int) -> int:
    weekend = datetime.date.fromisoformat(date).weekday() >= 5
    return round(reviews * (_WEEKEND if weekend else 1.0) * luck.uniform(0.9, 1.1))


def _labels(luck: random.Random, date: str, number: int, late: float) -> list[ReviewLabel]:
    """So many reviews, a share of them about late parcels."""
    start = parse_ms(f"{datetime.date.fromisoformat(date) - datetime.timedelta(1)}{_BEGIN}")
    return [_label(luck, f"shop:{date}-{n}", date, start, late) for n in range(number)]


def _label(luck: random.Random, source: str, date: str, start: int, late: float) -> ReviewLabel:
    if luck.random() < late:
        said: list[tuple[str, Polarity]] = [("logistics", "negative")]
    else:
        weights = (4, 16, 3, 3, 12, 5, 16, 3, 3, 9)
        said = luck.choices(sorted(_SAYINGS), weights, k=luck.choice((1, 1, 2)))
    words = [(*one, luck.choice(_SAYINGS[one])) for one in dict.fromkeys(said)]
    bad = [one for one in words if one[1] == "negative"]
    sentiment = "positive" if not bad else "negative" if len(bad) == len(words) else "mixed"
    if luck.random() < 0.06:
        sentiment = "neutral"
    text = "，".join(text for _, _, text in words)
    return label(
        source,
        date=date,
        time=format_ms(start + luck.randrange(86_400_000)),
        product=luck.choices(PRODUCTS, (5, 4, 3, 2, 1))[0],
        author=f"u-{luck.randrange(10**6)}",
        lang="en" if text.isascii() else "zh",
        rating=float({"positive": 5, "negative": 1}.get(sentiment, 3)),
        sentiment=sentiment,
        aspects=tuple(Aspect(name, polarity, text[:8]) for name, polarity, text in words),
        findings=(),
        cause=_CAUSE if "two weeks" in text else "",
        excerpt=text,
    )
