import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas.incidents import encode_incident
from streams.cli.score import score
from streams.simulation import BadFile
from streams.simulation.truth import encode_truth
from tests.streams.simulation.reports import injected, reported, truth


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    incidents, truth_file = tmp_path / "incidents.jsonl", tmp_path / "truth.json"
    incidents.write_bytes(encode_incident(reported(102)) + b"\n")
    truth_file.write_bytes(encode_truth(truth(injected(100))))
    return incidents, truth_file


def test_table_and_json_say_the_same(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "score.json"
    incidents, truth_file = map(str, files)
    done = CliRunner().invoke(
        score, ["--incidents", incidents, "--truth", truth_file, "--json", str(out)]
    )
    assert done.exit_code == 0, done.output
    figures = json.loads(out.read_bytes())
    assert figures["detected"] == {"right": 1, "of": 1}
    assert figures["delay_median"] == 2.0
    shown = [line.split() for line in done.output.splitlines()]
    assert ["detectable", "incidents", "found", "100.0", "%", "1", "of", "1"] in shown
    assert ["delay", "from", "onset,", "median", "2.0", "min"] in shown
    assert ["slice,", "top", "1", "-", "0", "of", "0"] in shown


def test_wrong_files_are_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    incidents, truth_file = map(str, files)
    swapped = CliRunner().invoke(score, ["--incidents", truth_file, "--truth", incidents])
    assert isinstance(swapped.exception, BadFile)
    missing = str(tmp_path / "missing")
    for arguments in (
        ["--incidents", missing, "--truth", truth_file],
        ["--incidents", incidents, "--truth", missing],
        ["--incidents", incidents, "--truth", truth_file, "--json", f"{missing}/x"],
    ):
        wrong = CliRunner().invoke(score, arguments)
        assert isinstance(wrong.exception, BadFile)
        assert "missing" in str(wrong.exception)
