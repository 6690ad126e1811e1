import asyncio
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from schemas.reviews import Aspect, Finding, ReviewLabel
from sinks.errors import Rejected, Unreachable
from sinks.reviews.documents import document, selected
from sinks.reviews.duck import ReviewFile, aside
from sinks.reviews.night import Changed
from sinks.reviews.options import FILE
from sinks.reviews.tables import LABELS, NIGHTS, TICKETS
from tests.support.nights import DATE, ask, label, night, ticket, write_night
from tests.support.waiting import SOON

_HOLD = (
    "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); sys.stdin.read()"
)
_NEXT = "2026-11-21"


def many(number: int, **given: Any) -> list[ReviewLabel]:
    return [label(f"shop:{n}", author=f"u-{n}", **given) for n in range(number)]


def labels_of(tmp_path: Path) -> list[bytes]:
    rows = ask(tmp_path, f"SELECT {selected(LABELS)} FROM review_labels ORDER BY source")
    return [document(LABELS, row) for row in rows]


def test_a_rerun_changes_nothing_not_even_the_file(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(9), [ticket()])
    first = write_night(given, tmp_path)
    assert first.duckdb["review_labels"] == Changed(added=9)
    assert first.duckdb["risk_tickets"] == Changed(added=1)
    before = hashlib.sha256((tmp_path / FILE).read_bytes()).hexdigest()
    again = write_night(given, tmp_path)
    assert again.is_none
    assert again.duckdb["review_labels"] == Changed(same=9)
    assert hashlib.sha256((tmp_path / FILE).read_bytes()).hexdigest() == before


def test_rows_are_added_replaced_removed_or_left(tmp_path: Path) -> None:
    write_night(night(tmp_path / "other", [label("x", date=_NEXT)], date=_NEXT), tmp_path)
    write_night(night(tmp_path / "one", many(4), [ticket("a"), ticket("b")]), tmp_path)
    labels = [*many(3)[:2], label("shop:2", sentiment="mixed"), label("shop:9")]
    tickets = [ticket("b", severity="critical"), ticket("c")]
    found = write_night(night(tmp_path / "two", labels, tickets), tmp_path)
    assert found.duckdb["review_labels"] == Changed(added=1, replaced=1, removed=1, same=2)
    assert found.duckdb["risk_tickets"] == Changed(added=1, replaced=1, removed=1)
    assert found.duckdb["review_nights"] == Changed(same=1)
    rows = ask(tmp_path, "SELECT source, sentiment FROM review_labels ORDER BY source")
    assert rows == [
        ("shop:0", "negative"),
        ("shop:1", "negative"),
        ("shop:2", "mixed"),
        ("shop:9", "negative"),
        ("x", "negative"),
    ]
    count = "SELECT name, reviews FROM review_days WHERE measure = 'sentiment' AND date = "
    assert ask(tmp_path, f"{count}'{DATE}' ORDER BY 1") == [("mixed", 1), ("negative", 3)]
    assert ask(tmp_path, f"{count}'{_NEXT}'") == [("negative", 1)]


def test_a_night_without_reviews_takes_them_all_away(tmp_path: Path) -> None:
    write_night(night(tmp_path / "one", many(3), [ticket()]), tmp_path)
    found = write_night(night(tmp_path / "none", []), tmp_path)
    assert found.duckdb["review_labels"] == Changed(removed=3)
    assert found.duckdb["risk_tickets"] == Changed(removed=1)
    for table in ("review_labels", "risk_tickets", "review_days", "review_product_days"):
        assert ask(tmp_path, f"SELECT count(*) FROM {table}") == [(0,)]
    assert ask(tmp_path, "SELECT read FROM review_nights") == [(0,)]


def test_a_review_whose_time_was_changed_moves_to_its_new_day(tmp_path: Path) -> None:
    write_night(night(tmp_path / "one", many(3)), tmp_path)
    moved = [label("shop:1", date=_NEXT), label("shop:7", date=_NEXT)]
    found = write_night(night(tmp_path / "two", moved, date=_NEXT), tmp_path)
    assert found.duckdb["review_labels"] == Changed(added=1, replaced=1)
    rows = ask(tmp_path, "SELECT source, date::TEXT FROM review_labels ORDER BY 1")
    assert rows == [("shop:0", DATE), ("shop:1", _NEXT), ("shop:2", DATE), ("shop:7", _NEXT)]
    days = "SELECT date::TEXT, reviews FROM review_days WHERE measure = 'reviews' ORDER BY 1"
    assert ask(tmp_path, days) == [(DATE, 2), (_NEXT, 2)]


def test_seconds_are_no_change_but_all_else_of_the_account_is(tmp_path: Path) -> None:
    for seconds, answered, expected in (
        ({"read": 1.5}, 0, Changed(added=1)),
        ({"read": 2.5}, 0, Changed(same=1)),
        ({"read": 3.5}, 4, Changed(replaced=1)),
    ):
        given = night(tmp_path / "in", many(2), seconds=seconds, answered=answered)
        assert write_night(given, tmp_path).duckdb["review_nights"] == expected
    found = ask(tmp_path, "SELECT seconds, answered FROM review_nights")
    assert found == [('{"read":3.5}', 4)]


def test_what_comes_out_is_what_went_in(tmp_path: Path) -> None:
    hostile = '\'); DROP TABLE review_labels; --\n\t\r"$1" ${x} %s \\ \\u0041 \u202e\U0001f600\x7f'
    given = [
        label(
            hostile,
            author=hostile,
            excerpt=hostile,
            aspects=(Aspect(hostile, "neutral", hostile, 1e-9),),
            findings=(Finding("human", hostile, hostile),),
            rating=None,
            sentiment_confidence=0.1 + 0.2,
        ),
        label("plain", aspects=(), findings=(), rating=4.5),
    ]
    tickets = [ticket(hostile, quotes=(hostile,), title=hostile)]
    write_night(night(tmp_path / "in", given, tickets), tmp_path)
    assert labels_of(tmp_path) == [msgspec.json.encode(one) for one in given]
    ((row,), (one,)) = (
        ask(tmp_path, f"SELECT {selected(table)} FROM {table.name}") for table in (TICKETS, NIGHTS)
    )
    assert document(TICKETS, row) == msgspec.json.encode(tickets[0])
    assert msgspec.json.decode(document(NIGHTS, one))["zone"] == "Asia/Shanghai"


def test_nul_becomes_another_character(tmp_path: Path) -> None:
    given = night(tmp_path / "in", [label(excerpt="a\0b\\\0c\\u0000")], [ticket(title="\0")])
    write_night(given, tmp_path)
    ((excerpt,),) = ask(tmp_path, "SELECT excerpt FROM review_labels")
    assert excerpt == "a\ufffdb\\\ufffdc\\u0000"
    assert ask(tmp_path, "SELECT title FROM risk_tickets") == [("\ufffd",)]


def test_views_show_what_a_label_leaves_out(tmp_path: Path) -> None:
    write_night(night(tmp_path / "in", many(1)), tmp_path)
    rows = ask(
        tmp_path,
        'SELECT source, attribute, polarity, words, confidence, "by" FROM review_aspects'
        " ORDER BY attribute",
    )
    assert rows == [
        ("shop:0", "logistics", "negative", "物流慢", 1.0, "rules"),
        ("shop:0", "quality", "positive", "做工好", 0.7, "model"),
    ]
    found = ask(tmp_path, "SELECT kind, reason, evidence, confidence FROM review_findings")
    assert found == [("banned", "banned.gambling", "博彩", 0.9)]


def test_a_day_is_counted(tmp_path: Path) -> None:
    twice = (Aspect("size", "negative", "偏小"), Aspect("size", "negative", "太小"))
    labels = [
        label("a", aspects=twice, findings=()),
        label("b", product="lamp", sentiment="positive", status="open", lang="en"),
        label("c", status="refused", reason="unreadable", aspects=(), findings=()),
    ]
    write_night(night(tmp_path / "in", labels), tmp_path)
    rows = ask(tmp_path, "SELECT measure, name, polarity, reviews FROM review_days ORDER BY ALL")
    assert rows == [
        ("aspect", "logistics", "negative", 1),
        ("aspect", "quality", "positive", 1),
        ("aspect", "size", "negative", 1),
        ("channel", "app", "", 2),
        ("finding", "banned", "", 1),
        ("lang", "en", "", 1),
        ("lang", "zh", "", 1),
        ("reviews", "", "", 2),
        ("sentiment", "negative", "", 1),
        ("sentiment", "positive", "", 1),
        ("status", "labelled", "", 1),
        ("status", "open", "", 1),
        ("status", "refused", "", 1),
    ]
    products = ask(
        tmp_path,
        "SELECT product, measure, name, reviews FROM review_product_days"
        " WHERE measure <> 'aspect' ORDER BY ALL",
    )
    assert products == [
        ("kettle", "reviews", "", 1),
        ("kettle", "sentiment", "negative", 1),
        ("lamp", "reviews", "", 1),
        ("lamp", "sentiment", "positive", 1),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"source": "secret words', "no rows of review_labels"),
        (b"secret words\n", "no rows of review_labels"),
        (b'{"source": "secret words"}\n', "a row of review_labels lacks a value"),
        (msgspec.json.encode(label(date=_NEXT, excerpt="secret words")), f"has a row of {_NEXT}"),
        (msgspec.json.encode(label("shop:0", excerpt="secret words")), "has shop:0 twice"),
        (msgspec.json.encode(label("x", lang="secret words")), "ConstraintException"),
        (msgspec.json.encode(label("x", time="secret words")), "no rows of review_labels"),
    ],
)
def test_what_is_no_night_is_rejected_whole(tmp_path: Path, line: bytes, message: str) -> None:
    write_night(night(tmp_path / "one", many(2)), tmp_path)
    bad = night(tmp_path / "bad", many(5), [ticket()])
    bad.labels[1].write_bytes(bad.labels[1].read_bytes() + line)
    with pytest.raises(Rejected, match=message) as caught:
        write_night(bad, tmp_path)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    counts = "SELECT (SELECT count(*) FROM review_labels), (SELECT count(*) FROM risk_tickets)"
    assert ask(tmp_path, counts) == [(2, 0)]


@pytest.mark.parametrize("date", ["2026-13-01", "today", "2026-11-20'; DROP", "", "20261120"])
def test_what_is_no_date_is_rejected(tmp_path: Path, date: str) -> None:
    with pytest.raises(Rejected, match="is no date: write 2026-11-20"):
        write_night(night(tmp_path / "in", [], date=date), tmp_path)
    assert not (tmp_path / FILE).exists()


def test_a_file_open_elsewhere_is_named_with_who_has_it(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(2))
    write_night(given, tmp_path)
    command = [sys.executable, "-c", _HOLD, str(tmp_path / FILE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        with pytest.raises(Unreachable, match=rf"^.* is open in .*\(PID {holder.pid}\): "):
            write_night(given, tmp_path)
        holder.communicate()
    assert write_night(given, tmp_path).is_none


@pytest.mark.parametrize("kind", ["nonsense", "folder", "under a file"])
def test_what_is_no_database_is_named(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "out"
    if kind == "under a file":
        folder.touch()
    elif kind == "folder":
        (folder / FILE).mkdir(parents=True)
    else:
        folder.mkdir()
        (folder / FILE).write_text("no database " * 1000)
    with pytest.raises(Unreachable, match=rf"^cannot write .*{FILE}: [^\n]+$"):
        write_night(night(tmp_path / "in", many(2)), folder)


def test_a_label_file_that_is_gone_is_named(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(4))
    given.labels[1].unlink()
    with pytest.raises(Unreachable, match=r"^.*labels-0000002\.jsonl: No such file"):
        write_night(given, tmp_path)
    assert not (tmp_path / FILE).exists()


def test_tables_of_an_earlier_version_get_what_they_lack(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(2))
    write_night(given, tmp_path)
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        connection.execute("DROP VIEW review_aspects")
        connection.execute("ALTER TABLE review_labels DROP COLUMN cause")
        connection.execute("DROP TABLE risk_tickets")
        connection.execute("UPDATE review_tables SET version = 0")
    assert write_night(given, tmp_path).duckdb["review_labels"] == Changed(replaced=2)
    assert labels_of(tmp_path) == [msgspec.json.encode(one) for one in many(2)]
    assert ask(tmp_path, "SELECT count(*) FROM review_aspects") == [(4,)]


def test_tables_of_a_later_version_are_left_alone(tmp_path: Path) -> None:
    given = night(tmp_path / "in", many(2))
    write_night(given, tmp_path)
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        connection.execute("UPDATE review_tables SET version = 99")
    with pytest.raises(Unreachable, match=r"schema main were made by a newer .*version 99"):
        write_night(night(tmp_path / "none", []), tmp_path)
    assert len(labels_of(tmp_path)) == 2


def test_who_is_cancelled_stops_the_statement_and_waits_for_its_end(tmp_path: Path) -> None:
    forever = "SELECT count(*) FROM range(100_000_000) a, range(100_000) b WHERE hash(a, b) = 1"

    async def run() -> None:
        with ReviewFile(tmp_path / FILE).opened() as connection:
            asking = asyncio.create_task(aside(connection, connection.execute, forever))
            await asyncio.sleep(0)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asking, 0.2)
            assert connection.execute("SELECT 1").fetchall() == [(1,)]

    asyncio.run(asyncio.wait_for(run(), SOON))
