import random
from pathlib import Path

import pytest

from schemas.reviews import Review
from streams.reviews.errors import SourceAway
from streams.reviews.sources.record import Record, Unreadable
from streams.reviews.sources.spool import Spool
from tests.streams.reviews.sources.made import reasons, reviews


def review(n: int, time_ms: int, text: str = "a") -> Record:
    source = f"s:{n}"
    return Record(time_ms, source, source, Review(source=source, time_ms=time_ms, text=text))


def spooled(folder: Path, records: list[Record], most: int = 50_000) -> list[Review | Unreadable]:
    with Spool(folder, run_records=most) as spool:
        for record in records:
            spool.add(record)
        return list(spool.records())


@pytest.mark.parametrize("most", [1, 7, 100, 50_000])
def test_records_come_by_time_and_coordinates_however_they_were_put_in(
    tmp_path: Path, most: int
) -> None:
    given = [review(n, n // 3, "好" * (n % 50)) for n in range(500)]
    expected = sorted((r.said for r in given), key=lambda said: (said.time_ms, said.source))  # type: ignore[union-attr]
    for seed in range(3):
        random.Random(seed).shuffle(given)
        assert spooled(tmp_path, given, most) == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("most", [1, 50_000])
def test_of_one_id_the_first_is_the_review_and_the_others_have_names_of_their_own(
    tmp_path: Path, most: int
) -> None:
    given = [review(1, 30, "c"), review(2, 5), review(1, 10, "a"), review(1, 20, "b")]
    found = spooled(tmp_path, given, most)
    assert [(one.source, one.text) for one in reviews(found)] == [("s:2", "a"), ("s:1", "a")]
    assert reasons(found) == [("s:1#2", "duplicate_id"), ("s:1#3", "duplicate_id")]
    assert spooled(tmp_path, given[::-1], most) == found


def test_equal_rows_are_told_apart(tmp_path: Path) -> None:
    found = spooled(tmp_path, [review(1, 1)] * 3)
    assert [one.source for one in found] == ["s:1", "s:1#2", "s:1#3"]


def test_an_unreadable_row_keeps_its_reason_beside_a_review_of_its_id(tmp_path: Path) -> None:
    broken = Record(99, "s:1", "s:1", Unreadable("s:1", "no_text"))
    found = spooled(tmp_path, [broken, review(1, 1)])
    assert [one.source for one in reviews(found)] == ["s:1"]
    assert reasons(found) == [("s:1#2", "no_text")]


def test_a_key_of_its_own_leaves_the_coordinates_alone(tmp_path: Path) -> None:
    given = [Record(r.time_ms, r.source, "k", r.said) for r in (review(1, 1), review(2, 2))]
    assert reasons(spooled(tmp_path, given)) == [("s:2", "duplicate_id")]


def test_large_texts_and_small_blocks(tmp_path: Path) -> None:
    with Spool(tmp_path, run_bytes=200_000) as spool:
        given = [review(n, n, "x" * (n * 7_919 % 100_000)) for n in range(60)]
        for record in reversed(given):
            spool.add(record)
        assert list(spool.records()) == [record.said for record in given]


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    assert spooled(tmp_path, []) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceAway, match=r"cannot write to .*none: No such file"):
        Spool(tmp_path / "none")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with Spool(tmp_path, run_records=1) as spool:
        spool._file.close()
        spool._file = Path("/dev/full").open("r+b")  # noqa: SIM115
        with pytest.raises(SourceAway, match="cannot keep what is read: No space left"):
            spool.add(review(1, 1))
        # What is in its buffer cannot be written either.
        spool._file.raw.close()
