"""Sources of the tests' own, and what they give."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from schemas.reviews import Review
from sinks.cluster import Cluster
from streams.reviews.config import read_config
from streams.reviews.day import Day, zone_of
from streams.reviews.sources.opening import open_source
from streams.reviews.sources.record import Unreadable
from streams.reviews.sources.source import Source
from streams.settings import Settings

ZONE = zone_of("Asia/Shanghai")
DAY = Day(date(2026, 11, 19), ZONE)
NOON = DAY.start_ms + 12 * 3_600_000


def opened(
    folder: Path,
    source: str,
    columns: str = "",
    *,
    zone: str = ZONE.key,
    kafka: str = "",
    prefix: str = "",
) -> Source:
    """The source of a file of the reviews with these tables."""
    file = folder / "reviews.toml"
    file.write_text(
        f'zone = "{zone}"\n[source]\n{source}\n[columns]\n{columns}\n', encoding="utf-8"
    )
    work = folder / "work"
    work.mkdir(exist_ok=True)
    settings = Settings(bootstrap=kafka, prefix=prefix)
    return open_source(read_config(file, {}), work, settings, lambda: Cluster(kafka))


def files(
    folder: Path, columns: str = "", more: str = "", *, path: str = "in", zone: str = ZONE.key
) -> Source:
    """What lies in the folder `in`."""
    return opened(folder, f'kind = "files"\npath = "{path}"\n{more}', columns, zone=zone)


def given(source: Source, day: Day = DAY) -> list[Review | Unreadable]:
    """All that it gives, which is the same a second time."""
    found = list(source.reviews(day))
    assert list(source.reviews(day)) == found
    return found


def reviews(found: Sequence[Review | Unreadable]) -> list[Review]:
    return [one for one in found if isinstance(one, Review)]


def reasons(found: Sequence[Review | Unreadable]) -> list[tuple[str, str]]:
    """Coordinates and reason of what could not be read."""
    return [(one.source, one.reason) for one in found if isinstance(one, Unreadable)]


def ms(text: str) -> int:
    """Of a local time of the shop."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)
