"""The worker of the demonstration: a process of its own, which can be killed and started again."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import aiohttp
import msgspec

from streams.errors import OperatorError

_STOP_SECONDS = 15.0
_PAUSE = 0.1
_ANSWERS_S = 1.0

State = Literal["well", "starting", "dead"]


class WorkerDied(OperatorError):
    """The worker ended before it was ready; the message says why."""


class _Line(msgspec.Struct):
    """Of its log; the others have no port."""

    message: str = ""
    port: str = "0"


class DemoWorker:
    """`options` of `groundswell assistant worker`; `log` is written by all that ever run."""

    def __init__(self, options: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
        self._options = options
        self._environment = environment
        self._log = log
        self._said_before = 0
        self._worker: asyncio.subprocess.Process | None = None
        self._looking: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """`well`: turns are answered."""
        if self._worker is None or self._worker.returncode is not None:
            return "dead"
        return "well" if self._looking is None or self._looking.done() else "starting"

    async def start(self) -> None:
        """Unless it runs; it is not ready at once."""
        if self.state != "dead":
            return
        await self.end(signal.SIGKILL)
        command = (sys.executable, "-m", "streams.assistant.demonstration.attached", *self._options)
        with self._log.open("ab") as log:
            self._said_before = log.tell()
            self._worker = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environment},
                # Ctrl-C is for us: we end it when the gateway has drained.
                start_new_session=True,
            )
        self._looking = asyncio.create_task(self._look(self._worker))

    async def ready(self) -> None:
        """Wait until it is. Raises WorkerDied."""
        if self._looking is not None:
            await self._looking
        if self.state == "dead":
            said = self._said().decode(errors="replace").strip().splitlines()
            raise WorkerDied(f"the worker ended at once: {said[-1] if said else 'without a word'}")

    async def end(self, how: signal.Signals) -> None:
        """Nothing of it is left afterwards; safe to call twice."""
        worker, self._worker = self._worker, None
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
            self._looking = None
        if worker is None:
            return
        with suppress(ProcessLookupError):
            worker.send_signal(how)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await worker.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()

    async def _look(self, worker: asyncio.subprocess.Process) -> None:
        """Until it is ready or has ended."""
        patience = aiohttp.ClientTimeout(total=_ANSWERS_S)
        async with aiohttp.ClientSession(timeout=patience) as session:
            while worker.returncode is None:
                if port := self._port():
                    with suppress(aiohttp.ClientError, TimeoutError):
                        async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                            if answer.status == 200:
                                return
                await asyncio.sleep(_PAUSE)

    def _said(self) -> bytes:
        with self._log.open("rb") as log:
            log.seek(self._said_before)
            return log.read()

    def _port(self) -> int:
        """Where its health is asked for; 0 until it has said so."""
        for line in self._said().splitlines():
            with suppress(msgspec.MsgspecError):
                said = msgspec.json.decode(line, type=_Line)
                if said.message == "worker started":
                    return int(said.port)
        return 0
