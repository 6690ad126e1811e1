"""Our other processes, beside a worker that is measured."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from streams.broker.machine import free_port
from tests.bench.results import Bench
from tests.support.waiting import until

_ROOT = Path(__file__).parents[2]
_READY_SECONDS = 60
_STOP_SECONDS = 30


@contextmanager
def process(
    bench: Bench, prefix: str, words: list[str], environ: Mapping[str, str] | None = None
) -> Iterator[int]:
    """A command of ours beside the worker, from when its port answers to the end of the block."""
    port = free_port()
    command = [sys.executable, "-m", "streams", *words, "--port", str(port)]
    command += ["--bootstrap", bench.bootstrap, "--prefix", prefix]
    file = bench.home / f"{prefix}{words[0]}.log"
    with file.open("wb") as log:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **(environ or {})},
            cwd=_ROOT,
        )

    def answers() -> bool:
        if running.poll() is not None:
            raise RuntimeError(f"groundswell {words[0]} ended: {file.read_text()[-500:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    try:
        until(answers, f"groundswell {words[0]} is up", _READY_SECONDS)
        yield port
        answers()
    finally:
        running.terminate()
        try:
            running.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def slow_model() -> Iterator[dict[str, str]]:
    """A model server that takes its time; the settings that name it. It ends with its input."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.slow_model"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
    )
    with running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        yield {"GROUNDSWELL_MODEL_URL": url, "GROUNDSWELL_MODEL_NAME": "slow"}
