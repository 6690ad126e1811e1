"""Running commands as a person does, and what an error must look like."""

import subprocess
import sys

from click.testing import CliRunner, Result

from streams.cli import main


def run(*arguments: str, env: dict[str, str | None] | None = None) -> Result:
    """The command in this process; the machine's settings do not count."""
    clean = {"GROUNDSWELL_CONFIG": None, "GROUNDSWELL_PREFIX": None, **(env or {})}
    return CliRunner().invoke(main, arguments, env=clean)


def fail(*arguments: str, env: dict[str, str | None] | None = None) -> str:
    """The command fails as an operator's error must; its one line."""
    result = run(*arguments, env=env)
    return one_line(result.exit_code, result.stderr)


def fail_apart(*arguments: str) -> str:
    """The same in a process of its own, which may log before."""
    command = [sys.executable, "-m", "streams", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    lines = done.stderr.splitlines(keepends=True)
    assert all(line.startswith("{") for line in lines[:-1]), done.stderr
    return one_line(done.returncode, lines[-1])


def one_line(code: int, errors: str) -> str:
    """Exit code 1 and one line that is no traceback."""
    assert (code, errors.count("\n")) == (1, 1), errors
    assert errors.startswith("groundswell: ")
    return errors.removeprefix("groundswell: ").rstrip("\n")
