from pathlib import Path

from schemas.signals import END, Counters, LocalCluster, Partial, Progress, Signal, encode_signal
from schemas.state import IntakeHead
from streams.replay.chunks import EVERYWHERE, Chunk, Chunks
from streams.replay.saved import Cursor
from streams.replay.tape import Tape
from tests.streams.replay.made import stretch

HEAD = IntakeHead("feedback.app", 0, 0, 0, 0, 0, 0, Counters())
LAST = 105
"""The last minute that is told of."""


def partial(minute: int, product: str = "wallet") -> Partial:
    said = (LocalCluster(1, 2, {"pay": 2}),)
    return Partial("feedback.app", 0, minute, minute, product, (), said)


def progress(minute: int) -> Progress:
    return Progress("feedback.app", 0, minute, minute, Counters())


def tape(
    folder: Path, *chunks: list[tuple[int, Signal]], goes_on: bool = False, **different: object
) -> Tape:
    """Over chunks of (shard, signal)."""
    kept, total = Chunks(folder), 0
    if not len(kept):
        for n, signals in enumerate(chunks, 1):
            total += len(signals)
            values = [(shard, encode_signal(signal)) for shard, signal in signals]
            kept.add(Chunk(HEAD, [], values, total, 0, n == len(chunks)))
    fields = {"shard": 1, "end_minute": LAST + 1, "products": (), "cursor": Cursor()}
    return Tape(stretch(goes_on=goes_on), kept, **{**fields, **different})  # type: ignore[arg-type]


def closes(taken: list[Signal]) -> int:
    last = taken[-1]
    assert isinstance(last, Progress)
    return last.closed_through


def test_a_step_goes_to_the_end_of_a_minute(tmp_path: Path) -> None:
    played = tape(
        tmp_path,
        [(1, partial(100)), (0, partial(100, "other")), (EVERYWHERE, progress(100))],
        [],
        [(1, partial(101)), (EVERYWHERE, progress(101)), (EVERYWHERE, progress(END))],
    )
    assert played.step() == [partial(100), progress(100)]
    assert (played.cursor.closed, played.passed) == (100, 3)
    assert played.step() == [partial(101), progress(101)]
    assert not played.cursor.ended
    assert played.step() == [progress(END)]
    assert (played.cursor.ended, played.passed) == (True, 6)
    assert played.step() == []


def test_a_tape_goes_on_where_another_one_stopped(tmp_path: Path) -> None:
    chunks: list[list[tuple[int, Signal]]] = [
        [(1, partial(100)), (EVERYWHERE, progress(100)), (EVERYWHERE, progress(101))],
        [(1, partial(102)), (EVERYWHERE, progress(102)), (EVERYWHERE, progress(END))],
    ]
    played = tape(tmp_path, *chunks)
    steps = []
    while not played.cursor.ended:
        steps.append(played.step())
        cursor = Cursor(played.cursor.chunk, played.cursor.signal, played.cursor.closed,
                        played.cursor.ended)  # fmt: skip
        played = tape(tmp_path, cursor=cursor)
    whole = tape(tmp_path)
    assert steps == [whole.step() for _ in range(4)]


def test_minutes_after_the_last_one_are_not_told_of(tmp_path: Path) -> None:
    played = tape(
        tmp_path,
        [
            (1, partial(LAST)),
            (EVERYWHERE, progress(LAST - 1)),
            (1, partial(LAST + 1)),
            (EVERYWHERE, progress(LAST + 3)),
            (EVERYWHERE, progress(END)),
        ],
    )
    assert played.step() == [partial(LAST), progress(LAST - 1)]
    taken = played.step()
    assert [type(signal) for signal in taken] == [Progress]
    assert closes(taken) == LAST
    assert played.cursor.ended


def test_a_log_that_ends_closes_no_minute_but_one_that_goes_on_does(tmp_path: Path) -> None:
    signals: list[tuple[int, Signal]] = [(1, partial(100)), (EVERYWHERE, progress(END))]
    assert closes(tape(tmp_path, signals).step()) == END
    assert closes(tape(tmp_path, goes_on=True).step()) == LAST


def test_of_other_products_only_their_place_in_time_is_left(tmp_path: Path) -> None:
    signals: list[tuple[int, Signal]] = [
        (1, partial(100)),
        (1, partial(100, "other")),
        (EVERYWHERE, progress(END)),
    ]
    mine, other, _ = tape(tmp_path, signals, products=("wallet",)).step()
    assert mine == partial(100)
    assert isinstance(other, Partial)
    assert (other.product, other.minute, other.clusters) == ("\0", 100, ())
