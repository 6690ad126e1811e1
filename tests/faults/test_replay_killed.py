"""A replay is killed at random moments, interrupted, or loses a process: nothing is lost by it."""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.replaying import Replays, children_of, interrupt
from tests.support.waiting import until

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(400)]

KILLS = 5
OPTIONS = ("--chunk", "200", "--processes", "2")


def work(folder: Path) -> int:
    """Bytes of what is done, by which the moment of a kill is chosen."""
    done = [*folder.rglob("*.chunk"), *folder.rglob("*.snapshot"), *folder.rglob("*.revisions")]
    return sum(file.stat().st_size for file in done if file.exists())


def is_due(process: psutil.Popen, folder: Path, enough: float) -> bool:
    """So much is done, or the process was quicker than we."""
    return work(folder) >= enough or process.poll() is not None


def test_five_kills_change_nothing(stream: Stream, morning: Simulation, tmp_path: Path) -> None:
    stream.play(morning.messages())
    replays = Replays(stream.bootstrap, stream.prefix, tmp_path)
    replays.run("whole", *OPTIONS)
    whole = work(replays.out("whole"))
    random = Random(5)
    # From "reading has begun" to "detecting is nearly through".
    for aim in sorted(random.uniform(0.02, 0.95) for _ in range(KILLS)):
        with replays.started("killed", *OPTIONS, snapshot_seconds="0.05") as process:
            until(partial(is_due, process, replays.out("killed"), aim * whole), "progress")
            orphans = children_of(process)
            process.kill()
        # They notice, and leave the folder to the next one.
        psutil.wait_procs(orphans, timeout=30)
        assert not any(orphan.is_running() for orphan in orphans)
    done = replays.run("killed", *OPTIONS)
    assert "records     14,666" in done.stdout
    assert replays.raw("whole")
    assert replays.raw("killed") == replays.raw("whole")
    assert replays.account("killed").counters == replays.account("whole").counters


def test_ctrl_c_and_a_killed_process_leave_nothing_behind(
    stream: Stream, morning: Simulation, tmp_path: Path
) -> None:
    stream.play(morning.messages())
    replays = Replays(stream.bootstrap, stream.prefix, tmp_path)
    with replays.started("one", *OPTIONS) as process:
        until(lambda: work(replays.out("one")) > 0, "it is at work")
        children = children_of(process)
        interrupt(process)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "stopped; what is done is kept: the same command goes on"
    assert "Traceback" not in said
    assert children
    assert not any(child.is_running() for child in children)

    with replays.started("one", *OPTIONS) as process:
        until(lambda: len(children_of(process)) == 2, "its processes are there")
        children_of(process)[0].send_signal(signal.SIGKILL)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith(
        "groundswell: a process was killed, perhaps for want of memory: run the same command again"
    )
    assert not (replays.out("one") / "incidents.jsonl").exists()

    with replays.started("one", *OPTIONS) as process:
        until(lambda: len(children_of(process)) == 2, "its processes are there")
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 143

    replays.run("one", *OPTIONS)
    replays.run("whole")
    assert replays.raw("one") == replays.raw("whole")


def test_two_replays_do_not_share_a_folder(
    stream: Stream, morning: Simulation, tmp_path: Path
) -> None:
    stream.play(morning.messages())
    replays = Replays(stream.bootstrap, stream.prefix, tmp_path)
    with replays.started("one", *OPTIONS) as process:
        until(lambda: work(replays.out("one")) > 0, "it is at work")
        said = replays.run("one", code=1).stderr
        assert said.startswith("groundswell: another replay is at work in ")
        assert said.count("\n") == 1
        process.communicate(timeout=60)
    assert process.returncode == 0
