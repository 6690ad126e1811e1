"""A `groundswell demo` of a test, as a person at a terminal runs it, and what it leaves behind."""

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
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 40.0


class DemoProcess:
    """The process, what it says, and the topics and processes of its own."""

    def __init__(self, bootstrap: str, folder: Path, *options: str) -> None:
        self._admin = AdminClient(Cluster(bootstrap).for_librdkafka())
        self._before = self._on_kafka()
        self._out = folder / "demo.out"
        command = [sys.executable, "-m", "streams", "demo", "--bootstrap", bootstrap, *options]
        with self._out.open("wb") as out:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
            )
        self._children: list[psutil.Process] = []

    def said(self) -> str:
        """What it has written."""
        return self._out.read_text()

    def hear(self, words: str, patience: float = 90.0) -> None:
        """Wait until it has said so."""
        until(lambda: words in self.said() or self._process.poll() is not None, words, patience)
        assert words in self.said(), self.said()
        self._children = psutil.Process(self._process.pid).children(recursive=True)

    @property
    def address(self) -> str:
        """Of the console."""
        found = re.search(r"^Console at (\S+)$", self.said(), re.MULTILINE)
        assert found, self.said()
        return found[1]

    def _on_kafka(self) -> set[str]:
        topics = set(self._admin.list_topics(timeout=10).topics)
        groups = self._admin.list_consumer_groups().result().valid
        return {n for n in topics | {g.group_id for g in groups} if n.startswith("demo-")}

    def left(self) -> list[object]:
        """Processes that still run, topics and groups that are still there."""
        return [child for child in self._children if child.is_running()] + sorted(
            self._on_kafka() - self._before
        )

    def wait(self) -> int:
        """Its exit code, when it ends by itself."""
        return self._process.wait(90)

    def stop(self) -> int:
        """Press Ctrl-C; the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(STOP_SECONDS)

    def close(self) -> None:
        """End it, whatever it is doing; it cleans up."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(STOP_SECONDS)
