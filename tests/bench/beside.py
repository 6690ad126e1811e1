"""Our other processes, beside a worker that is measured."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

from streams.broker.machine import free_port
from tests.bench.results import Bench
from tests.support.waiting import until

_ROOT = Path(__file__).parents[2]
_READY_SECONDS = 60
_STOP_SECONDS = 30


@contextmanager
def started(
    file: Path, command: list[str], environ: Mapping[str, str], answers: Callable[[], bool]
) -> Iterator[int]:
    """A command of ours (`-m ...`) from when it `answers` to the end of the block; its pid.

    What it says goes to `file`.
    """
    with file.open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **environ},
            cwd=_ROOT,
        )

    def is_up() -> bool:
        if running.poll() is not None:
            raise RuntimeError(f"{' '.join(command)} ended: {file.read_text()[-500:]}")
        return answers()

    try:
        until(is_up, f"{' '.join(command)} is up", _READY_SECONDS)
        yield running.pid
        is_up()
    finally:
        running.terminate()
        try:
            running.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def listens(port: int) -> bool:
    """Whether somebody does, on this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def is_ready(port: int) -> bool:
    """Whether the health port says so."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


@contextmanager
def process(
    bench: Bench, prefix: str, words: list[str], environ: Mapping[str, str] | None = None
) -> Iterator[int]:
    """A command of ours beside the worker, from when its port answers to the end of the block."""
    port = free_port()
    command = ["-m", "streams", *words, "--port", str(port)]
    command += ["--bootstrap", bench.bootstrap, "--prefix", prefix]
    file = bench.home / f"{prefix}{words[0]}.log"
    with started(file, command, environ or {}, lambda: listens(port)):
        yield port


@contextmanager
def slow_model(seconds: float = 3.0) -> Iterator[dict[str, str]]:
    """A model server that takes its time; the settings that name it. It ends with its input."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.slow_model", str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
    )
    with running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        yield {"GROUNDSWELL_MODEL_URL": url, "GROUNDSWELL_MODEL_NAME": "slow"}
