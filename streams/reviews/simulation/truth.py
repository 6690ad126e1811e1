"""What a made-up review really is."""

import msgspec

from schemas.reviews import Polarity, Review, Sentiment


class ReviewTruth(msgspec.Struct, frozen=True, gc=False):
    """`kind`: how it came about, such as `composed`, `meme`, `copies`; `campaign`: its id or empty.

    `fake`: written for a campaign. `sentiment`: of the text, whatever the rating; None where nobody
    can tell. `aspects`: the attributes it was composed of, where it was.
    """

    kind: str
    sentiment: Sentiment | None = None
    fake: bool = False
    campaign: str = ""
    aspects: tuple[tuple[str, Polarity], ...] = ()


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A review without its coordinates, and the truth about it."""

    time_ms: int
    text: str
    product: str
    author: str
    rating: float | None
    account_days: float | None
    truth: ReviewTruth

    def review(self, source: str, channel: str) -> Review:
        """It as its source gives it."""
        return Review(
            source=source,
            time_ms=self.time_ms,
            text=self.text,
            product=self.product,
            author=self.author,
            channel=channel,
            rating=self.rating,
            account_days=self.account_days,
        )
