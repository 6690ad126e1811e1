import fcntl
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.reviews import ReviewLabel
from sinks.errors import Unreachable
from sinks.reviews.options import FILE
from tests.support.nights import DATE, ask, label, night, prints, ticket, write_night

_LABELS = f"review_labels/date={DATE}/labels.parquet"
_TICKETS = f"risk_tickets/date={DATE}/tickets.parquet"
_NEXT = "2026-11-21"


def many(number: int) -> list[ReviewLabel]:
    return [
        label(f"shop:{n % 7}-{n}", time=f"{DATE}T09:{n % 60:02}:00.000Z", excerpt=f"第{n}条")
        for n in range(number)
    ]


def in_files(folder: Path, sql: str) -> list[Any]:
    with duckdb.connect() as connection:
        files = f"read_parquet('{folder}/review_labels/*/*.parquet')"
        return connection.execute(sql.replace("LABELS", files)).fetchall()


def test_a_folder_a_day_sorted_by_time(tmp_path: Path) -> None:
    for date in (DATE, _NEXT):
        given = [label(f"{date}{n}", date=date) for n in "cab"]
        write_night(night(tmp_path / f"in{date}", given, date=date), tmp_path / "out")
    assert list(prints(tmp_path / "out")) == [
        _LABELS,
        _LABELS.replace(DATE, _NEXT),
        _TICKETS,
        _TICKETS.replace(DATE, _NEXT),
    ]
    rows = in_files(tmp_path / "out", "SELECT source, date::TEXT FROM LABELS")
    assert rows[:3] == [(f"{DATE}{n}", DATE) for n in "abc"]
    assert len(rows) == 6


@pytest.mark.slow
def test_equal_rows_make_equal_bytes_in_whatever_order_they_come(tmp_path: Path) -> None:
    labels = many(3_000)
    write_night(night(tmp_path / "in", labels, [ticket()], size=500), tmp_path / "a")
    mixed = random.Random(4).sample(labels, len(labels))
    write_night(night(tmp_path / "half", mixed[:900], size=50), tmp_path / "b", threads=1)
    write_night(night(tmp_path / "mixed", mixed, [ticket()], size=70), tmp_path / "b")
    assert prints(tmp_path / "a") == prints(tmp_path / "b")


def _written(path: Path) -> tuple[int, int]:
    """Which file it is and when it was written; when it was read is of no interest."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def test_a_file_that_would_not_change_is_not_touched(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(20), [ticket()])
    first = write_night(given, tmp_path)
    assert first.parquet == [str(tmp_path / _LABELS), str(tmp_path / _TICKETS)]
    before = [_written(tmp_path / name) for name in (_LABELS, _TICKETS)]
    assert write_night(given, tmp_path).parquet == []
    assert [_written(tmp_path / name) for name in (_LABELS, _TICKETS)] == before
    other = night(tmp_path / "in", many(21), [ticket()])
    assert write_night(other, tmp_path).parquet == [str(tmp_path / _LABELS)]


@pytest.mark.parametrize("content", [None, b"", b"PAR1 but no more"])
def test_a_file_that_is_lost_or_damaged_is_made_again(
    tmp_path: Path, content: bytes | None
) -> None:
    given = night(tmp_path / "in", many(20))
    write_night(given, tmp_path)
    before = prints(tmp_path)
    if content is None:
        (tmp_path / _LABELS).unlink()
    else:
        (tmp_path / _LABELS).write_bytes(content)
    assert write_night(given, tmp_path).parquet == [str(tmp_path / _LABELS)]
    assert prints(tmp_path) == before


def test_the_day_that_a_review_left_is_made_again_too(tmp_path: Path) -> None:
    write_night(night(tmp_path / "one", many(3)), tmp_path)
    moved = [label(many(3)[0].source, date=_NEXT)]
    given = night(tmp_path / "two", moved, date=_NEXT)
    (tmp_path / _LABELS).with_name(".labels.parquet.new").mkdir()
    with pytest.raises(Unreachable, match=r"^not written: parquet: cannot write "):
        write_night(given, tmp_path)
    (tmp_path / _LABELS).with_name(".labels.parquet.new").rmdir()
    # The table has moved it already; what is left to do was noted with it.
    found = write_night(given, tmp_path)
    assert found.duckdb["review_labels"].is_none
    assert str(tmp_path / _LABELS) in found.parquet
    rows = in_files(tmp_path, "SELECT date::TEXT, count(*) FROM LABELS GROUP BY 1 ORDER BY 1")
    assert rows == [(DATE, 2), (_NEXT, 1)]
    assert ask(tmp_path, "SELECT * FROM review_pending") == []


def test_what_one_that_died_left_behind_is_not_read(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(20))
    write_night(given, tmp_path)
    before = prints(tmp_path)
    new = (tmp_path / _LABELS).with_name(".labels.parquet.new")
    new.write_bytes((tmp_path / _LABELS).read_bytes()[:100])
    assert in_files(tmp_path, "SELECT count(*) FROM LABELS") == [(20,)]
    write_night(given, tmp_path)
    assert prints(tmp_path) == before


def test_two_do_not_write_to_one_folder(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(2))
    write_night(given, tmp_path)
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Unreachable, match=r"parquet: another process writes to "):
            write_night(given, tmp_path)
    write_night(given, tmp_path)


def test_without_parquet_there_are_no_files(tmp_path: Path) -> None:
    write_night(night(tmp_path / "in", many(2)), tmp_path / "out", parquet=False)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [FILE]


def test_a_folder_with_a_quote_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's 北京"
    write_night(night(tmp_path / "in", many(2)), folder)
    assert len(prints(folder)) == 2
