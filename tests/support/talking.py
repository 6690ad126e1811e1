"""`groundswell assistant demo`, or another, as a person runs it, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
from confluent_kafka.admin import AdminClient

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 40.0


class TalkProcess:
    """What it says and makes, under a prefix and in folders of its own."""

    words: tuple[str, ...] = ("assistant", "demo", "--port", "0")

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        self._cluster = Cluster(bootstrap)
        self._admin = AdminClient(self._cluster.for_librdkafka())
        self._prefix = prefix
        self._out = folder / "talk.out"
        self.temporary, self._state = folder / "tmp", folder / "state"
        self.temporary.mkdir()
        command = [sys.executable, "-m", "streams", *self.words]
        own = {
            "GROUNDSWELL_BOOTSTRAP": bootstrap,
            "GROUNDSWELL_PREFIX": prefix,
            "GROUNDSWELL_HOME": str(self._state),
            "TMPDIR": str(self.temporary),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
        }
        with self._out.open("wb") as out:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=ROOT,
                env={**os.environ, **own},
            )

    def said(self) -> str:
        """What it has written."""
        return self._out.read_text()

    @property
    def address(self) -> str:
        """Of the page; waits for it."""
        until(lambda: "http://" in self.said() or self._process.poll() is not None, "its address")
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.said())
        assert found, self.said()
        return found[0]

    def children(self) -> list[psutil.Process]:
        """Its workers."""
        found: list[psutil.Process] = psutil.Process(self._process.pid).children(recursive=True)
        return found

    def on_kafka(self) -> list[str]:
        """Topics and groups of its own."""
        topics = set(self._admin.list_topics(timeout=10).topics)
        groups = self._admin.list_consumer_groups().result().valid
        return sorted(
            name for name in topics | {g.group_id for g in groups} if name.startswith(self._prefix)
        )

    def files(self) -> list[Path]:
        """What it has left on the disk; Faust's folder is everybody's."""
        found = [*self.temporary.glob("groundswell-*"), *self._state.rglob("*")]
        return [path for path in found if path.name != "groundswell-faust"]

    def remove(self) -> None:
        """What it could not remove any more."""
        for name in {re.match(r".*try-[0-9a-f]+-", name)[0] for name in self.on_kafka()}:  # type: ignore[index]
            admin = TopicAdmin(self._cluster, name)
            admin.delete()
            admin.delete_groups()

    def end(self, how: signal.Signals) -> int:
        """Its exit code."""
        self._process.send_signal(how)
        return self._process.wait(STOP_SECONDS)

    def close(self) -> None:
        """End it, whatever it is doing."""
        if self._process.poll() is None:
            self.end(signal.SIGTERM)
