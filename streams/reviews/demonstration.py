"""A made-up shop to try the nightly check on: its reviews as files, and a file that names them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec

from schemas.times import format_ms
from streams.reviews.simulation import Day, simulate
from streams.reviews.work import save

ZONE = "Asia/Shanghai"
_PRODUCTS = 60
_FILE = """\
# A made-up shop; `groundswell reviews init` writes a file with every key explained.
zone = "Asia/Shanghai"
out = "nights"

[source]
kind = "files"
name = "shop"
path = "exports/reviews-{date}.jsonl"

[columns]
text = "text"
time = "time"
id = "id"
product = "product"
author = "author"
rating = "rating"
account_days = "account_days"
"""


@dataclass(frozen=True)
class Demonstration:
    """`nights` small ones before `last`, which has `reviews`, campaigns and anything odd."""

    seed: int
    reviews: int
    nights: int
    last: date

    @property
    def dates(self) -> list[date]:
        """Oldest first."""
        return [self.last - timedelta(days=n) for n in range(self.nights, -1, -1)]

    def write(self, folder: Path, told: Callable[[date], None]) -> Path:
        """Write exports and `reviews.toml`; the path of that file."""
        (folder / "exports").mkdir(parents=True, exist_ok=True)
        for number, day in enumerate(self.dates):
            told(day)
            last = day == self.last
            made = Day(
                self.seed + number,
                self.reviews if last else max(1, self.reviews // 10),
                day,
                ZONE,
                _PRODUCTS,
                odd_share=0.02 if last else 0.0,
            )
            save(folder / "exports" / f"reviews-{day}.jsonl", _lines(made))
        config = folder / "reviews.toml"
        config.write_text(_FILE, encoding="utf-8")
        return config


def _lines(day: Day) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for review, _ in simulate(day):
        row = {
            # Every day is made up with the same numbers.
            "id": f"{day.day}-{review.source.partition(':')[2]}",
            "time": format_ms(review.time_ms),
            "text": review.text.encode(errors="replace").decode(),
            "product": review.product,
            "author": review.author,
            "rating": review.rating,
            "account_days": review.account_days,
        }
        yield encode(row) + b"\n"
