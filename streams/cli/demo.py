"""`groundswell demo`: the whole stream on a scenario, against its truth."""

import click

SEED = 7


@click.command()
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another scenario.")
@click.option("--bootstrap", metavar="HOST:PORT", help="Kafka to use; else the embedded broker.")
def demo(seed: int, bootstrap: str | None) -> None:
    """Simulate a working morning of two products, find its incidents, compare with the truth.

    Uses topics of its own and removes them. Takes about half a minute; the first time the
    embedded Kafka is fetched (about 45 MB).
    """
    import tempfile
    from pathlib import Path

    from rich.console import Console

    from agents.incidents.words import where
    from streams.analyse import Watcher
    from streams.analyse import analyse as run
    from streams.cli.bars import run_bars
    from streams.cli.options import connect
    from streams.cli.score import show
    from streams.cli.words import incident_line, show_counts
    from streams.play.reading import Reader
    from streams.settings import load
    from streams.simulation import demonstration, simulate
    from streams.simulation.scoring import score

    console = Console(highlight=False, soft_wrap=True)
    settings = load(overrides={"bootstrap": bootstrap})
    scenario = demonstration(seed)
    simulation = simulate(scenario)
    truth = simulation.truth
    console.print(
        f"[bold]Scenario[/] seed {seed}: {simulation.total:,} messages of {scenario.products} "
        f"products in {scenario.hours:g} hours, {len(truth.incidents)} incidents hidden in it"
    )
    with tempfile.TemporaryDirectory(prefix="groundswell-") as folder:
        simulation.write(Path(folder), lambda _: None)
        reader = Reader(Path(folder))
        broker = connect(settings)
        console.print(f"[bold]Kafka[/] at {broker}, topics of its own")
        with run_bars(console, reader.bytes_total()) as (played, accounted):
            watcher = Watcher(
                played, accounted, lambda revision: console.print(incident_line(revision))
            )
            found = run(broker, reader, watcher, name="demo")
    speed = f"{found.seconds:.1f} s, {found.written / found.seconds:,.0f} events/s"
    show_counts(console, found.written, found.counters, [("time", speed)])
    console.print("\n[bold]Against the truth[/]")
    for injected in truth.incidents:
        place = where(injected.slice.attributes) if injected.slice else "no attribute explains it"
        console.print(
            f"{injected.onset[11:16]} {injected.product}: {injected.theme}, {injected.injected} "
            f"reports in {injected.duration_minutes} min, {place}",
            markup=False,
        )
    show(score(list(found.revisions), truth))
