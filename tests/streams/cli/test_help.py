import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from edge.cli import Unguarded
from streams.cli import main
from streams.cli.edge import PUBLISHER
from streams.evaluation.tasks import TASKS


def commands(
    group: click.Group, context: click.Context, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, context, (*path, name))


EVERY = {(): main, **dict(commands(main, click.Context(main)))}


@pytest.fixture(autouse=True)
def first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    # click keeps the names of the help option that a command had when it ran without its group.
    for command in EVERY.values():
        monkeypatch.setattr(command, "_help_option", None)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself_and_its_options(path: tuple[str, ...], option: str) -> None:
    result = CliRunner().invoke(main, [*path, option], obj=Unguarded())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.output.startswith("Usage: ")
    options = result.output.partition("Options:\n")[2].splitlines()
    for line in options:
        if found := re.match(r"  (-\S.*?)(  +(.*))?$", line):
            follows = options[options.index(line) + 1 :][:1]
            assert found[3] or (follows and follows[0].startswith(" " * 10)), line


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_an_unknown_option_is_a_usage_error(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--nonsense"], obj=Unguarded())
    assert result.exit_code == 2
    assert "No such option" in result.stderr
    assert "Traceback" not in result.output


def test_eval_describes_each_of_its_tasks() -> None:
    described = told_by("eval").partition("Options:\n")[0]
    told = {line.split()[0] for line in described.splitlines() if line.strip()}
    assert {*TASKS, "all"} <= told


def test_edge_names_the_commands_of_the_publisher() -> None:
    described = told_by("edge").partition("Options:\n")[0]
    assert set(PUBLISHER) <= set(re.findall(r"\w+", described))


def told_by(command: str) -> str:
    """Its help."""
    result = CliRunner().invoke(main, [command, "--help"], obj=Unguarded())
    assert result.exit_code == 0
    return result.output
