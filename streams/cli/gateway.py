"""`groundswell gateway`: HTTP and WebSocket in front of the assistant."""

import click

from streams.cli.options import cluster, connect, log_level


@click.command()
@cluster
@click.option("--host", help="Where to listen (gateway_host).")
@click.option("--port", type=click.IntRange(0, 65535), help="gateway_port; 0: any free one.")
@click.option("--reply-partition", help="Of assistant.replies; auto: the first free one here.")
@click.option(
    "--demo",
    is_flag=True,
    help="Let anybody on this machine be whoever they say: POST /demo/login gives a token.",
)
@log_level
def gateway(
    bootstrap: str | None,
    prefix: str | None,
    host: str | None,
    port: int | None,
    reply_partition: str | None,
    demo: bool,
    log_level: str,
) -> None:
    """Take turns of conversations over HTTP until SIGTERM or Ctrl-C.

    \b
    POST /v1/turns          say something, get the answer
    GET  /v1/chat           the same over a WebSocket, with parts of answers
    GET  /v1/sessions/{id}  what was said
    GET  /openapi.json      all of it, described

    Tokens are JWTs of the issuer that gateway_jwks, gateway_issuer and gateway_audience name
    (docs/gateway.md); without one, try --demo. What is under way is ended before it stops. Logs are
    JSON on standard error.
    """
    import asyncio

    from streams.gateway.demo_issuer import DemoIssuer
    from streams.gateway.over_kafka import run_gateway
    from streams.logs import set_up
    from streams.settings import load

    settings = load(
        overrides={
            "bootstrap": bootstrap,
            "prefix": prefix,
            "gateway_host": host,
            "gateway_port": port,
            "reply_partition": reply_partition,
        }
    )
    set_up(log_level)
    asyncio.run(run_gateway(settings, connect(settings), demo=DemoIssuer() if demo else None))
