from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.streams.cli.running import fail
from tests.support.console import ConsoleProcess


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
    """Kafka's client complains in the log if it is ended while it connects."""
    with urlopen(f"{console.address}api/events", timeout=30) as events:
        assert any(b'"state":"ok"' in line for line in events)
    with urlopen(f"{console.address}api/incidents", timeout=30) as answer:
        assert b'"caught_up":true' in answer.read()


@pytest.mark.broker
def test_it_says_where_it_is_and_ends_at_ctrl_c(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    console = ConsoleProcess(bootstrap, prefix, tmp_path)
    try:
        assert console.said().startswith("console at http://127.0.0.1:")
        wait_until_connected(console)
        assert console.stop() == 0
        assert (console.said().count("\n"), console.errors) == (1, "")
    finally:
        console.close()
