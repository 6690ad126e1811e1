"""`groundswell edge demo`: a device of medical records from its setting up to a leaked model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.options import connect
from streams.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from streams.edge.demonstration import Shown
    from streams.edge.demonstration.device import Run


@click.command()
@click.option("--bootstrap", metavar="HOST:PORT", help="Kafka to use; else the embedded broker.")
@click.option(
    "--stay/--no-stay",
    default=None,
    help="Keep the page open at the end, until Ctrl-C; by default if this is a terminal.",
)
@click.option(
    "--open/--no-open", "opens", default=False, help="Open the page in this machine's browser."
)
def demo(bootstrap: str | None, stay: bool | None, opens: bool) -> None:
    """Set up a device with made-up patients, update it, break it, attack it.

    A publisher makes its keys and publishes two packs to a real Kafka. A device in a folder of its
    own, run by the real `groundswell-edge` in child processes, imports the notes of three made-up
    patients, prints one summary with its sources and what is due, and shows that its record process
    cannot connect. It updates from the topic, then with the network cut from a folder; the power
    goes in the middle of an update; a tampered and an old stick are refused; and a leaked copy of
    its model is traced to it. At the end a table of what was shown, and the device's page.

    Exit code 0 if all of it held, 1 if not. Takes about a minute. Uses a temporary folder and
    topics of its own, and removes them; if the embedded Kafka had to be started it runs on:
    groundswell broker stop.
    """
    import subprocess
    import sys
    import tempfile
    from pathlib import Path

    from rich.console import Console

    from streams.edge.demonstration import run_demo
    from streams.logs import hushed
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap})
    cluster = connect(settings)
    console = Console(highlight=False, soft_wrap=True)
    stays = sys.stdout.isatty() if stay is None else stay
    with (
        # What the libraries say of topics that come and go, and of what is refused, is told here.
        hushed(),
        tempfile.TemporaryDirectory(prefix="groundswell-") as folder,
        Telling(console) as telling,
    ):
        try:
            shown = run_demo(
                cluster, settings.prefix, Path(folder), telling, _stay(telling, stays, opens)
            )
        except subprocess.TimeoutExpired as late:
            raise OperatorError(
                f"a command of the device took more than {late.timeout:.0f} s:"
                " this machine is busy; run it again"
            ) from None
    if not shown or not all(one.held for one in shown):
        click.get_current_context().exit(1)


class Telling:
    """In plain lines; on a terminal with a sign that it works on. Use it with `with`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.all: list[Shown] = []
        self._status = console.status("") if console.is_terminal else None

    def __enter__(self) -> Telling:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """Nothing is being done."""
        if self._status is not None:
            self._status.stop()

    def act(self, title: str) -> None:
        """A part begins."""
        self.console.print(f"\n[bold]{title}[/]")
        if self._status is not None:
            self._status.update(f"{title} ...")
            self._status.start()

    def say(self, text: str) -> None:
        """A sentence."""
        self.console.print(text, markup=False)

    def ran(self, run: Run) -> None:
        """What a person would have typed, and what came."""
        self.console.print(f"$ {run.command}", style="cyan", markup=False)
        for line in (*run.out.splitlines(), *run.errors.splitlines()):
            self.console.print(f"  {line}", markup=False)

    def shown(self, one: Shown) -> None:
        """A line at once, and one of the table at the end."""
        self.all.append(one)
        mark, style = ("✓", "green") if one.held else ("✗", "bold red")
        self.console.print(f"{mark} {one.promise}", style=style, markup=False)

    def table(self) -> None:
        """What was shown."""
        from rich.table import Table

        self.rest()
        table = Table(box=None, padding=(0, 1, 0, 0))
        for name in ("", "shown", "seen"):
            table.add_column(name, overflow="fold")
        for one in self.all:
            table.add_row("✓" if one.held else "✗", one.promise, one.seen)
        self.console.print()
        self.console.print(table, soft_wrap=False)
        held = sum(one.held for one in self.all)
        self.console.print(f"{held} of {len(self.all)} held", style="bold")


def _stay(telling: Telling, stays: bool, opens: bool) -> Callable[[str, str], None]:
    import signal
    import webbrowser

    def stay(link: str, passphrase: str) -> None:
        telling.table()
        if not (stays and link):
            return
        telling.say(
            f"\nThe device's page: {link}\nPassphrase: {passphrase}\nThe link works once."
            " Ctrl-C ends it and removes everything."
        )
        if opens:
            webbrowser.open(link)
        try:
            signal.pause()
        except KeyboardInterrupt:
            telling.say("\nremoving the device and the topics ...")

    return stay
