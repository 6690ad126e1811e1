"""The assistant's demonstration beside this one, in a process that may fail without it."""

import os
import re
import select
import signal
import subprocess
import sys
from contextlib import AbstractContextManager, suppress
from typing import Self

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_ADDRESS = re.compile(r"http://\S+")


class Talking(AbstractContextManager["Talking"]):
    """`address` of its page; empty if there is none."""

    def __init__(self, bootstrap: str) -> None:
        self.address = ""
        self._command = [sys.executable, "-m", "streams", "assistant", "demo", "--port", "0"]
        self._command += ["--bootstrap", bootstrap]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            # Ctrl-C is for us: we end it.
            start_new_session=True,
        )
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
        if ready and (found := _ADDRESS.search(process.stdout.readline())):
            self.address = found[0]
        return self

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
