import datetime
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.reviews import Aspect, Finding, ReviewLabel
from sinks.errors import CannotRead, Rejected
from sinks.reviews.history import morning
from sinks.reviews.options import FILE
from tests.support.nights import DATE, label, night, ticket, write_night

_BAD = Aspect("battery", "negative", "不耐用")
_GOOD = Aspect("quality", "positive", "做工好")


def day(back: int) -> str:
    return str(datetime.date.fromisoformat(DATE) - datetime.timedelta(back))


def labels(date: str, number: int, bad: int, **given: Any) -> list[ReviewLabel]:
    """So many reviews, of which the first are about a bad battery."""
    return [
        label(
            f"{date}-{n}",
            date=date,
            author=f"u-{n}",
            aspects=(_BAD,) if n < bad else (_GOOD,),
            sentiment="negative" if n < bad else "positive",
            findings=(),
            excerpt=f"{date}的第{n}条评论",
            **given,
        )
        for n in range(number)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten nights of 100 reviews with 2 bad batteries; on the date 200 with 40; one is missing."""
    place = tmp_path_factory.mktemp("nights")
    for back in (*range(1, 10), 28, 29):
        if back != 4:
            given = night(place / day(back), labels(day(back), 100, 2), date=day(back), size=100)
            write_night(given, place, parquet=False)
    today = labels(DATE, 198, 40)
    today += [
        label("open", status="open", reason="no model", product="lamp", lang="en", aspects=()),
        label("flood-1", campaign="c-1", author="a", product="lamp", time=f"{DATE}T01:00:00.000Z"),
        label("flood-2", campaign="c-1", author="b", time=f"{DATE}T02:00:00.000Z"),
        label("broken", status="refused", reason="not_utf8", aspects=(), findings=()),
        label("broken-2", status="refused", reason="no_text", aspects=(), findings=()),
    ]
    tickets = [
        ticket("a", severity="info", reviews=5),
        ticket("c-1", kind="campaign", severity="error", reviews=2),
        ticket("b", severity="critical"),
    ]
    write_night(night(place / DATE, today, tickets, size=100, campaigns=1), place)
    return place


def test_a_day_without_a_night_is_left_out(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        assert found.days == tuple(day(back) for back in (28, 9, 8, 7, 6, 5, 3, 2, 1, 0))
        volume = found.volume()
        assert volume.reviews == (100,) * 9 + (201,)
        assert (volume.today, volume.mean, volume.weekday_mean) == (201, 100.0, 100.0)
    with morning(folder / FILE, day(29)) as found:
        volume = found.volume()
        assert (volume.today, volume.mean, volume.weekday_mean) == (100, None, None)
        assert found.risen() == []
        assert (found.tickets(), found.campaigns()) == ([], [])


def test_series_by_measure_most_of_today_first(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        sentiment = {one.name: one.reviews[-2:] for one in found.series("sentiment")}
        assert sentiment == {"positive": (98, 158), "negative": (2, 43)}
        assert [(one.name, one.today) for one in found.series("lang")] == [("zh", 200), ("en", 1)]
        assert [one.name for one in found.series("status")] == ["labelled", "refused", "open"]
        assert [(one.name, one.polarity) for one in found.series("aspect")][:2] == [
            ("quality", "positive"),
            ("battery", "negative"),
        ]
        (banned,) = found.series("finding")
        assert (banned.name, banned.reviews) == ("banned", (0,) * 9 + (3,))
        assert [(one.name, one.today) for one in found.products()] == [("kettle", 199), ("lamp", 2)]
        assert [one.name for one in found.products(1)] == ["kettle"]


def test_what_rose(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        (battery,) = found.risen()
        assert (battery.product, battery.attribute, battery.polarity) == (
            None,
            "battery",
            "negative",
        )
        assert battery.reviews == 40
        assert battery.expected == pytest.approx(0.02 * 201)
        (kettle,) = found.risen_products()
        assert (kettle.product, kettle.attribute, kettle.usual) == ("kettle", "battery", 20.0)


def test_complaints_have_quotes_of_different_people(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        first, second = found.complaints()
    assert (first.product, first.reviews, first.negative) == ("kettle", 199, 41)
    (battery, logistics) = first.about
    assert (battery.attribute, battery.reviews) == ("battery", 40)
    assert [one.text for one in battery.quotes] == [f"{DATE}的第{n}条评论" for n in (0, 1, 10)]
    assert battery.quotes[0].time == f"{DATE}T09:04:11.120Z"
    assert [one.source for one in logistics.quotes] == ["flood-2"]
    assert (second.product, second.negative) == ("lamp", 2)


def test_tickets_the_worst_first_and_campaigns_with_their_reviews(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        assert [one.ticket_id for one in found.tickets()] == ["b", "c-1", "a"]
        assert found.tickets()[0] == ticket("b", severity="critical")
        (campaign,) = found.campaigns()
    assert campaign.ticket.ticket_id == "c-1"
    assert (campaign.reviews, campaign.authors) == (2, 2)
    assert campaign.products == ("kettle", "lamp")
    assert (campaign.first, campaign.last) == (f"{DATE}T01:00:00.000Z", f"{DATE}T02:00:00.000Z")


def test_every_review_is_accounted_for(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        account, coverage = found.account(), found.coverage()
    assert account.is_complete
    assert coverage.missing == 0
    assert (coverage.read, coverage.labelled) == (203, 200)
    assert (coverage.open, coverage.refused) == ({"no model": 1}, {"no_text": 1, "not_utf8": 1})


def test_quotes_prefer_the_clean_the_sure_and_the_new(tmp_path: Path) -> None:
    def one(source: str, author: str, text: str, confidence: float, **given: Any) -> ReviewLabel:
        aspects = (Aspect("battery", "negative", "w", confidence),)
        fields = {"findings": (), "author": author, "excerpt": text, "aspects": aspects}
        return label(source, **fields | given)

    given = [
        one("1", "a", "电池真的不行啊啊啊", 1.0, campaign="c"),
        one("2", "b", "电池太差了太差了吧", 1.0, findings=(Finding("advert", "advert.x"),)),
        one("3", "c", "电池一天就没电了唉", 0.6),
        one("4", "d", "电池只能用半天而已", 0.9),
        one("5", "d", "电池也就只有半天的", 0.8),
        one("6", "e", "电池只能用半天而已", 0.7),
        one("7", "", "", 1.0),
        one("8", "f", "差", 0.9),
    ]
    write_night(night(tmp_path / "in", given), tmp_path)
    with morning(tmp_path / FILE, DATE) as found:
        ((battery,),) = [product.about for product in found.complaints()]
    assert [quote.source for quote in battery.quotes] == ["4", "8", "3"]
    assert battery.reviews == 8


def test_what_is_not_there_is_said_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    for file, why in (
        (tmp_path / FILE, "there is no .*, so no night yet"),
        (folder / FILE, "has no night of 2020-01-01"),
    ):
        again = "groundswell reviews run --date 2020-01-01"
        with (
            pytest.raises(CannotRead, match=f"{why}; run it: {again}"),
            morning(file, "2020-01-01"),
        ):
            pass
    with duckdb.connect(str(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE t (x TEXT)")
    with (
        pytest.raises(CannotRead, match="has no tables of nights"),
        morning(tmp_path / "other", DATE),
    ):
        pass
    (tmp_path / "none").write_text("no database " * 1000)
    with pytest.raises(CannotRead, match=r"^cannot read [^\n]+$"), morning(tmp_path / "none", DATE):
        pass
    with pytest.raises(Rejected, match="is no date"), morning(folder / FILE, "yesterday"):
        pass


def test_two_may_read_at_once(folder: Path) -> None:
    with morning(folder / FILE, DATE) as found:
        script = (
            "import sys; from pathlib import Path; from sinks.reviews.history import morning\n"
            "with morning(Path(sys.argv[1]), sys.argv[2]) as m: print(m.volume().today)"
        )
        command = [sys.executable, "-c", script, str(folder / FILE), DATE]
        root = Path(__file__).parents[3]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
        assert done.stdout == f"{found.volume().today}\n"
