import json
from pathlib import Path
from typing import Any

import pytest

from tests.streams.cli.running import fail, run

ONSET = "2026-11-20T09:30"


def minute(n: int) -> str:
    return f"2026-11-20T{9 + n // 60:02}:{n % 60:02}"


def lines(hit: dict[str, int], users: int | None = None) -> list[str]:
    """40 minutes of two attributes, 5 each; `hit` says how many of a system from 09:30 on."""
    return [
        f"{minute(n)},{os},{region},{hit.get(os, 5) if n >= 30 else 5}{f',{users}' * bool(users)}"
        for n in range(40)
        for os in ("ios", "android", "web")
        for region in ("北京", "上海")
    ]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "failures.csv"
    path.write_text("\n".join(["minute,os,省份,failed", *lines({"ios": 25})]), encoding="utf-8")
    return path


def machine(*arguments: str) -> dict[str, Any]:
    done = run("slices", *arguments, "--json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.output)
    return found


def test_names_the_slice_for_people(csv: Path) -> None:
    done = run("slices", str(csv), "--time", "minute", "--value", "failed", "--onset", ONSET)
    assert (done.exit_code, done.stderr) == (0, "")
    first, second, *table = done.output.splitlines()
    assert first == (
        "2026-11-20T09:30:00Z to 2026-11-20T09:40:00Z: 700 observed, 300 expected"
        " from the 30 minutes before."
    )
    assert second == "Rise: os=ios holds 100% of the rise, 33% expected."
    assert table[1].split()[:4] == ["os=ios", "100%", "500", "100"]


def test_says_the_same_to_machines(csv: Path) -> None:
    found = machine(str(csv), "--time", "minute", "--value", "failed", "--onset", ONSET)
    assert found["attributes"] == {"os": "ios"}
    assert (found["abstained"], found["change"]) == (False, "rise")
    assert (found["observed"], found["expected"]) == (700.0, 300.0)
    assert found["candidates"][0]["attributes"] == {"os": "ios"}
    assert found["candidates"][0]["rate"] is None


def test_lists_as_many_as_wanted(csv: Path) -> None:
    arguments = [str(csv), "--time", "minute", "--value", "failed", "--onset", ONSET]
    assert len(machine(*arguments, "--top", "1")["candidates"]) == 1
    some = machine(*arguments, "--top", "2")["candidates"]
    assert [one["attributes"] for one in some] == [{"os": "ios"}, {"os": "ios", "省份": "上海"}]


def test_with_counts_it_is_the_rate(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = lines({"ios": 25}, users=100)
    path.write_text("\n".join(["minute,os,region,failed,users", *rows]), encoding="utf-8")
    found = machine(
        str(path), "--time=minute", "--value=failed", "--count=users", f"--onset={ONSET}"
    )
    assert found["attributes"] == {"os": "ios"}
    assert found["candidates"][0]["rate"] == 0.25
    assert found["candidates"][0]["usual_rate"] == pytest.approx(0.05, rel=0.02)
    people = run(
        "slices", str(path), "--time=minute", "--value=failed", "--count=users", "--onset", ONSET
    )
    assert "25.000%" in people.output


def test_events_need_no_value(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    events = [
        f"{minute(n)}:{k:02},{os},{n}-{k}-{os}"
        for n in range(40)
        for os in ("ios", "android", "web")
        for k in range(20 if os == "ios" and n >= 30 else 5)
    ]
    path.write_text("\n".join(["when,os,request", *events]), encoding="utf-8")
    found = machine(str(path), "--time", "when", "--onset", "2026-11-20 09:30")
    assert found["attributes"] == {"os": "ios"}
    assert found["left_out"] == {"request": "different in most rows"}


def test_a_fall_is_explained_as_a_fall(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["minute,os,region,orders", *lines({"ios": 0})]), encoding="utf-8")
    found = machine(str(path), "--time=minute", "--value=orders", f"--onset={ONSET}")
    assert (found["change"], found["attributes"]) == ("fall", {"os": "ios"})
    people = run("slices", str(path), "--time=minute", "--value=orders", "--onset", ONSET)
    assert "Fall: os=ios holds 100% of the fall" in people.output


def test_abstains_with_the_reason_and_success(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    rows = lines({"ios": 15, "android": 15, "web": 15})
    path.write_text("\n".join(["minute,os,region,failed", *rows]), encoding="utf-8")
    done = run("slices", str(path), "--time=minute", "--value=failed", "--onset", ONSET)
    assert done.exit_code == 0
    assert "No slice is named: no attribute value is more common in the rise" in done.output
    found = machine(str(path), "--time=minute", "--value=failed", f"--onset={ONSET}")
    assert (found["abstained"], found["attributes"]) == (True, {})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--time", "when"], "has no column 'when'; it has minute, os, 省份, failed"),
        (["--value", "faild"], "has no column 'faild'"),
        (["--onset", "2026-11-21"], "is not inside the data, which spans 2026-11-20T09:00:00Z to"),
        (["--onset", "soon"], "--onset soon: no time is understood"),
        (["--onset", "2026-11-20T09:01"], "two points in time before the onset are needed"),
        (["--until", "2026-11-20T09:00"], "is not after --onset"),
        (["--ignore", "os", "--ignore", "省份"], "has no column left to be an attribute"),
        (["--time-format", "%d/%m/%Y"], "no rows that can be used: time not understood"),
    ],
)
def test_errors_are_one_line(csv: Path, arguments: list[str], says: str) -> None:
    usual = ["--time", "minute", "--value", "failed", "--onset", ONSET]
    assert says in fail("slices", str(csv), *usual, *arguments)


def test_an_empty_or_absent_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    for name, says in (("empty.csv", "is empty"), ("none.csv", "cannot read")):
        line = fail("slices", str(tmp_path / name), "--time", "t", "--onset", ONSET)
        assert says in line
        assert name in line
