import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.streams.cli.running import fail
from tests.support.console import ConsoleProcess
from tests.support.waiting import until


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """The command changes what Ctrl-C does, here for the tests that follow too."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_it_stands_open_to_nobody_else() -> None:
    said = fail("console", "--host", "0.0.0.0", "--bootstrap", "127.0.0.1:1")
    assert said.startswith("others can reach 0.0.0.0: set console_token or console_token_file")


def test_a_token_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("short\n", encoding="utf-8")
    env: dict[str, str | None] = {"GROUNDSWELL_CONSOLE_TOKEN_FILE": str(file)}
    said = fail("console", "--bootstrap", "127.0.0.1:1", env=env)
    assert said == "console_token has fewer than 16 characters; take more"
    env["GROUNDSWELL_CONSOLE_TOKEN"] = "both are given"
    said = fail("console", "--bootstrap", "127.0.0.1:1", env=env)
    assert said == "setting console_token_file: console_token is given too; keep one"
    said = fail(
        "console", "--bootstrap", "127.0.0.1:1", env={"GROUNDSWELL_CONSOLE_TOKEN_FILE": "/none"}
    )
    assert said.startswith("setting console_token_file: cannot read /none")


def wait_until_connected(console: ConsoleProcess) -> None:
    with urlopen(f"{console.address}api/events", timeout=30) as events:
        assert any(b'"state":"ok"' in line for line in events)
    until(lambda: b'"caught_up":true' in listed(console), "all is read")


def listed(console: ConsoleProcess) -> bytes:
    with urlopen(f"{console.address}api/incidents", timeout=30) as answer:
        found: bytes = answer.read()
    return found


@pytest.mark.broker
@pytest.mark.parametrize("connected", [True, False])
@pytest.mark.slow
def test_it_says_where_it_is_and_ends_at_ctrl_c(
    bootstrap: str, prefix: str, tmp_path: Path, connected: bool
) -> None:
    console = ConsoleProcess(bootstrap, prefix, tmp_path)
    try:
        assert console.said().startswith("console at http://127.0.0.1:")
        if connected:
            wait_until_connected(console)
        assert console.stop() == 0
        assert (console.said().count("\n"), console.errors) == (1, "")
    finally:
        console.close()
