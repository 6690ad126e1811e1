from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streams.cli import main
from streams.cli.broker import NOT_RUNNING


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["broker", *arguments])


@pytest.mark.broker
@pytest.mark.slow
def test_start_status_stop_wipe(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path))
    try:
        started = run("start", *home)
        assert started.exit_code == 0
        bootstrap = started.stdout.strip()
        assert f"starting Kafka 4.1.1 at {bootstrap}\n" in started.stderr
        assert f"Kafka 4.1.1 at {bootstrap} (pid " in run("status", *home).stdout
        assert run("start", *home).stdout.strip() == bootstrap
        assert run("stop", *home).exit_code == 0
        stopped = run("status", *home)
        assert "Kafka 4.1.1 is not running" in stopped.stdout
        assert stopped.exit_code == NOT_RUNNING
    finally:
        assert run("wipe", *home).exit_code == 0
    assert not (tmp_path / "kafka-data").exists()


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = run("start", "--home", str(tmp_path), "--port", port)
    assert result.exit_code == 1
    assert result.stderr == (
        f"groundswell: port {port} is taken: choose another --port, or leave it out\n"
    )


def test_status_makes_nothing(tmp_path: Path) -> None:
    result = run("status", "--home", str(tmp_path / "home"))
    assert result.exit_code == NOT_RUNNING
    assert not (tmp_path / "home").exists()
