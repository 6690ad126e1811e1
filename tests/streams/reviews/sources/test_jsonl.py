from pathlib import Path

import pytest

from streams.reviews.errors import BadSource
from streams.reviews.sources import lines
from tests.streams.reviews.sources.made import DAY, NOON, files, given, reasons, reviews
from tests.streams.reviews.sources.test_delimited import source_file

ROW = b'{"id": %d, "time": %d, "text": "%s"}\n'


def row(number: int, text: str = "a") -> bytes:
    return ROW % (number, NOON, text.encode())


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    content = row(1, "好") + b"\n  \n" + b"not json\n[1, 2]\n" + b'{"id": 2, "time": %d}\n' % NOON
    content += b'{"id": 3, "time": "soon", "text": "a"}\n' + row(4) + b"{" * 5_000 + b"\n"
    content += b"[" * 100_000 + b"\n"
    content += b'{"id": 5, "time": %d, "text": null}' % NOON
    source_file(tmp_path, content, "a.jsonl")
    found = given(files(tmp_path, 'id = "id"'))
    assert {one.source: one.text for one in reviews(found)} == {
        "reviews:1": "好", "reviews:4": "a", "reviews:5": "",
    }  # fmt: skip
    assert sorted(reasons(found)) == [
        ("a.jsonl#10#2026-11-19", "not_json"),
        ("a.jsonl#4#2026-11-19", "not_json"),
        ("a.jsonl#5#2026-11-19", "not_an_object"),
        ("a.jsonl#9#2026-11-19", "not_json"),
        ("reviews:2", "no_text"),
        ("reviews:3#2026-11-19", "time_not_understood"),
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (rb"a\ud800b", "a\ufffdb"),
        (rb"\ud83d\ude00", "\U0001f600"),
        (b"a\xffb", "a\ufffdb"),
        (b"a\tb\x00", "a\tb\0"),
        ("好".encode("gb18030"), "\ufffd\ufffd\ufffd"),
        (b"x" * 100_000, "x" * 100_000),
    ],
)
def test_a_text_that_is_not_well_written_is_not_lost(
    tmp_path: Path, text: bytes, read: str
) -> None:
    source_file(tmp_path, ROW % (1, NOON, text), "a.jsonl")
    source = files(tmp_path)
    (one,) = reviews(given(source))
    assert one.text.rstrip("\ufffd") == read.rstrip("\ufffd")
    assert ("\ufffd" in one.text) == ("\ufffd" in read) == bool(source.mended)


def test_numbers_that_are_none_are_let_pass(tmp_path: Path) -> None:
    content = b'{"time": %d, "text": "a", "rating": NaN, "big": 1e999}\n' % NOON
    source_file(tmp_path, content, "a.ndjson")
    (one,) = reviews(given(files(tmp_path, 'rating = "rating"')))
    assert one.rating is None


def test_a_column_within_others(tmp_path: Path) -> None:
    content = b'{"time": %d, "a.b": "flat", "user": {"id": {"x": 7}}}\n' % NOON
    content += b'{"time": %d, "a.b": "gone", "user": 3}\n' % NOON
    source_file(tmp_path, content, "a.jsonl")
    found = reviews(given(files(tmp_path, 'text = "a.b"\nauthor = "user.id.x"')))
    assert [(one.text, one.author) for one in found] == [("flat", "7"), ("gone", "")]


def test_gb18030(tmp_path: Path) -> None:
    source_file(
        tmp_path, '{"time": "2026-11-19 09:00", "text": "做工好"}\n'.encode("gb18030"), "a.jsonl"
    )
    source = files(tmp_path, "", 'encoding = "gb18030"')
    assert [one.text for one in reviews(given(source))] == ["做工好"]
    with pytest.raises(BadSource, match="JSONL is UTF-8"):
        list(files(tmp_path, "", 'encoding = "utf-16"').reviews(DAY))


def test_a_line_without_end_is_one_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.reviews.sources.jsonl.MAX_LINE", 1_000)
    content = row(1) + row(2, "x" * 5_000) + row(3) + row(4, "y" * (1_000 - len(row(4, ""))))
    source_file(tmp_path, content, "a.jsonl")
    found = given(files(tmp_path, 'id = "id"'))
    assert [one.source for one in reviews(found)] == ["reviews:1", "reviews:3", "reviews:4"]
    assert reasons(found) == [("a.jsonl#2#2026-11-19", "line_too_long")]
    assert lines.MAX_LINE > 1_000_000


def test_one_document_is_told(tmp_path: Path) -> None:
    for content in (b'[{"text": "a"}]', b"{\n"):
        source_file(tmp_path, content, "a.jsonl")
        with pytest.raises(BadSource, match="is one JSON document; write one object a line"):
            list(files(tmp_path).reviews(DAY))


def test_a_bom_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    source_file(tmp_path, b"\xef\xbb\xbf" + row(1), "a.jsonl")
    assert len(reviews(given(files(tmp_path)))) == 1
