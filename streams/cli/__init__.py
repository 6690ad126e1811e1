"""The command `groundswell`.

A command's module is imported only when the command is asked for. It imports heavy or optional
packages inside its functions, so that `groundswell --help` is quick and works on any install.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module

import click

from sinks.errors import SinkError
from streams.errors import OperatorError

COMMANDS = {
    "analyse": "streams.cli.analyse:analyse",
    "bank": "streams.cli.bank:bank",
    "ask": "streams.cli.ask:ask",
    "assistant": "streams.cli.assistant:assistant",
    "broker": "streams.cli.broker:broker",
    "changes": "streams.cli.changes:changes",
    "console": "streams.cli.console:console",
    "demo": "streams.cli.demo:demo",
    "edge": "streams.cli.edge:edge",
    "enrich": "streams.cli.enrich:enrich",
    "eval": "streams.cli.evaluate:evaluate",
    "dead-letters": "streams.cli.dead_letters:dead_letters",
    "detect": "streams.cli.detect:detect",
    "gateway": "streams.cli.gateway:gateway",
    "incidents": "streams.cli.incidents:incidents",
    "knowledge": "streams.cli.knowledge:knowledge",
    "play": "streams.cli.play:play",
    "reviews": "streams.cli.reviews:reviews",
    "replay": "streams.cli.replay:replay",
    "score": "streams.cli.score:score",
    "simulate": "streams.cli.simulate:simulate",
    "sinks": "streams.cli.sinks:sinks",
    "slices": "streams.cli.slices:slices",
    "tail": "streams.cli.tail:tail",
    "topics": "streams.cli.topics:topics",
    "worker": "streams.cli.worker:worker",
}

INTERRUPTED = 130
TERMINATED = 143


class LazyGroup(click.Group):
    """The commands of `COMMANDS`; every error an operator can put right is one line on stderr."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> object:
        # So that a command asked to stop cleans up like one that was interrupted.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            click.echo(
                f"groundswell: this command needs {error.name}: pip install 'groundswell[all]'",
                err=True,
            )
            ctx.exit(1)
        except OperatorError as error:
            click.echo(f"groundswell: {error}", err=True)
            ctx.exit(error.exit_code)
        except SinkError as error:
            click.echo(f"groundswell: {error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except SystemError as error:
            # So comes out what reaches the Kafka client within its C code.
            match error.__cause__:
                case KeyboardInterrupt():
                    ctx.exit(INTERRUPTED)
                case SystemExit():
                    ctx.exit(TERMINATED)
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groundswell", message="%(prog)s %(version)s")
def main() -> None:
    """Say within minutes what is breaking, for whom, since when and probably why."""
