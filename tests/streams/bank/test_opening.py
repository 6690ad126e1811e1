import asyncio
from pathlib import Path

import pytest

from sinks.cluster import Secret
from streams.bank.embedded import EmbeddedBank
from streams.bank.http import HttpBank
from streams.bank.opening import file_of, open_bank, patience_of
from streams.bank.tools import Patience
from streams.settings import Settings, SettingsError


def opened(settings: Settings) -> EmbeddedBank | HttpBank:
    async def run() -> EmbeddedBank | HttpBank:
        bank = open_bank(settings)
        await bank.close()
        return bank

    return asyncio.run(run())


def test_without_an_address_it_is_the_embedded_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(opened(Settings(bank_file=str(tmp_path / "b.sqlite"))), EmbeddedBank)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    assert file_of(Settings()) == tmp_path / "bank.sqlite"


@pytest.mark.parametrize("url", ["https://bank.example/api", "http://127.0.0.1:9475"])
def test_an_address_is_asked(url: str) -> None:
    assert isinstance(opened(Settings(bank_url=url, bank_token=Secret("w"))), HttpBank)


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example",
        "bank.example",
        "ftp://127.0.0.1",
        "https://me:word@bank.example",
        "https://bank.example/?a=b",
        "https://",
        "https://[",
        "https://bank.example:x",
    ],
)
def test_an_address_that_others_could_read_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="bank_url") as refused:
        opened(Settings(bank_url=url))
    assert "word@" not in str(refused.value)


def test_a_file_of_authorities_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(SettingsError, match="bank_ca_file"):
            opened(Settings(bank_url="https://b.example", bank_ca_file=str(tmp_path / name)))


def test_patience_is_of_the_settings() -> None:
    settings = Settings(bank_timeout_ms=100, bank_write_timeout_ms=200, bank_stale_minutes=1)
    assert patience_of(settings) == Patience(100, 200, 60_000)
    assert patience_of(Settings()) == Patience()
