from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.incidents import Grouping, Incident, encode_incident
from schemas.times import MINUTE_MS, format_ms
from streams.replay.diff import Diff, compare
from streams.replay.errors import NoIncidents
from streams.replay.stories import OPEN, read_telling
from tests.streams.cli.running import run
from tests.streams.replay.made import START_MS
from tests.support.incidents import incident


def at(minute: int) -> str:
    return format_ms(START_MS + minute * MINUTE_MS)


def told(name: str, seen: int, over: int | None = None, **other: Any) -> list[Incident]:
    """An incident detected and resolved at these minutes, in two revisions."""
    first = incident(
        incident_id=name, incident_key=f"key of {name}", detected_at=at(seen), updated_at=at(seen)
    )
    first = msgspec.structs.replace(first, **other)
    if over is None:
        return [first]
    last = msgspec.structs.replace(
        first, revision=2, status="resolved", updated_at=at(over), resolved_at=at(over)
    )
    return [first, last]


def written(file: Path, *tellings: list[Incident]) -> Path:
    file.write_bytes(b"".join(encode_incident(one) + b"\n" for told in tellings for one in told))
    return file


@pytest.fixture
def diff(tmp_path: Path) -> Any:
    def compared(before: list[list[Incident]], after: list[list[Incident]]) -> Diff:
        files = written(tmp_path / "a.jsonl", *before), written(tmp_path / "b.jsonl", *after)
        return compare(*map(read_telling, files))

    return compared


def test_the_same_is_the_same_in_any_order(diff: Any, tmp_path: Path) -> None:
    one, two = told("one", 5, 30), told("two", 7, 40, product="maps")
    found = diff([one, two], [two, one[::-1], one])
    assert found.is_empty
    assert (found.same, found.worded) == (2, 0)
    result = run("replay", "diff", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))
    assert result.exit_code == 0
    assert result.output == "0 gained, 0 lost, 0 earlier, 0 later, 0 changed, 2 the same\n"


def test_gained_lost_earlier_later_and_changed(diff: Any, tmp_path: Path) -> None:
    slices = incident().slice
    before = [
        told("gone", 1, 20, product="maps"),
        told("early", 10, 30),
        told("late", 50, 70),
        told("worse", 100, 120, severity="warning"),
        told("sliced", 200, 220),
        told("worded", 300, 320),
    ]
    after = [
        told("new", 2, 20, product="video"),
        told("early", 7, 30),
        told("late", 55, 70),
        told("worse", 100, 120, severity="critical"),
        told("sliced", 200, 220, slice=msgspec.structs.replace(slices, attributes={})),
        told("worded", 300, 320, title="wallet: other words"),
    ]
    found = diff(before, after)
    assert [story.incident_id for story in found.gained] == ["new"]
    assert [story.incident_id for story in found.lost] == ["gone"]
    assert [(pair.after.incident_id, pair.minutes) for pair in found.earlier] == [("early", -3)]
    assert [(pair.after.incident_id, pair.minutes) for pair in found.later] == [("late", 5)]
    changed = [(pair.after.incident_id, pair.changed) for pair in found.changed]
    assert changed == [("worse", ["severity"]), ("sliced", ["slice"])]
    assert (found.same, found.worded) == (1, 1)

    files = str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")
    result = run("replay", "diff", *files)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [
        "gained", "lost", "earlier", "later", "changed", "changed",
    ]  # fmt: skip
    assert lines[0].startswith("gained   2026-01-05 08:02 critical wallet: ")
    assert lines[2].endswith(": by 3 min")
    assert lines[4].endswith(": warning became critical")
    assert lines[5].endswith(": for whom: app_version=7.2.0 os=android became everybody")
    assert lines[-1] == (
        "1 gained, 1 lost, 1 earlier, 1 later, 2 changed, 1 the same"
        " (1 of them with other counts or words)"
    )
    result = run("replay", "diff", *files, "--json")
    assert result.exit_code == 1
    plain = json.loads(result.output)
    assert (plain["earlier"][0]["minutes"], plain["later"][0]["minutes"]) == (-3, 5)
    assert plain["changed"][0]["severity"] == ["warning", "critical"]
    assert plain["gained"][0]["incident_id"] == "new"


def test_another_key_is_the_same_if_the_terms_are(diff: Any) -> None:
    def about(*terms: str) -> Grouping:
        return Grouping("c", terms, "", 0.1)

    before = [told("a", 10, 40, grouping=about("pay", "spin", "stuck"))]
    after = [
        told("b", 12, 41, grouping=about("pay", "spin")),
        told("c", 12, 41, grouping=about("pay", "slow", "late")),
        told("d", 12, 41, grouping=about("map")),
        told("e", 12, 41, grouping=about("pay", "spin", "stuck"), product="maps"),
        told("f", 41, 60, grouping=about("pay", "spin", "stuck")),
    ]
    found = diff(before, after)
    assert [(p.before.incident_id, p.after.incident_id) for p in found.pairs] == [("a", "b")]
    assert [story.incident_id for story in found.gained] == ["e", "c", "d", "f"]


def test_the_nearest_of_one_key_is_the_same(diff: Any) -> None:
    key: dict[str, Any] = {"incident_key": "k"}
    before = [told("a1", 10, 20, **key), told("a2", 25, 60, **key)]
    after = [told("b1", 26, 50, **key), told("b2", 90, 99, **key)]
    found = diff(before, after)
    assert [(p.before.incident_id, p.after.incident_id) for p in found.pairs] == [("a2", "b1")]
    assert [story.incident_id for story in found.lost] == ["a1"]
    assert [story.incident_id for story in found.gained] == ["b2"]
    # One that is not over overlaps with all that comes.
    found = diff([told("a", 10, **key)], [told("b", 500, **key)])
    assert [pair.minutes for pair in found.pairs] == [490]
    assert found.pairs[0].before.end_ms == OPEN


def test_the_words_of_incidents_do_not_steer_a_terminal(diff: Any, tmp_path: Path) -> None:
    diff([], [told("a", 1, title="wallet: \x1b[2J[red]x[/red]")])
    result = run("replay", "diff", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))
    assert "\x1b" not in result.output
    assert "[red]x[/red]" in result.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}\n", "line 1 is no incident: Object missing required field"),
        (b"\xff\xfe\n", "line 1 is no incident"),
        (encode_incident(incident()) + b"\nnonsense\n", "line 2 is no incident"),
        (encode_incident(incident(detected_at="soon")) + b"\n", "line 1 is no incident"),
    ],
)
def test_what_is_no_incident_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(content)
    with pytest.raises(NoIncidents, match=reason):
        read_telling(file)
    result = run("replay", "diff", str(file), str(file))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"groundswell: {file} line ")
    assert result.stderr.count("\n") == 1


def test_a_folder_without_a_result_is_refused(tmp_path: Path) -> None:
    result = run("replay", "diff", str(tmp_path), str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == (
        f"groundswell: cannot read {tmp_path}/incidents.jsonl: No such file or directory\n"
    )


def test_a_file_of_none_is_a_telling_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_bytes(b"\n")
    telling = read_telling(tmp_path / "none.jsonl")
    assert (telling.stories, telling.span_ms) == ([], None)
