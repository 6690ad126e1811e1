from typing import Any

import pytest

from streams.play.errors import BadMap, BadRow
from streams.play.mapping import FIELDS, ColumnMap

HEADER = ["body", "title", "at", "stars", "os", "who"]
NEW_YEAR = 1_735_689_600_000


def mapped(text: str, row: dict[str, Any], time_format: str | None = None) -> dict[str, Any]:
    event, _ = ColumnMap.parse(text, list(row), time_format).event(row)
    return event


def time_of(value: object, time_format: str | None = None) -> int | None:
    _, ms = ColumnMap.parse("text=t,time=at", ["t", "at"], time_format).event(
        {"t": "x", "at": value}
    )
    return ms


def test_columns_become_fields() -> None:
    row = {"body": "slow", "stars": "2", "at": "2025-01-01", "os": "ios", "who": "u1"}
    text = "text=body,rating=stars,time=at,attributes.os=os,author=who"
    assert mapped(text, row) == {
        "text": "slow",
        "rating": 2.0,
        "time": NEW_YEAR,
        "author": "u1",
        "attributes": {"os": "ios"},
    }


def test_joined_columns_have_a_space_between_and_empty_ones_vanish() -> None:
    text = "text=title+body"
    assert mapped(text, {"title": "Bad", "body": "slow"}) == {"text": "Bad slow"}
    assert mapped(text, {"title": "", "body": "slow"}) == {"text": "slow"}
    assert mapped(text, {"title": None, "body": 7}) == {"text": "7"}


def test_without_a_map_columns_named_like_fields_count() -> None:
    header = ["text", "rating", "attributes.os", "whatever"]
    columns = ColumnMap.parse(None, header, None)
    row = {"text": "x", "rating": "", "attributes.os": "ios", "whatever": "?"}
    assert columns.event(row) == ({"text": "x", "attributes": {"os": "ios"}}, None)


def test_attributes_of_a_json_row_are_kept_as_they_are() -> None:
    columns = ColumnMap.parse(None, ["text", "attributes", "channel"], None)
    row = {"text": "x", "attributes": {"build": 7, "beta": True}, "channel": "social"}
    event, _ = columns.event(row)
    assert event == {"text": "x", "channel": "social", "attributes": {"build": 7, "beta": True}}
    assert columns.event({"text": "x", "attributes": "none"})[0] == {"text": "x"}


def test_spaces_after_commas_are_no_part_of_a_field() -> None:
    assert mapped("text=body, author=who", {"body": "x", "who": "u"}) == {
        "text": "x",
        "author": "u",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("body", "write FIELD=COLUMN"),
        ("words=body", "write FIELD=COLUMN"),
        ("", "which column is the text"),
        ("time=at", "which column is the text"),
        ("text=", "no column ''"),
        ("text=missing", "no column 'missing'; the file has body, title"),
        ("text=body+missing", "no column 'missing'"),
        ("text=body,,", "write FIELD=COLUMN"),
    ],
)
def test_a_map_that_does_not_fit_says_what_to_write(text: str, says: str) -> None:
    with pytest.raises(BadMap, match=says.replace("?", r"\?")) as raised:
        ColumnMap.parse(text, HEADER, None)
    assert "\n" not in str(raised.value)


def test_every_field_of_an_event_can_be_mapped() -> None:
    from schemas.events import Event

    assert set(FIELDS) | {"attributes"} == set(Event.__struct_fields__)


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        ("2025-01-01", NEW_YEAR),
        ("2025-01-01T00:00:00Z", NEW_YEAR),
        ("2025-01-01 08:00:00+08:00", NEW_YEAR),
        ("1735689600", NEW_YEAR),
        ("1735689600.25", NEW_YEAR + 250),
        ("1735689600000", NEW_YEAR),
        (1735689600, NEW_YEAR),
        (1735689600.25, NEW_YEAR + 250),
        ("", None),
        (None, None),
    ],
)
def test_times_that_are_understood(value: object, ms: int | None) -> None:
    assert time_of(value) == ms


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "01/02/2025",
        "20240101",
        "9" * 400,
        "1735689600000000",
        "0001-01-01T00:00:00",
        "1970-01-01",
        "0",
        "²",
        "1e12",
        "2025-01-01T00:00:00+99:00",
    ],
)
def test_times_that_are_not_understood_leave_the_row_out(value: str) -> None:
    with pytest.raises(BadRow, match="give --time-format") as raised:
        time_of(value)
    assert raised.value.reason == "time not understood"
    assert len(str(raised.value)) < 120


@pytest.mark.parametrize(
    ("value", "time_format", "ms"),
    [
        ("01/02/2025", "%d/%m/%Y", NEW_YEAR + 31 * 86_400_000),
        ("01/02/25", "%d/%m/%y", NEW_YEAR + 31 * 86_400_000),
        ("2025-01-01 08:00 +0800", "%Y-%m-%d %H:%M %z", NEW_YEAR),
        ("Jan  1 00:00:00", "%b %d %H:%M:%S", 946_684_800_000),
        ("Feb 29 00:00:00", "%b %d %H:%M:%S", 946_684_800_000 + 59 * 86_400_000),
    ],
)
def test_a_time_format(value: str, time_format: str, ms: int) -> None:
    assert time_of(value, time_format) == ms


def test_a_row_without_text_is_left_out() -> None:
    with pytest.raises(BadRow, match=r"column title\+body is empty") as raised:
        mapped("text=title+body", {"title": "", "body": None})
    assert raised.value.reason == "no text"


@pytest.mark.parametrize(("value", "rating"), [("4", 4.0), ("4.5", 4.5), ("four", None)])
def test_a_rating_is_a_number_or_nothing(value: str, rating: float | None) -> None:
    assert mapped("text=t,rating=r", {"t": "x", "r": value})["rating"] == rating
