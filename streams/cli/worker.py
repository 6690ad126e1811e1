"""`groundswell worker`: the live stream."""

import click

from streams.cli.options import cluster, connect, health_port, log_level


@click.command()
@cluster
@health_port
@click.option(
    "--bounded",
    is_flag=True,
    help="The input ends: honour end-of-input records, and never give a partition up as idle.",
)
@log_level
def worker(
    bootstrap: str | None, prefix: str | None, port: int | None, bounded: bool, log_level: str
) -> None:
    """Run intake and detection until SIGTERM or Ctrl-C.

    Exit code 0 after a graceful stop, 1 after a crash: start it again, it goes on from durable
    state. Every setting is in docs/operations.md; logs are JSON on standard error.
    """
    import asyncio

    from streams.logs import set_up
    from streams.settings import load
    from streams.worker import run_worker

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix, "port": port})
    set_up(log_level)
    code = asyncio.run(run_worker(settings, connect(settings), bounded=bounded))
    raise SystemExit(code)
