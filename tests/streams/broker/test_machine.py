from __future__ import annotations

import socket
from pathlib import Path

from streams.broker.machine import disk_bytes, free_port, port_is_free


def test_a_listening_port_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not port_is_free(port)
        assert free_port() != port
    assert port_is_free(port)


def test_disk_bytes_counts_blocks_not_holes(tmp_path: Path) -> None:
    assert disk_bytes(tmp_path / "missing") == 0
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/full").write_bytes(b"x" * 100_000)
    with (tmp_path / "sparse").open("wb") as stream:
        stream.truncate(10_000_000)
    assert 100_000 <= disk_bytes(tmp_path) < 1_000_000
