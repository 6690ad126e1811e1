"""A bank full of canaries, the worker as a process, and the gateway, over a real Kafka."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

import aiohttp

from schemas.topics import REPLIES, REQUESTS
from sinks.cluster import Secret
from streams.bank.embedded import EmbeddedBank
from streams.bank.faults import FaultyBank
from streams.bank.inside import customers, state
from streams.bank.serving import BankServer
from streams.gateway.keys import Keys
from streams.gateway.over_kafka import OverKafka
from streams.gateway.server import Gateway, GatewayRules
from streams.gateway.tokens import Tokens
from streams.metrics import Metrics
from streams.requests import Requester
from tests.siege.obedient import Obedient
from tests.streams.gateway.house import RULES, Issuer
from tests.support.asking import Counter, open_counter
from tests.support.workers import WorkerProcess

T = TypeVar("T")
ASSISTANT = ("-m", "streams", "assistant", "worker")
_PURSES = ("session", "tenant", "day")
DEMO, OTHER = "demo", "other"


def canary(tenant: str, customer: str) -> str:
    """A word that only this customer may ever read."""
    return f"Kanari{tenant[0].upper()}{customer[-4:]}"


class Said(NamedTuple):
    """What came back."""

    status: int
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """The words of the reply, or of the problem's."""
        reply = self.body if "text" in self.body else self.body.get("reply", {})
        return str(reply.get("text", ""))

    @property
    def choices(self) -> list[str]:
        """The ids of its buttons."""
        return [one["id"] for one in self.body.get("choices", ())]

    @property
    def confirm(self) -> str:
        """The button that says yes; empty if there is none."""
        return next((one for one in self.choices if one.startswith("confirm:")), "")


class Person:
    """Somebody with a token, in a conversation; `strong`: with a second factor, a moment ago."""

    def __init__(self, town: Town, customer: str, tenant: str = DEMO, *, strong: bool = False):
        self.customer, self.tenant, self.strong = customer, tenant, strong
        self.session = ""
        self.heard: list[str] = []
        self._town = town

    def headers(self, **claims: Any) -> dict[str, str]:
        now = int(time.time())
        known: dict[str, Any] = {"sub": self.customer, "tenant": self.tenant}
        if self.strong:
            known |= {"auth_time": now, "amr": ["mfa"]}
        return {"Authorization": f"Bearer {self._town.issuer.token(**known | claims)}"}

    async def say(self, text: str = "", **fields: Any) -> Said:
        """One turn; `headers` are added to ours."""
        more = fields.pop("headers", {})
        body = {"text": text, **fields}
        if self.session:
            body = {"session": self.session, **body}
        sent = {"Content-Type": "application/json", **self.headers(), **more}
        sent = {name: value for name, value in sent.items() if value}
        raw_body = json.dumps(body, ensure_ascii=False).encode()
        async with self._town.http.post("/v1/turns", data=raw_body, headers=sent) as found:
            raw = await found.text()
            said = Said(found.status, json.loads(raw))
        self.heard.append(raw)
        self.session = self.session or str(said.body.get("session", ""))
        return said

    async def show(self, session: str) -> Said:
        """What was said in a session."""
        path = f"/v1/sessions/{session}"
        async with self._town.http.get(path, headers=self.headers()) as found:
            raw = await found.text()
        self.heard.append(raw)
        return Said(found.status, json.loads(raw))


class Told(logging.Handler):
    """All that this process logs, with whatever hangs on a record."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__!r}")


class Town:
    """Use it through `open_town`. What is a coroutine runs on the town's own loop, by `run`."""

    def __init__(self, counter: Counter, folder: Path, *, model: bool) -> None:
        self.counter = counter
        self.file = folder / "bank.sqlite"
        self.issuer, self.metrics, self.told = Issuer(), Metrics(), Told()
        self.model = Obedient() if model else None
        self.worker: WorkerProcess
        self.http: aiohttp.ClientSession
        self.requester: Requester
        self.faulty: FaultyBank
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack = AsyncExitStack()

    def run(self, coroutine: Coroutine[Any, Any, T], patience: float = 100.0) -> T:
        """To its end."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(patience)

    def open(self) -> None:
        self._thread.start()
        settings = self.run(self._begin())
        self.worker = self.counter.workers.start(program=ASSISTANT, **settings)
        self.worker.wait_ready()
        self.run(self._listen())

    def close(self) -> None:
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _begin(self) -> dict[str, str]:
        bank = EmbeddedBank(self.file, lambda: int(time.time() * 1000))
        self._stack.push_async_callback(bank.close)
        self.plant()
        self.faulty = FaultyBank(bank, Random(0))
        server = BankServer(bank, Secret(), self.faulty)
        port = await server.start("127.0.0.1", 0)
        self._stack.push_async_callback(server.stop)
        settings = {
            "bank_url": f"http://127.0.0.1:{port}",
            "otel_exporter": "console",
            "otel_ratio": "1",
            "assistant_salt": "of the siege",
        }
        if self.model is not None:
            await self.model.start()
            self._stack.push_async_callback(self.model.stop)
            free = [f"{what}_per_{whose}" for what in ("calls", "tokens") for whose in _PURSES]
            settings |= {"model_url": self.model.url, "model_name": "obedient"}
            settings |= {f"assistant_model_{name}": "0" for name in free}
        return settings

    async def _listen(self) -> None:
        prefix, cluster = self.counter.prefix, self.counter.cluster
        self.requester = Requester(cluster, prefix + REQUESTS, prefix + REPLIES, 0, self.metrics)
        await self.requester.start()
        self._stack.push_async_callback(self.requester.close, 0.0)
        keys = Keys(self.issuer.fetch, time.monotonic)
        rules = GatewayRules(user_turns=100_000, tenant_turns=1_000_000)
        tokens = Tokens(keys, RULES)
        gateway = Gateway(OverKafka(self.requester), tokens, rules, self.metrics)
        port = await gateway.start("127.0.0.1", 0)
        self._stack.push_async_callback(gateway.stop)
        self.http = aiohttp.ClientSession(f"http://127.0.0.1:{port}")
        self._stack.push_async_callback(self.http.close)

    # -- the bank, past its customers

    def plant(self) -> None:
        """Everybody's names, details and figures become their own canary."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as db:
            for tenant, customer, _ in customers(self.file):
                mine = (tenant, customer)
                word, number = canary(tenant, customer), int(customer[-4:])
                figure = 7_770_000_00 + number * 100 + (tenant == OTHER) * 11
                where = "WHERE tenant = ? AND customer = ?"
                db.execute(f"UPDATE customers SET name = ? {where}", (word, *mine))
                db.execute(
                    f"UPDATE accounts SET name = ?, balance = ?, available = ? {where}",
                    (word, figure, figure, *mine),
                )
                db.execute(f"UPDATE cards SET name = ? {where}", (word, *mine))
                db.execute(f"UPDATE orders SET detail = ? {where}", (word, *mine))
                db.execute(f"UPDATE transactions SET counterparty = ? {where}", (word, *mine))

    def change(self, statement: str, *values: object) -> None:
        """Something about the bank."""
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=5)) as db:
            db.execute(statement, values)

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What the bank holds."""
        with closing(sqlite3.connect(self.file, timeout=5)) as db:
            return db.execute(statement, values).fetchall()

    def state(self) -> dict[str, list[tuple[object, ...]]]:
        """All that writes change."""
        return state(self.file)

    def effects(self, customer: str, tenant: str = DEMO) -> int:
        """How many writes there were for this customer."""
        where = "WHERE tenant = ? AND customer = ?"
        found: int = self.rows(f"SELECT count(*) FROM writes {where}", tenant, customer)[0][0]
        return found

    def others(self, tenant: str, customer: str) -> list[str]:
        """The canaries of everybody else, words and figures."""
        found = []
        for t, c, _ in self.rows("SELECT tenant, customer, name FROM customers"):
            if (t, c) != (tenant, customer):
                figure = 7_770_000 + int(c[-4:]) + (t == OTHER) * 0.11
                found += [canary(t, c), f"{figure:,.2f}", f"{figure:.2f}"]
        return found

    def leaked(self, person: Person) -> list[str]:
        """Whose canaries this person has heard."""
        heard = "\n".join(person.heard)
        return [one for one in self.others(person.tenant, person.customer) if one in heard]


@contextmanager
def open_town(bootstrap: str, prefix: str, folder: Path, *, model: bool) -> Iterator[Town]:
    """With everything in it."""
    with open_counter(bootstrap, prefix, folder) as counter:
        town = Town(counter, folder, model=model)
        logging.getLogger().addHandler(town.told)
        try:
            town.open()
            yield town
        finally:
            logging.getLogger().removeHandler(town.told)
            town.close()
