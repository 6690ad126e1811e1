import csv
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.evaluation.templates import (
    Grouping,
    NoLabelledLogs,
    evaluate,
    grouping,
    mine,
    read,
)

GROUPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20)


def slow_grouping(found: list[int], true: list[int]) -> Grouping:
    """By the definition: sets of lines, and which of them are sets on the other side."""
    sets = [
        [{n for n, other in enumerate(side) if other == group} for group in sorted(set(side))]
        for side in (found, true)
    ]
    exact = [lines for lines in sets[0] if lines in sets[1]]
    precision, recall = len(exact) / len(sets[0]), len(exact) / len(sets[1])
    f1 = 2 * precision * recall / (precision + recall) if exact else 0.0
    return Grouping(sum(len(lines) for lines in exact) / len(found), f1)


@given(GROUPS)
@settings(max_examples=60)
def test_grouping_is_what_the_definition_says(pairs: list[tuple[int, int]]) -> None:
    found, true = [list(side) for side in zip(*pairs, strict=True)]
    assert grouping(found, true) == pytest.approx(slow_grouping(found, true))


def test_one_wrong_line_fails_its_group() -> None:
    assert grouping("aaab", "xxyz") == (0.25, 2 * 1 / (2 + 3))
    assert grouping("aabb", "yyxx") == (1.0, 1.0)


def test_grouping_refuses_what_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="no lines"):
        grouping([], [])
    with pytest.raises(ValueError, match="longer"):
        grouping([1], [1, 2])


def write(folder: Path, name: str, rows: list[tuple[str, str]], kind: str) -> None:
    (folder / name).mkdir(exist_ok=True)
    with (folder / name / f"{name}_2k.log_{kind}.csv").open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["LineId", "Content", "EventId", "EventTemplate"])
        writer.writerows([n, content, "E", label] for n, (content, label) in enumerate(rows))


def test_evaluate_reports_each_system_their_means_and_the_speed(tmp_path: Path) -> None:
    good = [("read 1 ok", "read <*> ok"), ("read 2 ok", "read <*> ok"), ("halt", "halt")]
    bad = [("slow, very", "slow, <*>"), ("slow, quite", "slow, <*>")]
    write(tmp_path, "Good", good, "structured_corrected")
    write(tmp_path, "Good", bad, "structured")
    write(tmp_path, "Bad", bad, "structured")
    (tmp_path / "Empty").mkdir()
    (tmp_path / "README.md").touch()
    rows = evaluate(tmp_path)
    figures = {(row.data, row.measure): (row.value, row.goal) for row in rows[:-1]}
    assert figures == {
        ("Bad", "grouping accuracy"): (0.0, None),
        ("Good", "grouping accuracy"): (1.0, None),
        ("mean", "grouping accuracy"): (0.5, 0.90),
        ("Bad", "F1 of grouping"): (0.0, None),
        ("Good", "F1 of grouping"): (1.0, None),
        ("mean", "F1 of grouping"): (0.5, 0.85),
    }
    assert rows[-1].measure == "lines/s"
    assert rows[-1].value > 0
    assert all("drain3" in row.alternative and row.higher_is_better for row in rows)
    assert [system.name for system in read(tmp_path)] == ["Bad", "Good"]


def test_a_folder_without_logs_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoLabelledLogs, match="structured"):
        evaluate(tmp_path)
    with pytest.raises(NoLabelledLogs, match="absent"):
        read(tmp_path / "absent")


def test_a_merge_counts_to_the_end() -> None:
    names = ["ann", "bob", "cid", "dan", "eva"]
    assert mine([f"user {name} has left" for name in names]) == [0] * len(names)


def test_one_setting_for_logs_of_many_systems() -> None:
    folder = Path(os.environ.get("GROUNDSWELL_DATA", "data"), "loghub_2k")
    if not folder.is_dir():
        pytest.skip("set GROUNDSWELL_DATA to the folder that holds loghub_2k")
    for system in read(folder):
        result = grouping(mine(system.lines), system.labels)
        assert result.accuracy > 0.9, system.name
        assert result.f1 > 0.85, system.name
