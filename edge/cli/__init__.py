"""The command `groundswell-edge`: what a device can do.

A command's module is imported only when the command is asked for.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from edge.cli.lines import shown
from edge.errors import EdgeError

COMMANDS = {
    "ask": "edge.cli.ask:ask",
    "documents": "edge.cli.documents:documents",
    "import": "edge.cli.documents:import_",
    "open": "edge.cli.open:open_",
    "patients": "edge.cli.patients:patients",
    "reminders": "edge.cli.reminders:reminders",
    "search": "edge.cli.search:search",
    "summary": "edge.cli.summary:summary",
    "update": "edge.cli.update:update",
    "vault": "edge.cli.vault:vault",
}
"""Those of a device; `groundswell edge` has them too."""

OUTSIDE = frozenset({"update"})
"""They reach the outside, so they never hold the vault's key; all others are guarded."""

INTERRUPTED = 130
TERMINATED = 143


class Unguarded:
    """Given as the context's object by tests, whose process must go on without the guard."""


class DeviceGroup(click.Group):
    """The commands of `COMMANDS`; every error a person can put right is one line on stderr.

    Every command but those of `OUTSIDE` runs under the guard: it cannot reach the outside; nor is
    its memory dumped.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(self.targets())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        target = self.targets().get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def targets(self) -> dict[str, str]:
        """Name of a command to `module:attribute`."""
        return COMMANDS

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        named = bool(args) and args[0] in COMMANDS and args[0] not in OUTSIDE
        if named and not isinstance(ctx.obj, Unguarded):
            from edge import dumps, guard

            guard.install()
            dumps.switch_off()
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        # So that a command asked to stop cleans up like one that was interrupted.
        signal.signal(signal.SIGTERM, _stop)
        if sys.stdin is None:  # closed, as a service may have it
            sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            click.echo(
                f"this command needs {error.name}: pip install 'groundswell[edge]'", err=True
            )
            ctx.exit(1)
        except EdgeError as error:
            # A mirror, a stick or a backup may have put words of its own into it.
            click.echo(f"{ctx.info_name}: {shown(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except UnicodeDecodeError:
            # Mostly of standard input, in the encoding of another system.
            click.echo(
                f"{ctx.info_name}: what was given is no text in UTF-8: save it as that", err=True
            )
            ctx.exit(1)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # click ends quietly: nobody reads on
            # No file is named: a document's may be a patient's name.
            click.echo(f"{ctx.info_name}: {error.strerror or type(error).__name__}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


def _stop(*_: object) -> NoReturn:
    sys.exit(TERMINATED)


@click.group(cls=DeviceGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groundswell", message="%(prog)s %(version)s")
def main() -> None:
    """Medical records on this device: encrypted, read offline, and never sent anywhere.

    It does not diagnose: check the source. · 本工具不作诊断，请核对原文。
    """
