"""`kill -9` of a served bank between the effect and the answer: one effect, and a receipt."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx
import pytest

from agents.assistant.errors import BankAway
from schemas.tools import FreezeCard, OpenTicket, RaiseLimit, UnbindCard, WriteCall
from streams.bank.inside import state
from tests.support.banking import DEMO, TOKEN, adapter
from tests.support.waiting import SOON, until

ROOT = Path(__file__).parents[3]
TICKET = OpenTicket(topic="complaint", text="twice?")
CALLS = (
    FreezeCard(card="k-0001-2", reason="lost"),
    TICKET,
    pytest.param(UnbindCard(card="k-0001-1", service="wechat"), marks=pytest.mark.slow),
    pytest.param(
        RaiseLimit(card="k-0001-1", kind="cash", amount=30_000_00, days=2), marks=pytest.mark.slow
    ),
)


@contextmanager
def process(file: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`groundswell bank serve` and its port."""
    command = (sys.executable, "-m", "streams", "bank", "serve", "--faults", "--port", "0")
    environ = os.environ | {"PYTHONPATH": str(ROOT), "GROUNDSWELL_BANK_TOKEN": TOKEN.reveal()}
    with log.open("wb") as stream:
        running = subprocess.Popen(
            (*command, "--file", str(file)), stderr=stream, cwd=ROOT, env=environ
        )
    try:
        until(lambda: b"serving the bank" in log.read_bytes(), "the bank is served")
        yield running, int(json.loads(log.read_text().splitlines()[-1])["port"])
    finally:
        running.kill()
        running.wait()


async def write(port: int, call: WriteCall) -> bool:
    bank = adapter(port, patience_s=10.0)
    try:
        return (await bank.write(DEMO, "c-0001", call, "key-1")).repeated
    finally:
        await bank.close()


def switch(port: int, faults: object) -> None:
    known = {"Authorization": f"Bearer {TOKEN.reveal()}"}
    httpx.put(f"http://127.0.0.1:{port}/faults", headers=known, json=faults).raise_for_status()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
@pytest.mark.slow
def test_one_effect_over_a_kill_between_effect_and_answer(call: WriteCall, tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"
    with process(file, tmp_path / "first.log") as (running, port):
        switch(port, {"*": {"dies": True}})
        with pytest.raises(BankAway) as away:
            asyncio.run(write(port, call))
        assert away.value.sent
        assert running.wait(SOON) == -9
    done = state(file)
    assert len(done["writes"]) == 1
    with process(file, tmp_path / "second.log") as (_, port):
        assert asyncio.run(write(port, call)), "the same key gives the first receipt"
    assert state(file) == done


@pytest.mark.slow
def test_one_effect_for_every_key_over_kills_at_any_moment(tmp_path: Path) -> None:
    file, luck = tmp_path / "bank.sqlite", Random(7)
    left = {f"key-{n}": f"c-{n % 30 + 1:04}" for n in range(90)}
    references: dict[str, set[str]] = {key: set() for key in left}
    kills = 0

    async def send(port: int, running: subprocess.Popen[bytes]) -> None:
        bank = adapter(port, patience_s=5.0)
        answers = iter(range(luck.randrange(4, 15), -1, -1))

        async def one(key: str, customer: str) -> None:
            try:
                receipt = await bank.write(DEMO, customer, TICKET, key)
            except BankAway:
                return
            references[key].add(receipt.reference)
            # Some are sent again although they were answered.
            if luck.random() < 0.8:
                left.pop(key, None)
            if next(answers, 1) == 0:
                # The others are on their way.
                nonlocal kills
                kills += 1
                running.kill()

        await asyncio.gather(*(one(*item) for item in list(left.items())[:20]))
        await bank.close()

    while left:
        with process(file, tmp_path / f"{len(left)}-{kills}.log") as (running, port):
            asyncio.run(send(port, running))
    assert kills > 3
    assert all(len(found) == 1 for found in references.values())
    done = state(file)
    assert len(done["tickets"]) == len(done["writes"]) == 90
