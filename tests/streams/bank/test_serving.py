"""The reference server before strangers."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from schemas.tools import ListCards
from sinks.cluster import Secret
from streams.bank.embedded import EmbeddedBank
from streams.bank.errors import BadBank
from streams.bank.faults import FaultyBank
from streams.bank.serving import BankServer
from tests.support.banking import DEMO, TOKEN, Clock

WHOSE = {"Groundswell-Tenant": DEMO, "Groundswell-Customer": "c-0001"}
KNOWN = {"Authorization": f"Bearer {TOKEN.reveal()}", **WHOSE}
Ask = Callable[[httpx.AsyncClient], Awaitable[None]]


def served(file: Path, ask: Ask, token: Secret = TOKEN, *, faults: bool = False) -> None:
    async def run() -> None:
        bank = EmbeddedBank(file, Clock())
        faulty = FaultyBank(bank, Random(1)) if faults else None
        server = BankServer(bank, token, faulty)
        port = await server.start("127.0.0.1", 0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await ask(client)
        await server.stop()
        await bank.close()

    asyncio.run(run())


def said(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_strangers_are_turned_away(tmp_path: Path) -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        for headers in ({}, WHOSE, KNOWN | {"Authorization": "Bearer wrong"}):
            for path in ("/v1/profile", "/v1/cards/k-0001-1/limits"):
                assert said(await client.get(path, headers=headers)) == (401, "unauthorised")
        assert (await client.put("/faults", headers=KNOWN, json={})).status_code == 404

    served(tmp_path / "bank.sqlite", ask)


def test_without_a_token_it_is_for_this_machine(tmp_path: Path) -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        assert (await client.get("/v1/profile", headers=WHOSE)).status_code == 200
        rebound = WHOSE | {"Host": "evil.example"}
        assert said(await client.get("/v1/profile", headers=rebound)) == (403, "unauthorised")

    served(tmp_path / "bank.sqlite", ask, Secret())

    async def run() -> None:
        bank = EmbeddedBank(tmp_path / "bank.sqlite", Clock())
        with pytest.raises(BadBank, match="set bank_token"):
            await BankServer(bank, Secret()).start("0.0.0.0", 0)
        await bank.close()

    asyncio.run(run())


def test_what_is_not_of_the_contract_is_told_so(tmp_path: Path) -> None:
    long = {"topic": "complaint", "text": "x" * 20_000}

    async def ask(client: httpx.AsyncClient) -> None:
        async def post(path: str, body: Any, **headers: str) -> tuple[int, str]:
            everything = KNOWN | {"Idempotency-Key": "key-1"} | headers
            return said(await client.post(path, headers=everything, json=body))

        assert said(
            await client.get("/v1/profile", headers=KNOWN | {"Groundswell-Tenant": "%ff"})
        ) == (400, "invalid")
        assert said(await client.get("/v1/transactions?days=x", headers=KNOWN)) == (422, "invalid")
        assert said(await client.get("/v1/cards/%25/limits", headers=KNOWN)) == (404, "not_found")
        path = "/v1/cards/k-0002-1/limits?card=k-0001-1"
        assert said(await client.get(path, headers=KNOWN)) == (404, "not_found")
        assert await post("/v1/tickets", long) == (413, "invalid")
        assert await post("/v1/tickets", []) == (422, "invalid")
        assert await post("/v1/tickets", {"topic": "x", "text": ""}) == (422, "invalid")
        assert await post("/v1/call-backs", {"window": "now"}, **{"Idempotency-Key": "a b"}) == (
            422,
            "invalid",
        )
        twice = [*KNOWN.items(), ("Groundswell-Customer", "c-0002")]
        assert said(await client.get("/v1/profile", headers=twice)) == (400, "invalid")
        whose = {"card": "k-0001-1", "reason": "lost", "customer": "c-0001", "tool": "profile"}
        assert await post("/v1/cards/k-0002-1/freeze", whose) == (404, "not_found")
        late = {"Groundswell-Deadline-Ms": "1000"}
        assert await post("/v1/call-backs", {"window": "now"}, **late) == (503, "late")
        bare = await client.post("/v1/call-backs", headers=KNOWN, json={"window": "now"})
        assert said(bare) == (400, "no_key")
        form = await client.post(
            "/v1/call-backs", headers=KNOWN | {"Idempotency-Key": "k"}, data={"window": "now"}
        )
        assert said(form) == (415, "invalid")

    served(tmp_path / "bank.sqlite", ask)


@pytest.mark.slow
def test_faults_are_switched(tmp_path: Path) -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        async def switch(faults: Any) -> int:
            return (await client.put("/faults", headers=KNOWN, json=faults)).status_code

        assert await switch({"cards": {"errors": 1.0}}) == 200
        assert said(await client.get("/v1/cards", headers=KNOWN)) == (503, "away")
        assert (await client.get("/v1/profile", headers=KNOWN)).status_code == 200
        assert await switch({"*": {"hangs": True}}) == 200
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/v1/profile", headers=KNOWN, timeout=0.1)
        wrong: Any
        for wrong in ({"no_tool": {}}, {"cards": {"errors": 2}}, {"cards": {"speed": 1}}, []):
            assert await switch(wrong) == 400
        assert await switch({}) == 200
        assert (await client.get("/v1/cards", headers=KNOWN)).status_code == 200

    served(tmp_path / "bank.sqlite", ask, faults=True)


def test_a_lost_answer_has_had_its_effect_once(tmp_path: Path) -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        await client.put("/faults", headers=KNOWN, json={"freeze_card": {"lost": 1.0}})
        request = {"headers": KNOWN | {"Idempotency-Key": "key-1"}, "json": {"reason": "lost"}}
        freeze = "/v1/cards/k-0001-1/freeze"
        assert said(await client.post(freeze, **request)) == (503, "away")  # type: ignore[arg-type]
        await client.put("/faults", headers=KNOWN, json={})
        assert (await client.post(freeze, **request)).json()["repeated"]  # type: ignore[arg-type]

    served(tmp_path / "bank.sqlite", ask, faults=True)


def test_faults_leave_the_bank_as_it_is(tmp_path: Path) -> None:
    async def run() -> None:
        bank = EmbeddedBank(tmp_path / "bank.sqlite", Clock())
        faulty = FaultyBank(bank, Random(1))
        assert await faulty.read(DEMO, "c-0001", ListCards()) == await bank.read(
            DEMO, "c-0001", ListCards()
        )
        await bank.close()

    asyncio.run(run())
