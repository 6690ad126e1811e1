import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from streams.evaluation import tasks
from streams.evaluation.row import Row
from streams.evaluation.tasks import Ask, Task
from tests.streams.cli.running import fail, run

NO_DATA: dict[str, str | None] = {"GROUNDSWELL_DATA": None}


def fake(name: str) -> Callable[[Ask], Sequence[Row]]:
    def measure(ask: Ask) -> Sequence[Row]:
        data = ask.data.name if ask.data else f"made up, seeds {ask.seeds}"
        return [Row(name, data, "share", 0.5, 0.98, True, "river .4")]

    return measure


@pytest.fixture
def quick_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real table of tasks, each giving one row at once."""
    for name, task in tasks.TASKS.items():
        known = {key: value for key, value in vars(task).items() if key != "run"}
        monkeypatch.setitem(tasks.TASKS, name, Task(fake(name), **known))


@pytest.mark.usefixtures("quick_tasks")
def test_all_prints_one_table_and_says_what_was_left_out() -> None:
    done = run("eval", "all", env=NO_DATA)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert ", groundswell " in lines[0]
    for name in ("spikes", "templates"):
        (line,) = [line for line in lines if line.strip().startswith(name)]
        assert "GROUNDSWELL_DATA" in line
    (stream,) = [line for line in lines if line.strip().startswith("stream")]
    assert stream.split()[-5:] == ["0.980", "0.480", "short", "river", ".4"]


@pytest.mark.usefixtures("quick_tasks")
def test_a_data_folder_is_used_from_the_environment_or_the_option(tmp_path: Path) -> None:
    (tmp_path / "nab").mkdir()
    cases: list[tuple[tuple[str, ...], dict[str, str | None]]] = [
        (("eval", "all"), {"GROUNDSWELL_DATA": str(tmp_path)}),
        (("eval", "spikes"), {"GROUNDSWELL_DATA": str(tmp_path)}),
        (("eval", "all", "--data", str(tmp_path)), NO_DATA),
        (("eval", "spikes", "--data", str(tmp_path)), NO_DATA),
    ]
    for arguments, env in cases:
        done = run(*arguments, env=env)
        (line,) = [ln for ln in done.stdout.splitlines() if ln.strip().startswith("spikes")]
        assert line.split()[:2] == ["spikes", "nab"]


@pytest.mark.usefixtures("quick_tasks")
def test_json_and_markdown_are_written_beside_the_table(tmp_path: Path) -> None:
    out, table = tmp_path / "out.json", tmp_path / "table.md"
    files = ("--json", str(out), "--markdown", str(table))
    done = run("eval", "stream", "--seeds", "3,5-7,5", *files, env=NO_DATA)
    assert done.exit_code == 0
    report = json.loads(out.read_bytes())
    assert report["outcomes"][0]["seeds"] == [3, 5, 6, 7]
    assert report["outcomes"][0]["rows"][0]["met"] is False
    assert set(report["versions"]) == {"python", "groundswell", "numpy", "scipy", "river"}
    assert table.read_text().splitlines()[0] == done.stdout.splitlines()[0]
    assert report["date"] in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("spikes", "--seeds", "1"), "slices, simulation, stream"),
        (("all", "--seeds", "1"), "slices, simulation, stream"),
        (("stream", "--data", "."), "leave out --data"),
        (("stream", "--seeds", "1-x"), "is no seed"),
        (("stream", "--seeds", "9-1"), "no seed below"),
        (("stream", "--seeds", str(2**32)), "no seed below"),
        (("stream", "--misses", "tune"), "--misses goes with one of records, records-summary"),
        (("all", "--misses", "tune"), "--misses goes with one of records, records-summary"),
        (("nothing",), "'spikes'"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(arguments: tuple[str, ...], said: str) -> None:
    done = run("eval", *arguments, env=NO_DATA)
    assert done.exit_code == 2
    assert said in done.stderr


def test_misses_follow_the_progress_and_precede_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(ask: Ask) -> Sequence[Row]:
        ask.detail(f"a miss of {ask.misses}")
        return [Row("records", "own", "share", 0.5, None, True, "")]

    monkeypatch.setitem(tasks.TASKS, "records", Task(measure, "notes", takes_misses=True))
    done = run("eval", "records", "--misses", "test", env=NO_DATA)
    assert done.stdout.startswith("a miss of test\n20")


def test_errors_are_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    gone, here = str(tmp_path / "gone"), str(tmp_path)
    assert "a data folder holds nab" in fail("eval", "spikes", "--data", gone, env=NO_DATA)
    assert "a data folder holds" in fail("eval", "all", env={"GROUNDSWELL_DATA": gone})
    assert "cannot write" in fail("eval", "stream", "--json", f"{gone}/x", env=NO_DATA)
    assert "is a folder" in fail("eval", "stream", "--markdown", here, env=NO_DATA)


def test_data_of_another_form_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "plain.jsonl").write_text("plain\n")
    plain, here = str(tmp_path / "plain.jsonl"), str(tmp_path)
    for task, data in (
        ("spikes", here),
        ("clusters", plain),
        ("clusters", here),
        ("templates", here),
        ("slices", here),
        ("records", plain),
    ):
        done = run("eval", task, "--data", data, env=NO_DATA)
        assert done.exit_code == 1
        error = done.stderr.splitlines()[-1]
        assert error.startswith("groundswell: ")
        assert str(tmp_path) in error
