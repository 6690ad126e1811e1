import json
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.play.errors import BadInput, BadMap
from streams.play.reading import Played, Reader, time_of

NOW = 1_764_000_000_000
NEW_YEAR = 1_735_689_600_000


def read(path: Path, **options: Any) -> tuple[list[Played], dict[str, int]]:
    reader = Reader(path, **options)
    return list(reader.messages(NOW)), dict(reader.skipped)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def events(messages: list[Played]) -> list[dict[str, Any]]:
    return [json.loads(message.value) for message in messages]


def test_a_table_is_sorted_by_time_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    rows = "text,time\nlater,2025-01-02\nfirst,2025-01-01\n,2025-01-01\nwhen?,someday\nnow,\n"
    messages, skipped = read(write(tmp_path / "a.csv", rows), channel="ticket", product="shop")
    assert [(m.arrived_ms, m.topic) for m in messages] == [
        (NEW_YEAR, "feedback.tickets"),
        (NEW_YEAR + 86_400_000, "feedback.tickets"),
        (NOW, "feedback.tickets"),
    ]
    assert [event["text"] for event in events(messages)] == ["first", "later", "now"]
    assert {event["product"] for event in events(messages)} == {"shop"}
    assert "time" not in events(messages)[2]
    assert skipped == {"no text": 1, "time not understood": 1}


def test_a_date_ahead_arrives_now(tmp_path: Path) -> None:
    messages, _ = read(write(tmp_path / "a.csv", "text,time\nx,2099-01-01\n"))
    assert messages[0].arrived_ms == NOW


def test_tables_as_programs_write_them(tmp_path: Path) -> None:
    quoted = '\ufefftext,product\r\n"a, ""b""\r\nc",own\r\n'
    (message,), _ = read(write(tmp_path / "a.csv", quoted), product="shop")
    assert events([message]) == [{"text": 'a, "b"\r\nc', "product": "own"}]
    tabs, _ = read(write(tmp_path / "a.tsv", "text\tproduct\na, b\tx\n"))
    assert events(tabs) == [{"text": "a, b", "product": "x"}]
    long = "x" * 300_000
    assert events(read(write(tmp_path / "l.csv", f"text\n{long}\n"))[0]) == [{"text": long}]
    ragged, _ = read(write(tmp_path / "r.csv", "text,product\na\nb,p,extra\n"))
    assert events(ragged) == [{"text": "a"}, {"text": "b", "product": "p"}]


def test_lines_are_played_as_they_are_broken_ones_included(tmp_path: Path) -> None:
    lines = [b'{"text":"a","time":"2025-01-01T00:00:00Z"}', b"{broken", b"\xff\xfe", b"[1]"]
    path = write(tmp_path / "a.jsonl", b"\r\n".join([*lines, b"", b""]))
    messages, skipped = read(path, channel="log")
    assert [(m.topic, m.value) for m in messages] == [("logs.errors", line) for line in lines]
    assert {m.arrived_ms for m in messages} == {NEW_YEAR}
    assert skipped == {}


def test_lines_with_a_product_keep_what_the_contract_knows(tmp_path: Path) -> None:
    said = {
        "id": "r-1",
        "time": "2025-01-01T00:00:00Z",
        "channel": "social",
        "text": "x",
        "author": "u",
        "lang": "en",
        "service": "pay",
        "rating": 1,
        "level": "ERROR",
        "attributes": {"os": "ios", "build": 7},
    }
    own = {**said, "product": "own"}
    lines = "\n".join([json.dumps(said), "", json.dumps(own), "[1]", "{"])
    messages, skipped = read(write(tmp_path / "a.jsonl", lines), product="shop")
    assert events(messages) == [
        {**said, "time": NEW_YEAR, "product": "shop"},
        {**own, "time": NEW_YEAR},
    ]
    assert skipped == {"not a JSON object": 2}


def test_lines_with_a_map(tmp_path: Path) -> None:
    lines = '{"body":"x","n":5}\n{"n":6}\n'
    messages, skipped = read(write(tmp_path / "a.jsonl", lines), columns="text=body")
    assert events(messages) == [{"text": "x"}]
    assert skipped == {"no text": 1}


def test_a_folder_is_merged_by_arrival(tmp_path: Path) -> None:
    for topic, at in (("feedback.web", 5), ("feedback.app", 7), ("changes", 6)):
        line = json.dumps({"text": topic, "summary": "s", "time": NEW_YEAR + at})
        write(tmp_path / f"{topic}.jsonl", line + "\n")
    write(tmp_path / "truth.json", "{}")
    messages, _ = read(tmp_path)
    assert [(m.topic, m.arrived_ms - NEW_YEAR) for m in messages] == [
        ("feedback.web", 5),
        ("changes", 6),
        ("feedback.app", 7),
    ]


@pytest.mark.parametrize(
    ("name", "content", "options", "says"),
    [
        ("a.csv", "", {}, "has no rows"),
        ("a.csv", "text\n", {}, "has no rows"),
        ("a.csv", b"text\n\xff\n", {}, "is not UTF-8 (byte 5); convert it"),
        ("a.csv", "text,time\nx,?\n", {}, "no row could be used; the last: time '?'"),
        ("a.txt", "x", {}, "a .csv, .tsv or .jsonl file, or a folder"),
        ("a.json", '[{"text":"x"}]', {}, "write one object a line"),
        ("a.json", '{\n"text":"x"\n}', {"product": "p"}, "write one object a line"),
        ("a.jsonl", "[1]\n", {"product": "p"}, "has no rows"),
        (
            "a.csv",
            "text\nx\n",
            {"channel": "fax"},
            "--channel fax: one of app, assistant, log, social",
        ),
    ],
)
def test_a_file_that_cannot_be_played_says_why_in_one_line(
    tmp_path: Path, name: str, content: str | bytes, options: dict[str, str], says: str
) -> None:
    with pytest.raises(BadInput) as raised:
        read(write(tmp_path / name, content), **options)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_path_that_cannot_be_played_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        Reader(tmp_path / "missing.csv")
    with pytest.raises(BadInput, match=r"holds none of feedback\.app"):
        read(tmp_path)
    with pytest.raises(BadMap, match="which column is the text"):
        read(write(tmp_path / "a.csv", "body\nx\n"))


@pytest.mark.parametrize(("name", "options"), [("a.csv", {}), ("a.jsonl", {})])
def test_what_cannot_be_opened_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(name)
        with pytest.raises(BadInput, match=f"cannot read {name}: No such device"):
            read(Path(name), **options)


def test_an_empty_file_of_lines_plays_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.jsonl", "")) == ([], {})


def test_the_size_for_the_progress_bar(tmp_path: Path) -> None:
    path = write(tmp_path / "feedback.app.jsonl", b"12345\n")
    assert Reader(path).bytes_total() == Reader(tmp_path).bytes_total() == 6


@pytest.mark.parametrize(
    ("line", "ms"),
    [
        (b'{"text":"x","time":"2025-01-01T00:00:00Z"}', NEW_YEAR),
        (b'{"payload":{"timestamp" : "2025-01-01T08:00:00.000+08:00"}}', NEW_YEAR),
        (b'{"time":1735689600000}', NEW_YEAR),
        (b'{"time":"2025-01-01T00:00:00","text":', NEW_YEAR),
        (b'{"time":"some other day"}', None),
        (b'{"text":"what time"}', None),
        (b"\xff", None),
    ],
)
def test_the_time_of_a_raw_line(line: bytes, ms: int | None) -> None:
    assert time_of(line) == ms


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80))
@pytest.mark.slow
def test_no_line_breaks_the_reader(before: bytes, after: bytes) -> None:
    time_of(before + b'"time":"' + after + b'"')
