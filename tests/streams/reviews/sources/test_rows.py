import pytest

from schemas.reviews import Review
from streams.reviews.sources.options import Columns, FilesOptions
from streams.reviews.sources.record import Unreadable
from streams.reviews.sources.rows import Rows, identity, name_of, rating_of, shown
from tests.streams.reviews.sources.made import DAY, NOON

OPTIONS = FilesOptions(path="a", name="shop", product="wallet", channel="app")


def said(row: dict[str, object], columns: Columns | None = None) -> Review | Unreadable:
    record = Rows(OPTIONS, columns or Columns(id="id"), DAY).record("file#1", row)
    assert record is not None
    assert record.said.source == record.source
    return record.said


def test_a_full_row() -> None:
    columns = Columns(
        text=("title", "body"), id="i", product="p", author="a", rating="r", lang="l",
        channel="c", account_created="m", rating_scale=10,
    )  # fmt: skip
    row = {
        "text": "好", "text1": "很好用", "time": NOON, "id": 7, "product": " mug ", "author": "u-1",
        "rating": "8", "lang": "zh", "channel": "web", "account_created": "2026-11-17 12:00",
    }  # fmt: skip
    assert said(row, columns) == Review(
        source="shop:7", time_ms=NOON, text="好\n很好用", product="mug", author="u-1",
        channel="web", lang="zh", rating=4.0, account_days=2.0,
    )  # fmt: skip


def test_a_bare_row_has_what_the_source_says() -> None:
    assert said({"text": "a", "time": NOON}) == Review(
        source="file#1", time_ms=NOON, text="a", product="wallet", channel="app"
    )


@pytest.mark.parametrize("text", ["", None, "  ", "👍", "\0\x07", "<b>x</b>", "x" * 100_000])
def test_any_text_is_a_review(text: str | None) -> None:
    found = said({"text": text, "time": NOON})
    assert isinstance(found, Review)
    assert found.text == (text or "")


def test_what_cannot_be_written_down_is_replaced() -> None:
    row = {"text": "a\ud800b", "time": NOON, "author": "\udfff", "id": "\ud801"}
    found = said(row)
    assert isinstance(found, Review)
    assert (found.text, found.author, found.source) == ("a\ufffdb", "\ufffd", "shop:\ufffd")
    broken = said({"text": "好".encode("gb18030"), "time": NOON})
    assert isinstance(broken, Review)
    assert "\ufffd" in broken.text


def test_of_another_day_is_none() -> None:
    rows = Rows(OPTIONS, Columns(), DAY)
    for time_ms in (DAY.start_ms - 1, DAY.end_ms):
        assert rows.record("a", {"text": "a", "time": time_ms}) is None
    for time_ms in (DAY.start_ms, DAY.end_ms - 1):
        assert rows.record("a", {"text": "a", "time": time_ms}) is not None


def test_an_undated_row_is_counted_every_night_under_another_name() -> None:
    assert said({"id": 1, "text": "a"}) == Unreadable("shop:1#2026-11-19", "no_time")
    found = said({"text": "a", "time": "soon, call 13812345678"})
    assert found == Unreadable("file#1#2026-11-19", "time_not_understood", "soon, call [phone]")


def test_a_row_without_a_text_is_none_of_ours() -> None:
    assert said({"time": NOON, "id": 1}).source == "shop:1"
    assert said({"time": NOON}) == Unreadable("file#1", "no_text", "it has no column of the text")
    assert said({"time": NOON, "text": {"a": 1}}) == Unreadable(
        "file#1", "text_is_no_text", "a list or an object"
    )


@pytest.mark.parametrize(
    ("value", "scale", "rating"),
    [
        (5, 5, 5.0), ("1", 5, 1.0), (4.5, 5, 4.5), (0, 5, None), (6, 5, None), (-1, 5, None),
        (10, 10, 5.0), (1, 10, 1.0), (5, 10, 2.5), (100, 100, 5.0), (0, 1, 1.0), (1, 1, 5.0),
        ("five", 5, None), ("", 5, None), (None, 5, None), ("nan", 5, None), (10**400, 5, None),
        ([], 5, None),
    ],
)  # fmt: skip
def test_ratings_of_every_scale(value: object, scale: float, rating: float | None) -> None:
    assert rating_of(value, scale) == rating


@pytest.mark.parametrize(
    ("row", "days"),
    [
        ({"account_days": "3"}, 3.0),
        ({"account_days": -1}, None),
        ({"account_days": "new"}, None),
        ({"account_created": "2026-11-19"}, 0.5),
        ({"account_created": "2026-11-20"}, 0.0),
        ({"account_created": "2026-12-20"}, None),
        ({"account_created": "long ago"}, None),
        ({}, None),
    ],
)
def test_the_age_of_an_account(row: dict[str, object], days: float | None) -> None:
    found = said({"text": "a", "time": NOON, **row})
    assert isinstance(found, Review)
    assert found.account_days == days


def test_an_id_cannot_break_out_of_its_coordinates() -> None:
    assert identity(" r-1/ä:2@x ") == "r-1/ä:2@x"
    assert identity("a b#2\n%\0") == "a%20b%232%0A%25%00"
    names = [identity("x" * 300 + end) for end in ("a", "b")]
    assert len(set(names)) == 2
    assert all(len(name) < 240 for name in names)
    assert identity("%41") != identity("A")


def test_a_name_is_one_short_line() -> None:
    assert name_of(" 张 三 ") == "张 三"
    assert name_of("a\0b\n\u202ec") == "ab c"
    assert len(name_of("x" * 10_000)) == 128
    assert name_of(None) == ""


def test_an_error_shows_nothing_personal_and_little() -> None:
    assert shown("mail me@example.com " + "x" * 1_000).startswith("mail [email] ")
    assert len(shown("x" * 1_000)) == 80
