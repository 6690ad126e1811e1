import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from schemas.reviews import Aspect, ReviewLabel
from sinks.cluster import Secret
from sinks.errors import Unreachable
from sinks.reviews.night import Changed, Night, lines
from sinks.reviews.postgres import ReviewDatabase
from sinks.reviews.writing import _store
from sinks.tables.postgres import PostgresOptions
from tests.support.nights import DATE, account, ask, label, night, ticket, write_night
from tests.support.postgres import PASSWORD, Postgres
from tests.support.waiting import eventually

_NEXT = "2026-11-21"
_SAME = (
    "SELECT source, date::TEXT, status, sentiment, rating, excerpt FROM {}review_labels ORDER BY 1",
    "SELECT ticket_id, date::TEXT, title, severity, reviews FROM {}risk_tickets ORDER BY 1",
    'SELECT date::TEXT, "read", labelled, cost FROM {}review_nights ORDER BY 1',
    "SELECT date::TEXT, measure, name, polarity, reviews FROM {}review_days",
    "SELECT date::TEXT, product, measure, name, polarity, reviews FROM {}review_product_days",
    'SELECT source, date::TEXT, attribute, polarity, words, confidence, "by" FROM {}review_aspects',
    "SELECT source, date::TEXT, kind, reason, evidence, confidence FROM {}review_findings",
)


def many(number: int, **given: Any) -> list[ReviewLabel]:
    return [label(f"shop:{n}", author=f"u-{n}", **given) for n in range(number)]


def options(server: Postgres, database: str) -> PostgresOptions:
    return PostgresOptions(url=Secret(server.url(database, user=database)))


def store(server: Postgres, database: str, *nights: Night) -> list[dict[str, Changed]]:
    """Without the DuckDB file and the patience of `write`."""
    given = options(server, database)

    async def run() -> list[dict[str, Changed]]:
        target = ReviewDatabase(given.url, given.schema)
        found = []
        for one in nights:
            with lines(one) as rows:
                found.append(await target.store(one.date, rows))
        await target.stop()
        await target.stop()
        return found

    return asyncio.run(run())


def test_it_has_what_the_duckdb_file_has(postgres: Postgres, database: str, tmp_path: Path) -> None:
    to = options(postgres, database)
    tickets = [ticket("a"), ticket("b", quotes=("x",))]
    changed = [*many(9)[2:], label("new", aspects=(Aspect("fit", "neutral", "w"),), rating=None)]
    changed[0] = label("shop:2", status="open", reason="no model", product="lamp")
    moved = [label("shop:3", date=_NEXT), label("x", date=_NEXT, status="refused", reason="empty")]
    nights = [
        night(tmp_path / "1", many(9), tickets),
        night(tmp_path / "1", many(9), tickets),
        night(tmp_path / "2", changed, [ticket("b"), ticket("c")], answered=3),
        night(tmp_path / "3", moved, date=_NEXT),
        night(tmp_path / "4", [*moved, label("y", date=_NEXT)], date=_NEXT),
    ]
    for one in nights:
        found = write_night(one, tmp_path, postgres=to)
        assert found.postgres == found.duckdb
        for sql in _SAME:
            ours = sorted(ask(tmp_path, sql.format("")))
            assert sorted(postgres.say(database, sql.format("groundswell."))) == ours
    assert write_night(nights[-1], tmp_path, postgres=to).is_none


def test_rows_that_stay_are_not_even_touched(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    places = "SELECT source, ctid::TEXT, xmin::TEXT, xmax::TEXT FROM groundswell.review_labels"
    first = night(tmp_path / "1", many(5), [ticket()])
    store(postgres, database, first)
    before = sorted(postgres.say(database, places))
    (found,) = store(postgres, database, first)
    assert found["review_labels"] == Changed(same=5)
    assert sorted(postgres.say(database, places)) == before
    other = night(tmp_path / "2", [*many(4), label("shop:4", sentiment="mixed")], [ticket()])
    (found,) = store(postgres, database, other)
    assert found["review_labels"] == Changed(replaced=1, same=4)
    assert sorted(postgres.say(database, places))[:4] == before[:4]


def test_what_comes_out_is_what_went_in(postgres: Postgres, database: str, tmp_path: Path) -> None:
    hostile = (
        '\'); DROP TABLE x; --\n\t\r\\.\n"$1" ${x} %s \\ \\N \\t \\\\u0000 \u202e\U0001f600\x7f'
    )
    labels = [
        label(hostile, excerpt=hostile, aspects=(Aspect(hostile, "neutral", hostile, 0.1 + 0.2),)),
        label("nul", excerpt="a\0b\\\0c", aspects=(Aspect("\0", "neutral", "w"),)),
    ]
    store(postgres, database, night(tmp_path, labels, [ticket(title=hostile)]))
    rows = postgres.say(
        database,
        "SELECT source, excerpt, aspects, findings, round(extract(epoch FROM time) * 1000)::BIGINT"
        " FROM groundswell.review_labels ORDER BY source DESC",
    )
    assert rows[0][:2] == ("nul", "a\ufffdb\\\ufffdc")
    assert rows[0][2] == [{"attribute": "\ufffd", "polarity": "neutral", "words": "w"}]
    built: Any = msgspec.to_builtins(labels[0])
    assert rows[1] == (
        hostile,
        hostile,
        list(built["aspects"]),
        list(built["findings"]),
        1_795_165_451_120,
    )
    assert postgres.say(database, "SELECT title FROM groundswell.risk_tickets") == [(hostile,)]


def test_a_night_without_reviews_takes_them_all_away(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    given = night(tmp_path, many(3), [ticket()])
    _, found = store(postgres, database, given, Night(DATE, [], [], account([])))
    assert found["review_labels"] == Changed(removed=3)
    for table in ("review_labels", "risk_tickets", "review_days"):
        assert postgres.say(database, f"SELECT count(*) FROM groundswell.{table}") == [(0,)]


def test_the_server_may_be_gone_for_a_while(
    postgres: Postgres, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sinks.reviews.writing._PAUSES", (0.01, 0.02))
    to, given = options(postgres, database), night(tmp_path / "in", many(3))
    postgres.stop()
    try:
        with pytest.raises(Unreachable, match=r"^not written: postgres: [^\n]+$") as caught:
            write_night(given, tmp_path, postgres=to)
        assert PASSWORD not in str(caught.value)
    finally:
        postgres.start()
    # All else has been written.
    assert ask(tmp_path, "SELECT count(*) FROM review_labels") == [(3,)]
    found = write_night(given, tmp_path, postgres=to)
    assert found.duckdb["review_labels"] == Changed(same=3)
    assert found.postgres["review_labels"] == Changed(added=3)


def test_it_is_asked_again_after_a_restart(
    postgres: Postgres, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def pauses() -> Iterator[float]:
        for trial in range(60):
            asked.append(trial)
            yield 0.5

    monkeypatch.setattr("sinks.reviews.writing._PAUSES", pauses())
    to, given = options(postgres, database), night(tmp_path / "in", many(3))
    postgres.stop()

    async def restart() -> None:
        await eventually(lambda: len(asked) > 1, "a trial that failed")
        await asyncio.to_thread(postgres.start)

    async def run() -> dict[str, Changed]:
        with lines(given) as rows:
            found, _ = await asyncio.gather(_store(to, DATE, rows), restart())
        return found

    assert asyncio.run(run())["review_labels"] == Changed(added=3)


def test_a_night_is_written_whole_or_not_at_all(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    """A lock of somebody else stops it half way, then its connection is cut."""
    first, second = night(tmp_path / "1", many(2)), night(tmp_path / "2", many(4), [ticket()])
    store(postgres, database, first)

    async def run() -> None:
        with psycopg.connect(postgres.url(database)) as other:
            other.execute("LOCK TABLE groundswell.risk_tickets")
            writing = asyncio.create_task(asyncio.to_thread(store, postgres, database, second))
            await asyncio.to_thread(postgres.cut_who_waits, database)
            with pytest.raises(Unreachable):
                await writing

    asyncio.run(run())
    counted = "SELECT count(*) FROM groundswell.review_labels"
    assert postgres.say(database, counted) == [(2,)]
    (found,) = store(postgres, database, second)
    assert found["review_labels"] == Changed(added=2, same=2)


def test_two_writers_at_once_end_where_one_would(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    """Both make the tables; whoever is last is right."""
    ours, theirs = night(tmp_path / "1", many(300)), night(tmp_path / "2", many(500)[200:])

    async def run() -> None:
        await asyncio.gather(
            *(asyncio.to_thread(store, postgres, database, *[one] * 3) for one in (ours, theirs))
        )

    asyncio.run(run())
    (count,) = postgres.say(database, "SELECT count(*) FROM groundswell.review_labels")
    (days,) = postgres.say(
        database, "SELECT reviews FROM groundswell.review_days WHERE measure = 'reviews'"
    )
    assert count == days == (300,)


def test_a_role_that_may_not_is_told_what_to_ask_for(postgres: Postgres, tmp_path: Path) -> None:
    name, _ = postgres.new_database()
    with pytest.raises(Unreachable, match="GRANT USAGE, CREATE ON SCHEMA"):
        store(postgres, name, night(tmp_path, many(1)))
