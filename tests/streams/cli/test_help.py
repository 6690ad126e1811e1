import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from edge.cli import Unguarded
from streams.cli import main


def commands(
    group: click.Group, context: click.Context, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, context, (*path, name))


EVERY = [(), *commands(main, click.Context(main))]


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
