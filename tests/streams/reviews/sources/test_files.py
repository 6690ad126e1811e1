import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from streams.reviews.day import Day
from streams.reviews.errors import BadSource, SourceAway
from tests.streams.reviews.sources.made import DAY, ZONE, files, given, ms, reasons, reviews

HEAD = "id,time,text\n"
ID = 'id = "id"'


def write(folder: Path, name: str, *rows: str) -> None:
    file = folder / "in" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows))


def names(found: list[object]) -> list[str]:
    return [str(one.source) for one in found]  # type: ignore[attr-defined]


def test_a_folder_of_all_kinds_in_the_order_of_time(tmp_path: Path) -> None:
    write(tmp_path, "b/late.csv", "1,2026-11-19 20:00,a", "2,2026-11-19 08:00,b")
    write(tmp_path, "_temporary/x.csv", "3,2026-11-19 20:00,a")
    write(tmp_path, ".x.csv", "4,2026-11-19 20:00,a")
    write(tmp_path, "_SUCCESS")
    write(tmp_path, "readme.md")
    line = '{"id": "5", "time": "2026-11-19T10:00:00+08:00", "text": "c"}\n'
    (tmp_path / "in" / "a.JSONL").write_text(line)
    found = given(files(tmp_path, ID))
    assert names(list(found)) == ["reviews:2", "reviews:5", "reviews:1"]


def test_two_rows_of_one_id_are_one_review_wherever_they_are(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "1,2026-11-19 20:00,a", "1,2026-11-20 20:00,a")
    write(tmp_path, "b.csv", "1,2026-11-19 08:00,b")
    found = given(files(tmp_path, ID))
    assert [(one.source, one.text) for one in reviews(found)] == [("reviews:1", "b")]
    assert reasons(found) == [("reviews:1#2", "duplicate_id")]


def test_every_row_is_of_one_day(tmp_path: Path) -> None:
    rows = [f"{n},{1_772_900_000 + n * 3_600},a" for n in range(120)]
    write(tmp_path, "a.csv", *rows)
    seen = []
    for n in range(-1, 8):
        source = files(tmp_path, ID, zone="America/New_York")
        night = Day(date(2026, 3, 7) + timedelta(days=n), Day(DAY.date, ZONE).zone)
        seen += names(list(source.reviews(night)))
    assert sorted(seen) == sorted(f"reviews:{n}" for n in range(120))


def test_dated_files_and_their_neighbours(tmp_path: Path) -> None:
    write(tmp_path, "2026/11/18.csv", "1,2026-11-19 00:10,a", "2,soon,b")
    write(tmp_path, "2026/11/19.csv", "3,2026-11-19 12:00,c", "4,soon,d", "x")
    write(tmp_path, "2026/11/20.csv", "5,2026-11-19 23:50,e", "6,2026-11-20 00:10,f", "y")
    write(tmp_path, "2026/11/21.csv", "7,2026-11-19 23:50,e")
    path = "in/{date:%Y/%m/%d}.csv"
    found = given(files(tmp_path, ID, path=path))
    assert names(list(found)) == [
        "reviews:1", "reviews:3", "reviews:5", "2026/11/19.csv#4#2026-11-19",
        "reviews:4#2026-11-19",
    ]  # fmt: skip
    alone = files(tmp_path, ID, "neighbours = 0", path=path)
    assert [one.source for one in reviews(given(alone))] == ["reviews:3"]
    (tmp_path / "in/2026/11/19.csv").unlink()
    with pytest.raises(SourceAway, match=r"there is no file .*2026/11/19\.csv: has the export co"):
        list(alone.reviews(DAY))


def test_the_same_file_tomorrow_gives_other_coordinates(tmp_path: Path) -> None:
    write(tmp_path, "latest.csv", "1,2026-11-19 12:00,a", "1,2026-11-20 12:00,a")
    source = files(tmp_path, path="in/latest.csv")
    tomorrow = Day(date(2026, 11, 20), ZONE)
    assert names(list(source.reviews(DAY))) == ["latest.csv#2#2026-11-19"]
    assert names(list(source.reviews(tomorrow))) == ["latest.csv#3#2026-11-20"]


def test_a_pattern_and_a_name_full_of_signs(tmp_path: Path) -> None:
    folder = tmp_path / "a [1] {b}*"
    write(folder, "x #1.csv", "1,2026-11-19 12:00,a")
    write(folder, "y.csv", "1,2026-11-19 12:00,a")
    found = given(files(folder, path="in/x*.csv"))
    assert names(list(found)) == ["x%20%231.csv#2#2026-11-19"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("none", r"there is no file .*/none: has the export come\?"),
        ("in/*.jsonl", r"there is no file .*/in/\*\.jsonl: has"),
        ("empty", r"there is no file .*/empty: has"),
    ],
)
def test_no_file_is_no_quiet_day(tmp_path: Path, path: str, said: str) -> None:
    write(tmp_path, "a.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceAway, match=said):
        list(files(tmp_path, path=path).reviews(DAY))


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.xlsx")
    with pytest.raises(BadSource, match=r"a\.xlsx: only files that end in \.csv, \.tsv"):
        list(files(tmp_path, path="in/a.xlsx").reviews(DAY))


def test_a_file_that_cannot_be_read_stops_the_night(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.parquet").write_bytes(b"PAR1 half of it")
    with pytest.raises(SourceAway, match=r"cannot read .*a\.parquet: ") as raised:
        list(files(tmp_path).reviews(DAY))
    assert "\n" not in str(raised.value)


def test_times_without_an_offset_are_of_the_zone_that_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "1,2026-11-18 16:00,a", "2,2026-11-19 15:59,b", "3,2026-11-19 16:00,c")
    found = given(files(tmp_path, f'{ID}\ntime_zone = "UTC"'))
    assert names(list(found)) == ["reviews:1", "reviews:2"]
    assert reviews(found)[0].time_ms == ms("2026-11-19")


def test_progress_is_told_and_nothing_is_left_behind(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", *(f"{n},2026-11-19 12:00,a" for n in range(2_500)))
    source = files(tmp_path, ID)
    told: list[int] = []
    source._advance = told.append
    assert len(list(source.reviews(DAY))) == 2_500
    assert told == [1_000, 2_000]
    stopped = source.reviews(DAY)
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    assert not list((tmp_path / "work").iterdir())


def test_times_that_are_all_written_in_another_way_are_told(tmp_path: Path) -> None:
    rows = [f"{n},19/11/2026 12:00,a" for n in range(30)]
    write(tmp_path, "a.csv", *rows)
    with pytest.raises(BadSource, match=r"not one of 30 times .*'19/11/2026 12:00': set time_for"):
        list(files(tmp_path, ID).reviews(DAY))
    read = given(files(tmp_path, f'{ID}\ntime_format = "%d/%m/%Y %H:%M"'))
    assert len(reviews(read)) == 30
    write(tmp_path, "b.csv", "99,2026-11-01 12:00,of another day")
    assert len(reasons(given(files(tmp_path, ID)))) == 30


@pytest.mark.parametrize("path", ["in", "in/*.csv"])
def test_what_is_no_file_is_neither_waited_for_nor_passed_over(tmp_path: Path, path: str) -> None:
    write(tmp_path, "a.csv")
    other = tmp_path / "in" / "b.csv"
    os.mkfifo(other)
    for _ in range(2):
        with pytest.raises(SourceAway, match=r"b\.csv is no file that can be read"):
            list(files(tmp_path, path=path).reviews(DAY))
        other.unlink()
        other.symlink_to("nowhere")
