from collections.abc import Iterator
from pathlib import Path

import pytest

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.bounded import Tail
from tests.streams.cli.running import fail, run

broker = pytest.mark.broker


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2, {"feedback.web": {"retention.ms": "-1"}})
    yield prefix
    admin.delete()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text("body,at\nslow,2025-01-01\nbroken,2025-01-02\nwhen?,someday\n,2025-01-03\n")
    return path


@broker
def test_a_table_is_played_with_its_times(bootstrap: str, topics: str, table: Path) -> None:
    where = ("--bootstrap", bootstrap, "--prefix", topics)
    result = run("play", str(table), "--channel", "web", "--map", "text=body,time=at", *where)
    assert result.exit_code == 0
    assert result.stdout == (
        "2 records written, 1 left out: time not understood, 1 left out: no text\n"
    )
    tail = Tail(Cluster(bootstrap), topics + "feedback.web", 2)
    found = sorted((m.timestamp()[1], m.value()) for m in tail.rest())
    tail.close()
    assert found == [
        (1_735_689_600_000, b'{"text":"slow","time":1735689600000}'),
        (1_735_776_000_000, b'{"text":"broken","time":1735776000000}'),
    ]


@broker
def test_without_topics_it_says_what_to_run(bootstrap: str, prefix: str, table: Path) -> None:
    line = fail(
        "play", str(table), "--map", "text=body", "--bootstrap", bootstrap, "--prefix", prefix
    )
    assert line == f"topic {prefix}feedback.app does not exist; run: groundswell topics create"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "which column is the text? --map text=COLUMN of body, at"),
        (("--map", "text=missing"), "no column 'missing'; the file has body, at"),
        (("--map", "nonsense"), "--map 'nonsense': write FIELD=COLUMN"),
        (("--channel", "fax"), "--channel fax: one of app, assistant, log, social, ticket, web"),
        (("--map", "text=body,time=body"), "no row could be used; the last: "),
    ],
)
def test_a_map_that_does_not_fit_is_told_before_anything_starts(
    table: Path, options: tuple[str, ...], says: str
) -> None:
    assert says in fail("play", str(table), *options, "--bootstrap", "127.0.0.1:1")


def test_a_file_that_is_not_there() -> None:
    assert fail("play", "missing.csv") == "missing.csv does not exist"


def test_speed_is_above_zero(table: Path) -> None:
    assert run("play", str(table), "--speed", "0").exit_code == 2
