from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread

import pytest

from agents.models import fingerprint
from edge.cli.update import WAITING
from edge.updates.slots import Slots, load_pack
from schemas.packages import Stage
from tests.support.edge import edge
from tests.support.packages import Bench, Repository, whole


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Signed as of now, for the command asks the machine's own clock."""
    from datetime import UTC, datetime

    bench = Bench(tmp_path, Repository(now=datetime.now(UTC).replace(microsecond=0)))
    bench.repository.add(2, whole(2))
    bench.repository.write(bench.stick)
    return bench


def test_from_a_stick(bench: Bench) -> None:
    home = bench.home.folder
    first = edge("update", "--from", bench.stick, "--check", home=home)
    assert (first.exit_code, first.stdout.count("\n")) == (WAITING, 1)
    assert "2 is waiting" in first.stdout
    done = edge("update", "--from", bench.stick, home=home)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("updated 1 → 2, ")
    assert done.stderr == ""
    assert (
        edge("update", "--from", bench.stick, home=home).stdout == "up to date: 2 runs · 已是最新\n"
    )
    assert edge("update", "--from", bench.stick, "--check", home=home).exit_code == 0


def test_its_model_bears_the_mark_of_this_device_and_reads(bench: Bench) -> None:
    home = bench.home.folder
    assert edge("update", "--from", bench.stick, home=home).exit_code == 0
    installed = (bench.home.packs / "2/lines.onnx").read_bytes()
    published = whole(2)["lines.onnx"]
    assert installed != published
    assert fingerprint.unmark(installed, bench.device.key) == published
    assert fingerprint.unmark(installed, b"x" * 32) != published
    assert load_pack(bench.home).version == "2"
    bench.repository.add(3, whole(3), full=False)
    bench.repository.write(bench.stick)
    assert edge("update", "--from", bench.stick, home=home).stdout.startswith("updated 2 → 3, ")


def test_status_tells_what_runs(bench: Bench) -> None:
    home = bench.home.folder
    assert "checked    never" in edge("update", "--status", home=home).stdout
    edge("update", "--from", bench.stick, home=home)
    told = edge("update", "--status", home=home).stdout
    assert "runs       2 (on trial, 0 starts not confirmed)" in told
    assert f"from {bench.stick}" in told
    assert "valid      until" in told
    slots = Slots.of(bench.home)
    slots.fail(slots.start(), "it does not start")
    told = edge("update", "--status", home=home).stdout
    assert "failed     2: it does not start" in told
    assert "last       2 → 1: it does not start" in told


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--from", "/nowhere"), 3, "holds no packages"),
        (("--from", "http://127.0.0.1:1/x"), 3, "run it again"),
        (("--from", "topic", "--bootstrap", ""), 3, "name the brokers"),
        (("--from", "gopher://x"), 3, "no address"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    bench: Bench, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = edge("update", *arguments, home=bench.home.folder)
    assert (done.exit_code, done.stderr.count("\n"), done.stdout) == (code, 1, "")
    assert says in done.stderr


def test_expired_tampered_and_unsound_have_codes_of_their_own(bench: Bench) -> None:
    home = bench.home.folder
    bench.repository.add(3, whole(3) | {"pack.toml": b"version = 3"})
    bench.repository.write(bench.stick)
    assert edge("update", "--from", bench.stick, home=home).exit_code == 6
    failed = edge("update", "--from", bench.stick, home=home)
    assert "3 failed here before: 1 runs" in failed.stdout
    bench.repository.days = -1
    bench.repository.add(4, whole(4))
    bench.repository.write(bench.stick)
    expired = edge("update", "--from", bench.stick, home=home)
    assert expired.exit_code == 5
    assert "现有版本照常使用" in expired.stderr
    (bench.stick / "metadata/timestamp.json").write_bytes(b"{}")
    assert edge("update", "--from", bench.stick, home=home).exit_code == 4


def test_a_device_that_is_not_enrolled(tmp_path: Path) -> None:
    done = edge("update", "--from", tmp_path, home=tmp_path / "new")
    assert done.exit_code == 1
    assert "keys device" in done.stderr


def test_withdrawn_not_yet_and_too_old_are_told(bench: Bench) -> None:
    home = bench.home.folder
    edge("update", "--from", bench.stick, home=home)
    bench.repository.add(3, whole(3), withdrawn=(2,), rollout=(Stage("", 0),))
    bench.repository.write(bench.stick)
    told = edge("update", "--from", bench.stick, home=home).stdout
    assert told.startswith("2 was withdrawn")
    assert "3 has not reached this device yet: 1 runs" in told
    bench.repository.add(4, whole(4), least_app="99")
    bench.repository.write(bench.stick)
    assert "4 needs application 99" in edge("update", "--from", bench.stick, home=home).stdout
    bench.repository.add(5, whole(5), withdrawn=(5,))
    bench.repository.write(bench.stick)
    assert "5 is withdrawn: 1 runs" in edge("update", "--from", bench.stick, home=home).stdout


def test_a_clock_that_is_behind_is_an_alarm(bench: Bench) -> None:
    from datetime import UTC, datetime, timedelta

    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    bench.repository.add(3, whole(3), released=later)
    bench.repository.write(bench.stick)
    done = edge("update", "--from", bench.stick, home=bench.home.folder)
    assert done.exit_code == 0
    assert done.stderr.startswith("ALARM: the clock")
    assert "ALARM" in edge("update", "--status", home=bench.home.folder).stdout


def test_a_password_in_the_settings_is_never_shown(bench: Bench, tmp_path: Path) -> None:
    config = tmp_path / "kafka.properties"
    config.write_text("sasl.password=hunter2\nhunter3\n")
    done = edge("update", "--from", "topic", "--kafka-config", config, home=bench.home.folder)
    assert done.exit_code == 3
    assert "line 2" in done.stderr
    assert "hunter" not in done.output
    config.write_bytes(b"\xff\xfe")
    done = edge("update", "--from", "topic", "--kafka-config", config, home=bench.home.folder)
    assert (done.exit_code, done.stderr.count("\n")) == (3, 1)


class Steering(StreamRequestHandler):
    """A mirror that answers what a terminal would obey."""

    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"\x1b]0;x\x07 no status\r\n\r\n")


def test_a_mirror_cannot_steer_the_terminal(bench: Bench) -> None:
    with TCPServer(("127.0.0.1", 0), Steering) as mirror:
        Thread(target=mirror.handle_request).start()
        url = f"http://127.0.0.1:{mirror.server_address[1]}"
        done = edge("update", "--from", url, home=bench.home.folder)
    assert (done.exit_code, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.rstrip("\n").isprintable()
