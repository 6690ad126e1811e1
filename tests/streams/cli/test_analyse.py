import csv
import json
from pathlib import Path

import numpy as np
import pytest

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.streams.cli.running import fail, run

START_MS = 1_735_689_600_000
USUAL = (
    "cannot find the search button",
    "please add a dark theme",
    "love the new colours of this",
    "shipping took a whole week",
    "支付失败，付不了款",
)


def reviews() -> list[tuple[int, str, str, str]]:
    """(epoch ms, text, author, version): two quiet hours, and payment failing in the last."""
    rows = []
    random = np.random.default_rng(5)
    for minute in range(130):
        at = START_MS + minute * 60_000
        for text, count in zip(USUAL, random.poisson([0.5, 0.8, 1.0, 0.6, 0.4]), strict=True):
            rows += [
                (at + n, text, f"u{minute}-{n}-{text[:2]}", f"7.{n % 3}") for n in range(count)
            ]
        if minute >= 120:
            rows += [(at + n, USUAL[4], f"v{minute}-{n}", "7.2") for n in range(12)]
    return rows


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["at", "body", "who", "version"])
        writer.writerows([*reversed(reviews()), ("someday", "when?", "u", "")])
    return path


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.jsonl"
    first, *rest = (
        json.dumps({"id": f"r{n}", "time": at, "text": text, "author": who, "product": "shop"})
        for n, (at, text, who, _) in enumerate(reviews())
    )
    path.write_text("\n".join([first, first, "{broken", *rest]), encoding="utf-8")
    return path


@pytest.mark.broker
@pytest.mark.slow
def test_a_table_and_lines_are_analysed_and_nothing_stays(
    bootstrap: str, table: Path, lines: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    before = TopicAdmin(Cluster(bootstrap)).existing().keys()
    columns = "text=body,time=at,author=who,attributes.app_version=version"
    where = ("--incidents", str(out), "--bootstrap", bootstrap)
    found = run("analyse", str(table), "--product", "shop", "--map", columns, *where)
    assert found.exit_code == 0, found.output
    summary = dict(line.split(maxsplit=1) for line in found.stdout.splitlines()[-8:])
    assert summary["records"] == f"{len(reviews()):,}"
    assert summary["accepted"] == f"{len(reviews()):,} (late 0)"
    assert summary["refused"] == "0"
    assert "left out    1 time not understood" in found.stdout
    assert summary["incidents"].endswith(f" revisions, in {out})")
    incidents = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {incident["product"] for incident in incidents} == {"shop"}
    assert "支付失败" in incidents[0]["title"]
    assert incidents[0]["onset"]["estimate"] == "2025-01-01T02:00:00.000Z"
    assert len({incident["incident_id"] for incident in incidents}) == 1

    again = run("analyse", str(lines), *where)
    assert again.exit_code == 0, again.output
    summary = dict(line.split(maxsplit=1) for line in again.stdout.splitlines()[-8:])
    assert summary["records"] == f"{len(reviews()) + 2:,}"
    assert summary["accepted"].startswith(f"{len(reviews()):,} (late")
    assert summary["duplicates"] == "1"
    assert summary["refused"] == "1 (not_json 1)"
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["product"] == "shop"
    left = TopicAdmin(Cluster(bootstrap)).existing().keys() - before
    assert [name for name in left if name.startswith("analyse-")] == []


def test_an_output_that_cannot_be_written_is_told_before_the_run(table: Path) -> None:
    for folder, reason in (("missing", "No such file"), (str(table), "Not a directory")):
        line = fail("analyse", str(table), "--map", "text=body", "--incidents", f"{folder}/o.jsonl")
        assert line.startswith(f"--incidents {folder}/o.jsonl: cannot write to {folder} ({reason}")


def test_what_does_not_fit_costs_nothing(table: Path, tmp_path: Path) -> None:
    where = ("--incidents", str(tmp_path / "o.jsonl"), "--bootstrap", "127.0.0.1:1")
    assert fail("analyse", str(tmp_path / "none.csv"), *where).endswith("none.csv does not exist")
    assert "which column is the text?" in fail("analyse", str(table), *where)
    assert not (tmp_path / "o.jsonl").exists()


def test_the_output_must_be_named(table: Path) -> None:
    result = run("analyse", str(table))
    assert result.exit_code == 2
    assert "Missing option '--incidents'" in result.stderr
