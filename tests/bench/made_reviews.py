"""Reviews of a day as an export of JSONL files, with the file that names them; run as a module."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from schemas.reviews import Review
from schemas.times import format_ms
from sinks.files import save
from streams.reviews.simulation import Day, simulate

ODD_SHARE = 0.02
_PROCESSES = 2
_ROOT = Path(__file__).parents[2]
_FILE = """\
zone = "Asia/Shanghai"
[source]
kind = "files"
name = "shop"
path = "exports"
[columns]
id = "id"
product = "product"
author = "author"
rating = "rating"
account_days = "account_days"
[model]
calls = 0
tokens = 0
"""


def day_of(seed: int, reviews: int) -> Day:
    """What is made up."""
    return Day(seed, reviews, odd_share=ODD_SHARE)


def make(folder: Path, seed: int, reviews: int) -> Path:
    """Write exports and `reviews.toml`; the path of that file."""
    (folder / "exports").mkdir(parents=True)
    command = [sys.executable, "-m", "tests.bench.made_reviews", str(folder / "exports")]
    command += [str(seed), str(reviews)]
    parts = [
        subprocess.Popen([*command, str(part)], stdin=subprocess.DEVNULL, cwd=_ROOT)
        for part in range(_PROCESSES)
    ]
    ends = [part.wait() for part in parts]
    if any(ends):
        raise RuntimeError("the reviews could not be made up")
    file = folder / "reviews.toml"
    file.write_text(_FILE, encoding="utf-8")
    return file


def texts_of(folder: Path) -> Iterator[str]:
    """Of all the reviews of the exports."""
    decode = msgspec.json.decode
    for file in sorted((folder / "exports").iterdir()):
        with file.open("rb") as lines:
            yield from (decode(line)["text"] for line in lines)


def _lines(reviews: Iterator[Review]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for review in reviews:
        row = {
            "id": review.source.partition(":")[2],
            "time": format_ms(review.time_ms),
            # Half characters cannot be written; what comes of them is broken enough.
            "text": review.text.encode(errors="replace").decode(),
            "product": review.product,
            "author": review.author,
            "rating": review.rating,
            "account_days": review.account_days,
        }
        yield encode(row) + b"\n"


def _main(folder: str, seed: str, reviews: str, part: str) -> None:
    made = simulate(day_of(int(seed), int(reviews)), int(part), _PROCESSES)
    save(Path(folder) / f"reviews-{part}.jsonl", _lines(review for review, _ in made))


if __name__ == "__main__":
    _main(*sys.argv[1:])
