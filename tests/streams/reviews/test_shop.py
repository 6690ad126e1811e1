"""Whole nights of small shops: every review accounted for, the same again, stopped and gone on."""

import hashlib
import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from streams.errors import OperatorError
from streams.reviews.errors import SourceAway
from streams.reviews.shop import Outcome
from streams.reviews.simulation import Day, simulate
from streams.reviews.work import WorkFolder
from tests.support.shops import DAY, Quiet, asked_of, row, shop_of, started, write_shop
from tests.support.waiting import until

_LATE = """zone = "Asia/Shanghai"
[source]
kind = "topic"
topics = ["feedback.app"]
late_hours = 100000
"""
COPY = "这款杯子真的太好用了，保温一整天，做工精致，全家都在用，强烈推荐给大家，闭眼入不会错"
ROWS: list[dict[str, Any] | bytes] = [
    row(1, "做工很好，物流也快", rating=5),
    row(2, "Broke after two days, the handle is gone. Refund please!", rating=1),
    row(3, "加微信 abc12345 返现十元", rating=5),
    row(4, "杯子炸了，烫伤了我的手，去医院缝了三针", rating=1),
    row(5, ""),
    row(6, "", rating=None),
    row(7, "😀😀😀", rating=5),
    row(7, "the same id again"),
    b"{not json",
    *(row(100 + n, COPY, rating=5) for n in range(12)),
    # A copy is one beside what others write of other things.
    *(
        row(1000 + n, review.text, product=review.product, rating=review.rating)
        for n, (review, _) in enumerate(simulate(Day(2, 300, DAY, fake_share=0.0)))
    ),
]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome, Outcome, str, str]:
    """Its folder, the first run, the second, and what all files hashed to after each."""
    folder = tmp_path_factory.mktemp("shop")
    file = write_shop(folder, ROWS)
    with shop_of(file) as shop:
        first = shop.run(DAY)
        one = _digest(folder)
        second = shop.run(DAY)
    return folder, first, second, one, _digest(folder)


def _digest(folder: Path) -> str:
    """Of the tables' files, whose bytes a rerun must not touch."""
    found = hashlib.sha256()
    for path in sorted((folder / "nights").rglob("*.parquet")):
        found.update(path.read_bytes())
    return found.hexdigest()


def test_every_record_has_a_row(night: tuple[Path, Outcome, Outcome, str, str]) -> None:
    folder, outcome, *_ = night
    account = outcome.account
    assert account.read == len(ROWS)
    assert account.is_complete
    assert account.refused == {"duplicate_id": 1, "empty_text": 1, "not_json": 1}
    (rows,) = asked_of(folder, "SELECT count(*), count(DISTINCT source) FROM review_labels")
    assert rows == (len(ROWS), len(ROWS))


def test_what_is_found_is_told(night: tuple[Path, Outcome, Outcome, str, str]) -> None:
    folder, *_ = night
    found = dict(asked_of(folder, "SELECT source, sentiment FROM review_labels"))
    assert found["shop:r-1"] == "positive"
    assert found["shop:r-2"] == "negative"
    aspects = asked_of(
        folder, "SELECT attribute, polarity FROM review_aspects WHERE source = 'shop:r-1'"
    )
    assert ("logistics", "positive") in aspects
    kinds = Counter(kind for (kind,) in asked_of(folder, "SELECT kind FROM risk_tickets"))
    assert kinds["campaign"] == 1
    assert kinds["human"] >= 1
    (severity, title) = asked_of(
        folder, "SELECT severity, title FROM risk_tickets WHERE kind = 'human' AND product = 'mug'"
    )[0]
    assert (severity, title) == ("critical", "Injury: 1 review of mug")


def test_nothing_personal_is_in_the_tables(night: tuple[Path, Outcome, Outcome, str, str]) -> None:
    folder, *_ = night
    everything = json.dumps(
        [
            [list(map(str, each)) for each in asked_of(folder, f"SELECT * FROM {table}")]
            for table in ("review_labels", "risk_tickets")
        ]
    )
    assert "abc12345" not in everything


def test_the_same_again_changes_nothing(night: tuple[Path, Outcome, Outcome, str, str]) -> None:
    _, first, second, one, two = night
    assert not first.written.is_none
    assert second.written.is_none
    assert one == two


def test_no_text_is_left_behind(night: tuple[Path, Outcome, Outcome, str, str]) -> None:
    folder, *_ = night
    assert list((folder / "nights" / ".nights").glob("2*")) == []


@pytest.mark.slow
def test_a_night_of_anything(tmp_path: Path) -> None:
    texts = (review.text for review, _ in simulate(Day(3, 400, DAY, odd_share=1.0)))
    rows = [row(n, text.encode(errors="replace").decode()) for n, text in enumerate(texts)]
    with shop_of(write_shop(tmp_path, rows)) as shop:
        account = shop.run(DAY).account
    assert account.read == len(rows) == 400
    assert account.is_complete
    assert not [reason for reason in account.refused if reason.startswith("failed")]


@pytest.mark.slow
def test_a_killed_night_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    rows = [
        row(n, review.text, author=review.author, product=review.product, rating=review.rating)
        for n, (review, _) in enumerate(simulate(Day(5, 30_000, DAY)))
    ]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for folder in (whole, killed):
        folder.mkdir()
        write_shop(folder, rows)
    with shop_of(whole / "reviews.toml") as shop:
        shop.run(DAY)
    for stage in ("read-00000", "draft-00002", "verdict-00001", "label-00000"):
        _kill_at(killed, stage)
    before = set((killed / "nights" / ".nights" / str(DAY)).glob("draft-*"))
    progress = Quiet()
    with shop_of(killed / "reviews.toml", progress=progress) as shop:
        shop.run(DAY)
    assert before
    assert progress.stages[0] == "checking"
    assert "reading" not in progress.stages
    assert _digest(whole) == _digest(killed)


def _kill_at(folder: Path, file: str) -> None:
    """Run the night, and kill it once that file is there."""
    process = started(folder, "run", "--date", str(DAY), "--processes", "2")
    try:
        path = folder / "nights" / ".nights" / str(DAY) / file
        until(lambda: path.exists() or process.poll() is not None, file)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    finally:
        process.kill()


@pytest.mark.slow
def test_one_night_at_a_time(tmp_path: Path) -> None:
    write_shop(tmp_path, [row(1, "ok")])

    with WorkFolder(tmp_path / "nights", "2026-11-19", "v"):
        process = started(tmp_path, "run", "--date", str(DAY), "--processes", "1")
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"another night runs in" in said
    assert b"Traceback" not in said


def test_a_disk_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    file = write_shop(tmp_path, [row(1, "ok")])
    (tmp_path / "nights").write_text("in the way")
    with (
        pytest.raises(OperatorError, match=r"cannot use .*nights.*: Not a directory"),
        shop_of(file) as shop,
    ):
        shop.run(DAY)


@pytest.mark.slow
def test_a_stopped_night_reads_anew_where_the_file_says_something_else(tmp_path: Path) -> None:
    topics = "[outputs]\ntopics = true\n"
    file = write_shop(tmp_path, [row(1, "ok", stars=5, rating=1)], topics)
    with shop_of(file) as shop, pytest.raises(AssertionError, match="Kafka"):
        shop.run(DAY)
    file.write_text(file.read_text().replace('"rating"', '"stars"').replace(topics, ""))
    with shop_of(file) as shop:
        shop.run(DAY)
    assert asked_of(tmp_path, "SELECT rating FROM review_labels") == [(5.0,)]


@pytest.mark.slow
def test_a_page_that_cannot_be_written_leaves_no_text_behind(tmp_path: Path) -> None:
    file = write_shop(tmp_path, [row(1, "ok")])
    (tmp_path / "nights").mkdir()
    (tmp_path / "nights" / "reports").write_text("in the way")
    with shop_of(file) as shop:
        with pytest.raises(OperatorError, match="reports"):
            shop.run(DAY)
        assert list((tmp_path / "nights" / ".nights").glob("2*")) == []
        (tmp_path / "nights" / "reports").unlink()
        assert shop.run(DAY).written.is_none


def test_a_day_that_late_reviews_may_still_come_to_waits(tmp_path: Path) -> None:
    file = tmp_path / "reviews.toml"
    file.write_text(_LATE)
    with shop_of(file) as shop, pytest.raises(SourceAway, match="may come until 20"):
        shop.run(DAY)
    assert not (tmp_path / "nights").exists()
