from pathlib import Path

import pytest

from schemas.signals import Counters
from schemas.state import IntakeHead
from streams.replay.chunks import Chunk, Chunks
from streams.replay.errors import CannotReplay, Interrupted

HEAD = IntakeHead("feedback.app", 0, 3, 10, 8, 1, 2, Counters(accepted=9, refused={"not_json": 1}))


def chunk(total: int) -> Chunk:
    return Chunk(HEAD, [(0, b"\x00\xff")], [(1, b'{"kind"'), (-1, b"{}")], total, 0, False)


def test_chunks_come_back_in_order(tmp_path: Path) -> None:
    chunks = Chunks(tmp_path)
    assert (len(chunks), chunks.last()) == (0, None)
    for total in (2, 4, 6):
        chunks.add(chunk(total))
    assert [one.total for one in Chunks(tmp_path)] == [2, 4, 6]
    assert Chunks(tmp_path).last() == chunk(6)
    assert chunks[1] == chunk(4)


def test_half_a_file_is_none(tmp_path: Path) -> None:
    chunks = Chunks(tmp_path)
    chunks.add(chunk(2))
    # As after a kill.
    (tmp_path / ".000001.chunk.new").write_bytes(b"half")
    assert len(chunks) == 1
    chunks.add(chunk(4))
    assert chunks.last() == chunk(4)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["000000.chunk", "000001.chunk"]


def test_what_is_damaged_or_missing_is_named(tmp_path: Path) -> None:
    chunks = Chunks(tmp_path)
    for total in (2, 4):
        chunks.add(chunk(total))
    (tmp_path / "000001.chunk").write_bytes(b"\xc1")
    with pytest.raises(CannotReplay, match=r"000001.chunk is damaged .*: remove "):
        chunks.last()
    (tmp_path / "000000.chunk").unlink()
    with pytest.raises(CannotReplay, match="chunks are missing in"):
        chunks.last()


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    gone = Chunks(tmp_path / "gone")
    with pytest.raises(
        Interrupted, match=r"cannot write .*000000.chunk: No such file or directory"
    ):
        gone.add(chunk(2))
