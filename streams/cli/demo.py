"""`groundswell demo`: the whole stream on a scenario, against its truth, with people in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.options import connect

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from streams.analyse import Analysis
    from streams.bounded import BoundedRun
    from streams.demonstration import Backstage
    from streams.simulation import Scenario, Truth

SEED = 113
SPEED = 450.0
"""Times the speed of the scenario, once incidents may come: slow enough to be watched."""


@click.command()
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another scenario.")
@click.option("--bootstrap", metavar="HOST:PORT", help="Kafka to use; else the embedded broker.")
@click.option(
    "--stay/--no-stay",
    default=None,
    help="Keep the console open at the end, until Ctrl-C; by default if this is a terminal.",
)
@click.option(
    "--open/--no-open", "opens", default=False, help="Open the console in this machine's browser."
)
def demo(seed: int, bootstrap: str | None, stay: bool | None, opens: bool) -> None:
    """Simulate a working morning of two products, find its incidents, compare with the truth.

    A worker reads the messages of four hours, sent in 25 s, from a real Kafka. Incidents are
    printed as they open and change, a line a revision, and are on a local web page as well, whose
    address comes first: what broke, for whom, since when, the probable cause and its evidence.
    Related incidents are told of each other; with model_url and model_name set a language model is
    asked, too (docs/enrichment.md).

    "ana (demo)" is simulated: she acknowledges the first incident that is an error or worse, and
    when all messages are through she takes another one and resolves it. The rest is yours:
    acknowledge, resolve or silence it on the page or with `groundswell incidents`. The clock of
    the scenario stands still by then, so nothing times out.

    While it stays, a chat with the assistant of a made-up bank is open beside it
    (`groundswell assistant demo`).

    Uses topics of its own and removes them at the end. Takes about half a minute; the first time
    the embedded Kafka is fetched (about 45 MB).

    \b
    groundswell demo --open       # and look at it in the browser
    groundswell demo --no-stay    # end by itself in a terminal, too
    """
    import sys
    import tempfile
    import webbrowser
    from pathlib import Path

    from msgspec.structs import replace
    from rich.console import Console

    from streams.bounded import GROUP, BoundedRun
    from streams.demonstration import Backstage
    from streams.logs import hushed
    from streams.settings import load
    from streams.simulation import demonstration, simulate

    console = Console(highlight=False, soft_wrap=True)
    settings = load(overrides={"bootstrap": bootstrap})
    scenario = demonstration(seed)
    simulation = simulate(scenario)
    console.print(
        f"[bold]Scenario[/] seed {seed}: {simulation.total:,} messages of {scenario.products} "
        f"products in {scenario.hours:g} hours, {len(simulation.truth.incidents)} incidents hidden"
        " in it"
    )
    with tempfile.TemporaryDirectory(prefix="groundswell-") as folder:
        simulation.write(Path(folder), lambda _: None)
        broker = connect(settings)
        console.print(f"[bold]Kafka[/] at {broker}, topics of its own")
        # What the libraries say of topics that come and go is no news to anybody here.
        with hushed(), BoundedRun(broker, name="demo") as run:
            own = replace(settings, prefix=run.prefix, group=GROUP)
            with Backstage(own, broker, lambda why: _trouble(console, why)) as beside:
                if beside.address:
                    console.print(f"[bold]Console[/] at {beside.address}")
                    if opens:
                        webbrowser.open(beside.address)
                found = _play(console, run, Path(folder), scenario)
                _show(console, found, simulation.truth)
                if sys.stdout.isatty() if stay is None else stay:
                    _stay(console, run, beside)
                else:
                    console.print("[bold]groundswell assistant demo[/]: talk to a bank's assistant")


def _trouble(console: Console, why: str) -> None:
    console.print(why, style="red", markup=False)


def _play(console: Console, run: BoundedRun, folder: Path, scenario: Scenario) -> Analysis:
    from schemas.incidents import Incident
    from schemas.times import MINUTE_MS
    from sinks.clock import now_ms
    from streams.analyse import Watcher, send_through
    from streams.cli.bars import run_bars
    from streams.cli.words import deed_line, incident_line
    from streams.demonstration import Shift
    from streams.desk import Desk
    from streams.play.reading import Reader

    reader = Reader(folder)
    with Desk(run.cluster, run.prefix) as desk, run_bars(console, reader.bytes_total()) as bars:
        shift = Shift(
            run,
            desk,
            lambda deed, title: console.print(deed_line(deed, title), style="cyan"),
            lambda why: _trouble(console, why),
        )

        def hear(revision: Incident) -> None:
            console.print(incident_line(revision))
            shift.hear(revision)

        found = send_through(
            run,
            reader.messages(now_ms()),
            reader.skipped,
            Watcher(*bars, hear),
            speed=SPEED,
            paced_from_ms=scenario.start_ms + scenario.quiet_until * MINUTE_MS,
        )
        for revision in shift.close():
            console.print(incident_line(revision))
    return found


def _show(console: Console, found: Analysis, truth: Truth) -> None:
    from agents.incidents.words import where
    from streams.cli.score import show
    from streams.cli.words import show_counts
    from streams.simulation.scoring import score

    spent = f"{found.seconds:.1f} s, played at {SPEED:.0f} times the speed of the scenario"
    show_counts(console, found.written, found.counters, [("time", spent)])
    console.print("\n[bold]Against the truth[/]")
    for injected in truth.incidents:
        place = where(injected.slice.attributes) if injected.slice else "no attribute explains it"
        console.print(
            f"{injected.onset[11:16]} {injected.product}: {injected.theme}, {injected.injected} "
            f"reports in {injected.duration_minutes} min, {place}",
            markup=False,
        )
    show(score(list(found.revisions), truth))


def _stay(console: Console, run: BoundedRun, beside: Backstage) -> None:
    """Until Ctrl-C, which is how it is meant to end."""
    from streams.cli.words import incident_line
    from streams.demonstration import Talking

    page = f"console stays open at {beside.address}" if beside.address else "worker runs on"
    kafka = f"--bootstrap {run.cluster.bootstrap} --prefix {run.prefix}"
    console.print(
        f"\n[bold]The {page}[/] with these incidents: acknowledge, resolve, silence them there, or:"
        f"\ngroundswell incidents list {kafka}\nCtrl-C ends it and removes the demo's topics."
    )
    try:
        with Talking(run.cluster.bootstrap) as talking:
            if talking.address:
                console.print(f"[bold]A bank's assistant[/] to talk to at {talking.address}")
            for revision in run.later():
                console.print(incident_line(revision))
    except KeyboardInterrupt:
        console.print("\nremoving the demo's topics ...")
