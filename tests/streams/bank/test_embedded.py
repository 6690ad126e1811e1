"""The file of the embedded bank: whose it is, who may read it, and who shares it."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from agents.assistant.errors import BankAway
from schemas.tools import FreezeCard, ListCards, OpenTicket, ReadProfile
from streams.bank.embedded import EmbeddedBank, prepare
from streams.bank.errors import BadBank
from streams.bank.inside import customers, state
from tests.support.banking import DEMO, NOW_MS, Clock

ROOT = Path(__file__).parents[3]
TICKET = OpenTicket(topic="complaint", text="once")


def using(file: Path, body: Callable[[EmbeddedBank], Awaitable[None]]) -> None:
    async def run() -> None:
        bank = EmbeddedBank(file, Clock())
        try:
            await body(bank)
        finally:
            await bank.close()

    asyncio.run(run())


def test_the_same_moment_gives_the_same_customers(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.sqlite", "two.sqlite")]
    dumps = []
    for file in files:
        prepare(file, NOW_MS)
        with closing(sqlite3.connect(file)) as db:
            dumps.append(list(db.iterdump()))
    assert dumps[0] == dumps[1]
    assert len(customers(files[0])) == 36


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "bank.sqlite"

    async def body(bank: EmbeddedBank) -> None:
        await bank.write(DEMO, "c-0001", TICKET, "key-1")
        for one in file.parent.iterdir():
            assert one.stat().st_mode & 0o077 == 0, one

    using(file, body)


def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"

    async def write(bank: EmbeddedBank) -> None:
        assert not (await bank.write(DEMO, "c-0001", TICKET, "key-1")).repeated

    async def again(bank: EmbeddedBank) -> None:
        assert (await bank.write(DEMO, "c-0001", TICKET, "key-1")).repeated

    using(file, write)
    using(file, again)


def test_beginning_anew_under_an_open_bank(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"

    async def body(bank: EmbeddedBank) -> None:
        before = await bank.read(DEMO, "c-0001", ListCards())
        call = FreezeCard(card="k-0001-1", reason="lost")
        await bank.write(DEMO, "c-0001", call, "key-1")
        prepare(file, NOW_MS, anew=True)
        assert await bank.read(DEMO, "c-0001", ListCards()) == before
        assert not (await bank.write(DEMO, "c-0001", call, "key-1")).repeated

    using(file, body)


@pytest.mark.parametrize("anew", [False, True])
def test_no_other_file_is_touched(tmp_path: Path, anew: bool) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("mine " * 1000)
    base = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(base)) as db:
        db.execute("CREATE TABLE mine (x)")
        db.commit()
    before = base.read_bytes()
    for file in (text, base, tmp_path):
        with pytest.raises(BadBank, match="choose another file"):
            prepare(file, NOW_MS, anew=anew)
    assert text.read_text() == "mine " * 1000
    assert base.read_bytes() == before


def test_a_bank_of_another_version_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"
    prepare(file, NOW_MS)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(BadBank, match="groundswell bank reset"):
        prepare(file, NOW_MS)
    prepare(file, NOW_MS, anew=True)
    prepare(file, NOW_MS)


def test_closed_it_is_away(tmp_path: Path) -> None:
    async def body(bank: EmbeddedBank) -> None:
        await bank.close()
        with pytest.raises(BankAway):
            await bank.read(DEMO, "c-0001", ReadProfile())

    using(tmp_path / "bank.sqlite", body)


def test_behind_a_writer_that_does_not_end_it_is_away_and_reads_go_on(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"

    async def body(bank: EmbeddedBank) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            with pytest.raises(BankAway):
                await bank.write(DEMO, "c-0001", TICKET, "key-1")
            await bank.read(DEMO, "c-0001", ListCards())
            db.execute("ROLLBACK")
        assert not (await bank.write(DEMO, "c-0001", TICKET, "key-1")).repeated

    using(file, body)


SHARED = """
import asyncio, json, sys
from pathlib import Path
from schemas.tools import OpenTicket
from sinks.clock import now_ms
from streams.bank.embedded import EmbeddedBank
async def main():
    bank = EmbeddedBank(Path(sys.argv[1]), now_ms)
    calls = [OpenTicket(topic="complaint", text=f"{n}") for n in range(5)]
    done = await asyncio.gather(
        *(bank.write("demo", "c-0001", call, f"key-{n}") for n, call in enumerate(calls)))
    await bank.close()
    print(json.dumps([(one.key, one.reference, one.repeated) for one in done]))
asyncio.run(main())
"""


def test_processes_that_share_it_have_one_effect_for_one_key(tmp_path: Path) -> None:
    file = tmp_path / "bank.sqlite"
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-c", SHARED, str(file))
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environ) for _ in range(3)
    ]
    said = [json.loads(one.communicate(timeout=60)[0]) for one in running]
    for key in zip(*said, strict=True):
        assert len({reference for _, reference, _ in key}) == 1
        assert sum(not repeated for _, _, repeated in key) == 1
    assert len(state(file)["tickets"]) == 5


def test_a_read_is_a_few_statements_however_many_cards(tmp_path: Path) -> None:
    async def body(bank: EmbeddedBank) -> None:
        assert len(await bank.read(DEMO, "c-0001", ListCards())) == 3  # type: ignore[arg-type]
        said: list[str] = []
        assert bank._reading is not None
        bank._reading.set_trace_callback(said.append)
        await bank.read(DEMO, "c-0001", ListCards())
        assert len(said) == 3

    using(tmp_path / "bank.sqlite", body)
