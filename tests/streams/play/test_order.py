import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from streams.play.order import by_time, is_in_order
from streams.play.reading import Reader, time_of

START = 1_735_689_600_000
NOW = START + 10**9


def file_of(folder: Path, times: Sequence[int | None]) -> Path:
    """Lines of very different lengths."""
    path = folder / "a.jsonl"
    lines = [
        json.dumps({"text": f"{n} " + "x" * (n * n % 700)} | ({"time": ms} if ms else {}))
        for n, ms in enumerate(times)
    ]
    path.write_text("".join(line + "\n" for line in lines))
    return path


def looks_in_order(path: Path) -> bool:
    with path.open("rb") as file:
        return is_in_order(file, time_of)


def jittered(count: int, late: float) -> list[int]:
    """A recording: a line a second, of which a share comes up to five minutes late."""
    random = Random(1)
    return [
        START + n * 1000 - (random.randrange(300_000) if random.random() < late else 0)
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [2, 7, 300, 20_000])
def test_a_recording_is_in_order_and_backwards_it_is_not(tmp_path: Path, count: int) -> None:
    times = [START + n * 1000 for n in range(count)]
    assert looks_in_order(file_of(tmp_path, times))
    assert not looks_in_order(file_of(tmp_path, times[::-1]))


def test_late_records_and_wrong_clocks_change_nothing(tmp_path: Path) -> None:
    times: list[int | None] = [*jittered(5000, late=0.3)]
    times[0] = START + 400 * 86_400_000
    times[7] = 5
    times[9] = None
    assert looks_in_order(file_of(tmp_path, times))
    assert not looks_in_order(file_of(tmp_path, times[::-1]))


def test_a_file_without_any_order_is_not_in_order(tmp_path: Path) -> None:
    times = [START + n * 1000 for n in range(3000)]
    Random(2).shuffle(times)
    assert not looks_in_order(file_of(tmp_path, times))


@pytest.mark.parametrize("times", [[], [START], [None, None, None], [START] * 50])
def test_where_time_tells_nothing_the_file_is_left_alone(
    tmp_path: Path, times: list[int | None]
) -> None:
    assert looks_in_order(file_of(tmp_path, times))


def test_a_line_without_a_time_stays_behind_the_one_it_follows() -> None:
    lines = [(b"first", None), (b"late", 7), (b"broken", None), (b"early", 5), (b"last", 7)]
    assert [line for line, _ in by_time(lines)] == [b"first", b"early", b"late", b"broken", b"last"]


def test_the_newest_first_is_played_like_the_oldest_first(tmp_path: Path) -> None:
    times = [START + n * 60_000 for n in range(500)]
    path = file_of(tmp_path, times)
    forward = Reader(path)
    played = list(forward.messages(NOW))
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    backward = Reader(path)
    assert list(backward.messages(NOW)) == played
    assert (forward.sorted, backward.sorted) == ([], ["a.jsonl"])


def test_in_a_folder_each_file_is_looked_at(tmp_path: Path) -> None:
    for name, step in (("feedback.app", 1000), ("feedback.web", -1000)):
        times = [START + 10**8 + n * step for n in range(100)]
        file_of(tmp_path, times).rename(tmp_path / f"{name}.jsonl")
    reader = Reader(tmp_path)
    for topic in ("feedback.app", "feedback.web"):
        values = [m.value for m in reader.messages(NOW) if m.topic == topic]
        assert [time_of(v) for v in values] == sorted(time_of(v) or 0 for v in values)
    assert set(reader.sorted) == {"feedback.web.jsonl"}
