"""All tests of the device run without a way out: here it is tried, and every test would fail."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import shut
from tests.support.shut import REPORT, Outside

ELSEWHERE = ("192.0.2.1", 9)
"""An address that is nobody's."""
ROOT = Path(__file__).parents[2]


def tcp() -> None:
    with socket.socket() as made:
        made.settimeout(0.1)
        made.connect(ELSEWHERE)


def tried() -> None:
    with socket.socket() as made:
        made.settimeout(0.1)
        made.connect_ex(ELSEWHERE)


def datagram() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as made:
        made.sendto(b"", ELSEWHERE)


def listening() -> None:
    with socket.socket() as made:
        made.bind(("0.0.0.0", 0))


def looked_up() -> None:
    socket.getaddrinfo("example.invalid", 80)


def by_a_loop() -> None:
    asyncio.run(asyncio.open_connection(*ELSEWHERE))


WAYS = (tcp, tried, datagram, listening, looked_up, by_a_loop)


def reached() -> str:
    """What the hook has written for this test; forgotten, for it was meant."""
    report = Path(os.environ[REPORT])
    told = report.read_text("utf-8") if report.exists() else ""
    report.unlink(missing_ok=True)
    return told


@pytest.mark.parametrize("way", WAYS)
def test_no_test_of_the_device_gets_out(way: Callable[[], None]) -> None:
    with pytest.raises(Outside):
        way()
    assert reached()


def test_nor_does_a_process_that_it_starts() -> None:
    program = f"import socket; socket.create_connection({ELSEWHERE}, 0.1)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "Outside" in done.stderr
    assert ELSEWHERE[0] in reached()


def test_who_takes_the_error_for_a_source_that_is_away_fails_all_the_same(tmp_path: Path) -> None:
    def swallowing() -> None:
        with shut.closed(tmp_path / "own"), pytest.raises(Outside):
            tcp()

    with pytest.raises(AssertionError, match="another machine"):
        swallowing()


def test_this_machine_and_files_are_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
    assert reached() == ""


def test_every_folder_of_the_record_path_is_among_them() -> None:
    files = [*ROOT.glob("tests/edge/**/test_*.py"), *ROOT.glob("tests/agents/records/**/test_*.py")]
    files += ROOT.glob("tests/browser/test_edge_*.py")
    assert len(files) > 60
    paths = [one.relative_to(ROOT).as_posix() for one in files]
    assert [one for one in paths if not shut.is_of_device(one)] == []
    assert not shut.is_of_device("tests/streams/edge/test_keys.py")
