from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas.topics import CHANGES, COLLECTED
from streams.cli.simulate import simulate
from streams.simulation import BadFile, BadScenario, read_truth

SHORT = ["--hours", "0.5", "--products", "1", "--rate", "20", "--incidents", "0"]


def test_it_writes_a_file_per_topic_and_says_what_is_in_them(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = CliRunner().invoke(simulate, ["--out", str(folder), *SHORT])
    assert done.exit_code == 0, done.output
    names = {path.name for path in folder.iterdir()}
    assert names == {f"{topic}.jsonl" for topic in (*COLLECTED, CHANGES)} | {"truth.json"}
    truth = read_truth(folder / "truth.json")
    lines = sum(path.read_bytes().count(b"\n") for path in folder.glob("*.jsonl"))
    assert lines == sum(totals.lines for totals in truth.topics.values())
    assert f"{lines} messages" in done.output


@pytest.mark.slow
def test_arguments_reach_the_scenario_and_equal_ones_give_equal_files(tmp_path: Path) -> None:
    more = ["--seed", "9", "--start", "2026-03-01T10:00:00+02:00", "--history-days", "1"]
    for name in ("one", "two"):
        done = CliRunner().invoke(simulate, ["--out", str(tmp_path / name), *SHORT, *more])
        assert done.exit_code == 0, done.output
    truth = read_truth(tmp_path / "one" / "truth.json")
    assert (truth.seed, truth.start) == (9, "2026-03-01T08:00:00.000Z")
    assert truth.scored_from == "2026-03-02T08:00:00.000Z"
    assert truth.products == ("wallet",)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_folder_with_something_in_it_needs_force(tmp_path: Path) -> None:
    kept = tmp_path / "mine.txt"
    kept.write_text("mine")
    refused = CliRunner().invoke(simulate, ["--out", str(tmp_path), *SHORT])
    assert isinstance(refused.exception, BadFile)
    assert "--force" in str(refused.exception)
    assert list(tmp_path.iterdir()) == [kept]
    done = CliRunner().invoke(simulate, ["--out", str(tmp_path), "--force", *SHORT])
    assert done.exit_code == 0, done.output
    assert kept.read_text() == "mine"


def test_bad_arguments_are_named(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out")]
    wrong = CliRunner().invoke(simulate, [*out, "--hours", "0"])
    assert isinstance(wrong.exception, BadScenario)
    assert "hours" in str(wrong.exception)
    no_time = CliRunner().invoke(simulate, [*out, "--start", "monday"])
    assert no_time.exit_code == 2
    assert "2026-01-05T00:00:00Z" in no_time.output
    no_offset = CliRunner().invoke(simulate, [*out, "--start", "2026-01-05T00:00:00"])
    assert no_offset.exit_code == 2
