"""A whole branch of the bank: the real assistant's workers, a gateway, the bank over HTTP."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from agents.assistant.bank import CoreBank, Found
from schemas.tools import ReadCall, Receipt, WriteCall
from sinks.clock import now_ms
from sinks.cluster import Secret
from streams.bank.embedded import EmbeddedBank
from streams.bank.faults import FaultyBank
from streams.bank.serving import BankServer
from tests.support.asking import Counter, open_counter
from tests.support.gateway_process import GatewayProcess
from tests.support.waiting import eventually
from tests.support.workers import ROOT, WorkerProcess

_ASSISTANT = ("-m", "streams", "assistant", "worker")
_JSON = {"Content-Type": "application/json"}


def nothing() -> None:
    """After a write nothing happens."""


class WatchedBank:
    """Notes every receipt that a bank gave; `after_write` is called before whoever asked hears."""

    def __init__(self, bank: CoreBank) -> None:
        self._bank = bank
        self.receipts: list[Receipt] = []
        self.after_write: Callable[[], None] = nothing

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:
        return await self._bank.read(tenant, customer, call)

    async def write(self, tenant: str, customer: str, call: WriteCall, key: str) -> Receipt:
        receipt = await self._bank.write(tenant, customer, call, key)
        self.receipts.append(receipt)
        self.after_write()
        return receipt


class Branch:
    """`faulty`: what is wrong with the bank; `file`: the bank's; `gateway` and `web` to ask."""

    def __init__(
        self, counter: Counter, bank: EmbeddedBank, file: Path, settings: dict[str, Any]
    ) -> None:
        self.counter = counter
        self.file = file
        self.watched = WatchedBank(bank)
        self.faulty = FaultyBank(self.watched, Random(5))
        self.settings = settings
        self.web: aiohttp.ClientSession
        self.gateway: GatewayProcess
        self._tokens: dict[tuple[str, bool], str] = {}

    def worker(self) -> WorkerProcess:
        """One more, started."""
        os.environ["PYTHONPATH"] = str(ROOT)
        return self.counter.workers.start(program=_ASSISTANT, **self.settings)

    async def headers(self, user: str, *, strong: bool = False) -> dict[str, str]:
        """Of a request of that customer; a second factor is always a fresh one."""
        if strong or (user, strong) not in self._tokens:
            login = {"user": user, "strong": strong}
            async with self.web.post("/demo/login", json=login) as response:
                self._tokens[user, strong] = (await response.json())["access_token"]
        return {**_JSON, "Authorization": f"Bearer {self._tokens[user, strong]}"}

    async def say(
        self, user: str, *, strong: bool = False, trace: str = "", **said: str
    ) -> tuple[int, dict[str, Any]]:
        """`POST /v1/turns`: status and body."""
        headers = await self.headers(user, strong=strong)
        if trace:
            headers["traceparent"] = trace
        async with self.web.post("/v1/turns", json=said, headers=headers) as response:
            return response.status, await response.json(content_type=None)


@asynccontextmanager
async def open_branch(
    bootstrap: str, prefix: str, folder: Path, *, workers: int = 1, **settings: Any
) -> AsyncIterator[Branch]:
    """Ready to be asked; `settings` of the gateway and the workers."""
    file = folder / "bank.sqlite"
    bank = EmbeddedBank(file, now_ms)
    with open_counter(bootstrap, prefix, folder) as counter:
        branch = Branch(counter, bank, file, settings)
        server = BankServer(bank, Secret(), branch.faulty)
        settings["bank_url"] = f"http://127.0.0.1:{await server.start('127.0.0.1', 0)}"
        started = [branch.worker() for _ in range(workers)]
        gateway = await asyncio.to_thread(
            GatewayProcess, counter.cluster, prefix, folder, **settings
        )
        try:
            await asyncio.gather(*(asyncio.to_thread(one.wait_ready) for one in started))
            async with aiohttp.ClientSession(gateway.address("address")) as web:
                branch.gateway, branch.web = gateway, web

                async def ready() -> bool:
                    async with web.get(f"{gateway.address('health')}/readyz") as response:
                        return response.status == 200

                await eventually(ready, "the gateway is ready")
                yield branch
        finally:
            gateway.kill()
            # Requests of theirs would hold up the bank's end.
            counter.workers.kill_all()
            await server.stop()
            await bank.close()
