"""`groundswell enrich`: what is found out about incidents once they are published."""

import click

from streams.cli.options import cluster, connect, health_port, log_level


@click.command()
@cluster
@health_port
@log_level
def enrich(bootstrap: str | None, prefix: str | None, port: int | None, log_level: str) -> None:
    """Relate incidents to each other, and ask a language model why they are.

    Incidents that began within 15 minutes and have a rare slice value or terms in common, or that
    have the same nearest change, are told of each other, across products and channels; one is
    named the likely head. None is merged.

    With model_url and model_name set, a model of any OpenAI-compatible server (vLLM, llama.cpp,
    Ollama, ...) is asked about each incident when it opens, and again when it becomes more severe,
    shows another slice or doubles. Without them the rules' answer stands. A model that is slow or
    away delays nothing else, and rca.status of the incident says what happened.

    Run one beside the workers, which apply what it writes: they never wait for it. It runs until
    SIGTERM or Ctrl-C, and then exits with 0. A Kafka that goes away is waited for. Settings, limits
    and metrics: docs/enrichment.md. Logs are JSON on standard error.
    """
    import asyncio

    from streams.enrichment import run_enrich
    from streams.logs import set_up
    from streams.settings import load

    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix, "enrich_port": port})
    set_up(log_level)
    raise SystemExit(asyncio.run(run_enrich(settings, connect(settings))))
