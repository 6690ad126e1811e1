"""Replays of a test, as an operator runs them, and what they leave behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil

from schemas.incidents import decode_incident
from schemas.times import format_ms
from streams.replay import reading
from streams.replay.account import Account, parts, read_account
from streams.replay.detecting import detect
from streams.replay.job import Job
from streams.replay.plan import Stretch
from streams.replay.replay import shards
from streams.replay.tools import Tools
from windows.alignment import Source

ROOT = Path(__file__).parents[2]
EVERYTHING = ("2020-01-01", "2100-01-01")
"""A range that holds every test's records."""


class Replays:
    """Runs `groundswell replay` on one bootstrap and prefix."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        self._cluster = ["--bootstrap", bootstrap, "--prefix", prefix]
        self._folder = folder

    def out(self, name: str) -> Path:
        """The folder of a replay."""
        return self._folder / name

    def command(self, *arguments: str, span: Sequence[str] = EVERYTHING) -> list[str]:
        """What is run."""
        given = ["--from", span[0], "--to", span[1], *self._cluster, *arguments]
        return [sys.executable, "-m", "streams", "replay", *given]

    def run(
        self, name: str, *options: str, span: Sequence[str] = EVERYTHING, code: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """To its end, into the folder `name`."""
        return self.finish(self.command("--out", str(self.out(name)), *options, span=span), code)

    def finish(self, command: list[str], code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command that must end with this code."""
        done = subprocess.run(
            command, cwd=ROOT, env=environ(), capture_output=True, text=True, timeout=100
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done

    @contextmanager
    def started(
        self, name: str, *options: str, span: Sequence[str] = EVERYTHING, **settings: str
    ) -> Iterator[psutil.Popen]:
        """While it runs, in a session of its own as at a terminal."""
        command = self.command("--out", str(self.out(name)), *options, span=span)
        process = psutil.Popen(
            command, cwd=ROOT, env=environ(**settings), start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def raw(self, name: str) -> bytes:
        """The incidents it wrote."""
        return (self.out(name) / "incidents.jsonl").read_bytes()

    def incidents(self, name: str) -> dict[str, bytes]:
        """Revisions by id:revision, as their bytes."""
        lines = self.raw(name).splitlines()
        return {decode_incident(line).event_id: line for line in lines}

    def account(self, name: str) -> Account:
        """Its account, which must fit the incidents."""
        found = read_account(self.out(name))
        assert found is not None
        return found


def environ(**settings: str) -> dict[str, str]:
    """The environment without the machine's own settings."""
    foreign = {k: v for k, v in os.environ.items() if not k.startswith("GROUNDSWELL_")}
    return foreign | {"GROUNDSWELL_" + name.upper(): value for name, value in settings.items()}


def span_of(start_ms: int, stop_ms: int) -> tuple[str, str]:
    """A range as it is typed."""
    return format_ms(start_ms), format_ms(stop_ms)


def told_within(incidents: dict[str, bytes], span: tuple[str, str]) -> dict[str, bytes]:
    """Those of the revisions that were told after the first moment and up to the last one."""
    times = {name: msgspec.json.decode(value)["updated_at"] for name, value in incidents.items()}
    return {name: v for name, v in incidents.items() if span[0] < times[name] <= span[1]}


def children_of(process: psutil.Popen) -> list[psutil.Process]:
    """The processes that work for it."""
    return [child for child in process.children(recursive=True) if "spawn_main" in words_of(child)]


def words_of(process: psutil.Process) -> str:
    """Its command line, "" if it has gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def interrupt(process: psutil.Popen) -> None:
    """Ctrl-C at its terminal, which every process there gets."""
    os.killpg(process.pid, signal.SIGINT)


def do(job: Job) -> None:
    """All tasks in this process, one after the other."""
    tools = Tools(job)
    try:
        for stretch in job.plan.stretches:
            read(job, tools, stretch)
        job.shard(0, "").parent.mkdir(exist_ok=True)
        for shard in shards(job):
            detect(shard, job, lambda _: None)
    finally:
        tools.close()


def read(job: Job, tools: Tools, stretch: Stretch) -> None:
    """The first stage of one partition."""
    job.chunks(stretch.source).folder.mkdir(parents=True, exist_ok=True)
    reading.read(stretch, tools, lambda _: None)


def counted(job: Job) -> dict[Source, int]:
    """Records that were read, by partition; none of those without any."""
    found = {(part.topic, part.partition): part.records for part in parts(job)}
    return {source: count for source, count in found.items() if count}
