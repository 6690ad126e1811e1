"""Small nights by hand."""

from collections.abc import Sequence
from random import Random

from agents.reviews.campaigns import Rules, Traces, Verdicts, find
from schemas.reviews import Finding, Review

START = 1_795_000_000_000
MINUTE, HOUR = 60_000, 3_600_000
CHUNK = 50
_WORDS = "这款杯子的颜色比图片深但是盖子很紧孩子拿去学校用了半个月没有漏过水就是有点重洗起来方便"


def review(
    text: str,
    time_ms: float = 0,
    *,
    product: str = "",
    author: str = "",
    rating: float | None = 5.0,
    days: float | None = 600.0,
) -> Review:
    """A review at a moment after the start of the day."""
    return Review(
        source="",
        time_ms=START + int(time_ms),
        text=text,
        product=product,
        author=author,
        rating=rating,
        account_days=days,
    )


def own_words(random: Random, length: int = 30) -> str:
    """A text that nobody else writes."""
    return "".join(chr(random.randrange(0x4E00, 0x9FA0)) for _ in range(length))


def crowd(count: int = 2_000, *, products: int = 200, seed: int = 1) -> list[Review]:
    """A day of customers who have nothing to do with each other."""
    random = Random(seed)
    return [
        review(
            own_words(random),
            random.random() * 24 * HOUR,
            product=f"p{random.randrange(products)}",
            author=f"u{number}",
            rating=random.choice((1.0, 3.0, 4.0, 5.0, 5.0, 5.0)),
        )
        for number in range(count)
    ]


def judged(
    reviews: Sequence[Review],
    sentiment: Sequence[float] | None = None,
    *,
    chunk: int = CHUNK,
    rules: Rules | None = None,
) -> Verdicts:
    """What is found among reviews."""
    heard = sentiment or [0.0] * len(reviews)
    parts = range(0, len(reviews), chunk)
    traces = [Traces.of(reviews[at : at + chunk], heard[at : at + chunk]) for at in parts]
    return find(traces, rules)


def findings(verdicts: Verdicts) -> list[list[Finding]]:
    """Of each review."""
    parts = [verdicts.part(chunk) for chunk in range(len(verdicts.ends))]
    return [part.findings(number) for part in parts for number in range(len(part))]


def reasons(verdicts: Verdicts) -> list[set[str]]:
    """Of each review."""
    return [{finding.reason for finding in some} for some in findings(verdicts)]


def fakes(verdicts: Verdicts) -> set[int]:
    """The numbers of the reviews that are suspected."""
    return {
        number
        for number, some in enumerate(findings(verdicts))
        if any(finding.kind == "fake" for finding in some)
    }
