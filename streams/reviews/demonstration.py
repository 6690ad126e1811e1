"""A made-up shop to try the nightly check on: its reviews as files, and a file that names them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec

from schemas.times import format_ms
from sinks.files import save
from streams.errors import OperatorError
from streams.reviews.asking.folder import told as telling
from streams.reviews.simulation import Day, simulate

ZONE = "Asia/Shanghai"
_PRODUCTS = 60
_ODD = 0.005
_DEFECT = 0.03
"""Shares of a night: broken texts, and complaints about the bad batch of the last day."""
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

# What is made up is not worth a model's money.
[model]
ask = "never"
"""


@dataclass(frozen=True)
class Demonstration:
    """`nights` before `last`, all of one shop with so many `reviews`; the last has a bad batch."""

    seed: int
    reviews: int
    nights: int
    last: date

    @property
    def dates(self) -> list[date]:
        """Oldest first."""
        return [self.last - timedelta(days=n) for n in range(self.nights, -1, -1)]

    def write(self, folder: Path, told: Callable[[date], None]) -> Path:
        """Write exports and `reviews.toml`; the path of that file. Raises OperatorError."""
        config = folder / "reviews.toml"
        with telling(folder):
            if config.exists() and config.read_bytes() != _FILE.encode():
                raise OperatorError(f"{config} is of a shop of yours: name another folder")
            (folder / "exports").mkdir(parents=True, exist_ok=True)
            for day in self.dates:
                told(day)
                save(folder / "exports" / f"reviews-{day}.jsonl", _lines(self._made(day)))
            config.write_text(_FILE, encoding="utf-8")
        return config

    def _made(self, day: date) -> Day:
        return Day(
            # From the last one on, so that it is the same whatever day is yesterday.
            self.seed + (self.last - day).days,
            self.reviews,
            day,
            ZONE,
            _PRODUCTS,
            odd_share=_ODD,
            shop=self.seed,
            defect=round(self.reviews * _DEFECT) if day == self.last else 0,
        )


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
