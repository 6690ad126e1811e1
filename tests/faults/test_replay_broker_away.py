"""The broker goes away while a replay reads, and comes back: it waits, and goes on by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.support.replaying import Replays
from tests.support.stream import open_stream
from tests.support.waiting import until

if TYPE_CHECKING:
    from streams.simulation import Simulation

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_replay_waits_for_the_broker(prefix: str, tmp_path: Path, morning: Simulation) -> None:
    broker = EmbeddedBroker(tmp_path / "home", port=free_port())
    try:
        with open_stream(broker.ensure(), prefix, tmp_path / "logs") as stream:
            stream.play(morning.messages())
            replays = Replays(stream.bootstrap, prefix, tmp_path)
            replays.run("whole")
            options = ("--chunk", "100", "--processes", "1")
            with replays.started("waits", *options) as process:
                until(lambda: any(replays.out("waits").rglob("*.chunk")), "it has begun")
                broker.stop()
                done = len(list(replays.out("waits").rglob("*.chunk")))
                broker.ensure()
                said, _ = process.communicate(timeout=100)
            assert process.returncode == 0, said
            assert len(list(replays.out("waits").rglob("*.chunk"))) > done
            assert replays.raw("waits") == replays.raw("whole")
            until(stream.answers, "the broker serves again")
    finally:
        broker.wipe()
