from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, main
from streams.errors import OperatorError


class FullError(OperatorError):
    exit_code = 7


LOST = {"lost": KeyboardInterrupt(), "ended": SystemExit(143), "broken": ValueError()}
"""What C code makes an error of its own from."""


@click.command()
@click.argument("fault")
def failing(fault: str) -> None:
    if fault in LOST:
        raise SystemError("returned NULL") from LOST[fault]
    raise {"full": FullError("make room"), "interrupt": KeyboardInterrupt()}[fault]


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    module = ModuleType("failing_command")
    module.__dict__["failing"] = failing
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(COMMANDS, "failing", "failing_command:failing")
    return CliRunner()


def test_an_operators_error_is_one_line_and_its_exit_code(runner: CliRunner) -> None:
    result = runner.invoke(main, ["failing", "full"])
    assert (result.stderr, result.stdout) == ("groundswell: make room\n", "")
    assert result.exit_code == 7


def test_ctrl_c_is_quiet(runner: CliRunner) -> None:
    result = runner.invoke(main, ["failing", "interrupt"])
    assert (result.output, result.exit_code) == ("", 130)


def test_what_reaches_us_in_c_code_ends_us_as_anywhere(runner: CliRunner) -> None:
    for fault, code in (("lost", 130), ("ended", 143)):
        result = runner.invoke(main, ["failing", fault])
        assert (result.output, result.exit_code) == ("", code)
    assert isinstance(runner.invoke(main, ["failing", "broken"]).exception, SystemError)


def test_an_unknown_command_is_refused(runner: CliRunner) -> None:
    result = runner.invoke(main, ["nonsense"])
    assert result.exit_code == 2
    assert "No such command 'nonsense'" in result.stderr


def test_every_command_has_a_module_and_help() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert command.help


def test_help_imports_no_client_and_no_resolver() -> None:
    code = (
        "import sys; from streams.cli import main; main(['--help'], standalone_mode=False);"
        "print(sorted({'confluent_kafka', 'jgo', 'faust', 'aiokafka'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "broker" in done.stdout
    assert done.stdout.endswith("[]\n")
