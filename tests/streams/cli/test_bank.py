import json
from pathlib import Path

from schemas.tools import OpenTicket
from streams.bank.seed import seed
from tests.streams.cli.running import fail, run


def test_everybody_and_one_customer_are_shown(tmp_path: Path) -> None:
    file = ("--file", str(tmp_path / "bank.sqlite"))
    everybody = run("bank", "show", *file)
    assert everybody.exit_code == 0, everybody.output
    assert everybody.stdout.splitlines()[0] == "c-0001  陈晓明"
    assert len(everybody.stdout.splitlines()) == sum(tenant == "demo" for tenant, _ in seed(0))
    one = run("bank", "show", "c-0001", *file).stdout
    assert '"reason":"insufficient_funds"' in one
    assert one.count("Card ") == 3
    assert one.count("Limit ") == 8
    assert "13812341234" not in one
    other = run("bank", "show", "c-0001", "--tenant", "other", *file).stdout
    assert other != one


def test_who_is_no_customer_is_named(tmp_path: Path) -> None:
    said = fail("bank", "show", "c-9999", "--file", str(tmp_path / "bank.sqlite"))
    assert said == "tenant demo has no customer c-9999: groundswell bank show"


def test_the_bank_is_as_on_the_first_day_after_a_reset(tmp_path: Path) -> None:
    import asyncio

    from sinks.clock import now_ms
    from streams.bank.embedded import EmbeddedBank

    path = tmp_path / "bank.sqlite"
    file = ("--file", str(path))

    async def write() -> None:
        bank = EmbeddedBank(path, now_ms)
        await bank.write("demo", "c-0001", OpenTicket(topic="complaint", text=""), "key-1")
        await bank.close()

    asyncio.run(write())
    shown = json.loads(run("bank", "show", "--state", *file).stdout)
    assert shown["tickets"] == [["demo", "c-0001", "complaint", ""]]
    assert run("bank", "reset", *file).exit_code == 0
    assert json.loads(run("bank", "show", "--state", *file).stdout)["tickets"] == []


def test_a_file_that_is_no_bank_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine " * 100)
    assert "choose another file" in fail("bank", "reset", "--file", str(path))
    assert path.read_text() == "mine " * 100
