"""`groundswell reviews` as a person, a cron line and a service use it."""

import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.reviews.config import read_config
from streams.reviews.report import page_of
from tests.streams.cli.running import fail, run
from tests.support.shops import ROOT, asked_of, row, started, write_shop
from tests.support.waiting import until

DAY = date(2026, 1, 5)
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a night that was run; its file names UTC and the days up to yesterday."""
    folder = tmp_path_factory.mktemp("shop")
    rows = [
        row(1, "做工很好，物流也快", rating=5, time=f"{DAY}T08:00:00Z"),
        row(2, "杯子炸了，烫伤了我的手", rating=1, time=f"{DAY}T09:00:00Z"),
        *(recent(n, back) for n, back in ((10, 0), (11, 1), (12, 1))),
    ]
    file = write_shop(folder, rows)
    file.write_text(file.read_text().replace("Asia/Shanghai", "UTC"))
    return folder


def recent(n: int, days: int) -> dict[str, Any]:
    return row(n, "Broke after two days", time=f"{YESTERDAY - timedelta(days=days)}T08:00:00Z")


def of(shop: Path) -> tuple[str, str]:
    return "--config", str(shop / "reviews.toml")


def test_the_example_is_written_once(tmp_path: Path) -> None:
    file = tmp_path / "reviews.toml"
    assert "groundswell reviews run" in run("reviews", "init", str(file)).output
    assert read_config(file, {}).zone.key == "Asia/Shanghai"
    assert "is there already" in fail("reviews", "init", str(file))
    assert "cannot write" in fail("reviews", "init", str(tmp_path / "none" / "reviews.toml"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--date", "2026-13-01"), "write YYYY-MM-DD"),
        (("run", "--date", "2026-11-20", "--to", "2026-11-19"), "is before --date"),
        (("run", "--date", "2199-01-01"), "write YYYY-MM-DD"),
        (("run", "--date", str(YESTERDAY + timedelta(days=1))), "is not over yet in UTC"),
        (("run", "--daemon", "--at", "25:00"), "write HH:MM"),
        (("report", "--date", "2026-01-01"), "reviews run --date 2026-01-01"),
        (("answers", "--date", "2026-01-01", "none.jsonl"), "setting model_url"),
    ],
)
def test_what_cannot_be_done_is_one_line(shop: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in fail("reviews", *arguments, *of(shop))


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    assert "reviews init" in fail("reviews", "run", "--config", str(tmp_path / "none.toml"))


@pytest.mark.slow
def test_a_night_is_told_and_its_report_written_again(shop: Path) -> None:
    arguments = ("--date", str(DAY), *of(shop))
    found = run("reviews", "run", "--processes", "1", *arguments)
    assert found.exit_code == 0, found.stderr
    (told,) = (line for line in found.stdout.splitlines() if line.startswith(str(DAY)))
    assert "2 reviews in" in told
    assert told.endswith("1 ticket, 0 campaigns; written")
    page = page_of(read_config(shop / "reviews.toml", {}), str(DAY))
    assert f"report: {page}" in found.stdout.splitlines()
    page.unlink()
    assert run("reviews", "report", *arguments).exit_code == 0
    assert page.exists()
    page.unlink()
    page.mkdir()
    said = fail("reviews", "report", *arguments)
    page.rmdir()
    assert said.startswith(f"cannot use {page.parent}")


@pytest.mark.slow
def test_at_a_terminal_the_account_has_a_line_of_its_own(shop: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "streams", "reviews", "run", "--date", str(DAY)],
        cwd=shop,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    # The end of a terminal is an error.
    with suppress(OSError):
        while more := os.read(ours, 1 << 16):
            said += more
    os.close(ours)
    assert process.wait(60) == 0
    assert b"reading" in said
    assert re.search(rb"(\n|\x1b\[2K)%s: 2 reviews in" % str(DAY).encode(), said), said


@pytest.mark.slow
def test_the_service_makes_up_for_missed_nights_and_ends_when_asked(shop: Path) -> None:
    arguments = ("--at", "00:00", "--catch-up", "1", "--processes", "1")
    process = started(shop, "run", "--daemon", *arguments)
    try:
        page = page_of(read_config(shop / "reviews.toml", {}), str(YESTERDAY))
        until(lambda: page.exists() or process.poll() is not None, "the nights")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 143, said
    assert b"Traceback" not in said
    counts = asked_of(shop, "SELECT date::TEXT, count(*) FROM review_labels GROUP BY 1 ORDER BY 1")
    days = (YESTERDAY - timedelta(days=1), YESTERDAY)
    assert dict(counts).items() >= {str(days[0]): 2, str(days[1]): 1}.items()


@pytest.mark.slow
def test_the_service_says_what_fails_and_goes_on(tmp_path: Path) -> None:
    write_shop(tmp_path, [])
    (tmp_path / "reviews.jsonl").unlink()
    process = started(tmp_path, "run", "--daemon", "--at", "00:00", "--catch-up", "0")
    assert process.stdout is not None
    try:
        said = b""
        while b"failed" not in said and process.poll() is None:
            said += process.stdout.readline()
        assert b"has the export come?; again in 5 min" in said
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert b"Traceback" not in said


@pytest.mark.slow
def test_the_demo_shows_the_bad_batch_and_keeps_what_it_is_told_to_keep(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    found = run("reviews", "demo", "--nights", "9", "--out", str(folder))
    assert found.exit_code == 0, found.stderr
    assert "Complaints about quality of make of p-00057 rose" in found.stdout
    assert (folder / "nights" / "reviews.duckdb").exists()
    gone = run("reviews", "demo", "--nights", "0", "--reviews", "50")
    assert "--out shop keeps it" in gone.stdout
    (path,) = (line for line in gone.stdout.splitlines() if line.startswith("report: "))
    assert not Path(path.removeprefix("report: ")).exists()
