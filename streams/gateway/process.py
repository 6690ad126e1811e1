"""The gateway as a process of its own, until it is asked to stop."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from typing import Protocol

from aiohttp import web

from sinks.hosts import is_here
from streams.gateway.asking import Asking
from streams.gateway.demo_issuer import AUDIENCE, ISSUER, DemoIssuer
from streams.gateway.fetching import fetch_of
from streams.gateway.keys import Keys
from streams.gateway.server import Gateway, GatewayRules
from streams.gateway.tokens import TokenRules, Tokens
from streams.gateway.turns import TurnRules
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError
from streams.until import until_signal

logger = logging.getLogger(__name__)
DRAIN_SECONDS = 10.0
_LOOK = 1.0


class Demo(Protocol):
    """What a demonstration adds: an issuer of tokens for anybody on this machine, and pages."""

    @property
    def issuer(self) -> DemoIssuer:
        """Tokens of no other are taken."""
        ...

    def add_routes(self, app: web.Application) -> None:
        """Beside the gateway's own."""


async def serve(
    settings: Settings,
    asking: Asking,
    metrics: Metrics,
    *,
    demo: Demo | None,
    told: Callable[[str], None] = lambda _: None,
) -> None:
    """Answer until SIGTERM or SIGINT. Raises OperatorError or CannotListen if it cannot start.

    `told` is called with the address once it answers.
    """
    if demo and not is_here(settings.gateway_host):
        raise SettingsError("setting gateway_host: --demo lets anybody in; use 127.0.0.1")
    issuer = demo.issuer if demo else None
    keys = Keys(
        issuer.jwks if issuer else fetch_of(_needed(settings, "gateway_jwks")), time.monotonic
    )
    gateway = Gateway(
        asking,
        Tokens(keys, _demo_rules() if demo else _token_rules(settings)),
        _rules(settings),
        metrics,
        _tls(settings),
        demo.add_routes if demo else None,
    )
    liveness = Liveness(settings.stuck_seconds, time.monotonic)
    health = HealthServer(liveness, metrics, "gateway_health_port")
    try:
        health_port = await health.start(settings.host, settings.gateway_health_port)
        port = await gateway.start(settings.gateway_host, settings.gateway_port)
        _say(settings, port, health_port)
        told(f"http://{settings.gateway_host}:{port}/")
        await until_signal(_look(gateway, keys, liveness))
    finally:
        liveness.ready = False
        await gateway.drain(DRAIN_SECONDS)
        await gateway.stop()
        await health.stop()


async def _look(gateway: Gateway, keys: Keys, liveness: Liveness) -> None:
    while True:
        if not keys.ready:
            await keys.renew()
        # It has no offsets of its own; ready is who can ask and can check tokens.
        liveness.look({"gateway": 0} if gateway.ready else {}, {})
        gateway.look()
        await asyncio.sleep(_LOOK)


def _say(settings: Settings, port: int, health_port: int) -> None:
    host = settings.gateway_host
    logger.info(
        "answering",
        extra={"address": f"{host}:{port}", "health": f"{settings.host}:{health_port}"},
    )
    if not settings.gateway_cert_file and not is_here(host):
        logger.warning("without TLS: put this behind a proxy that has it", extra={"host": host})


def _demo_rules() -> TokenRules:
    return TokenRules(ISSUER, AUDIENCE)


def _token_rules(settings: Settings) -> TokenRules:
    return TokenRules(
        issuer=_needed(settings, "gateway_issuer"),
        audience=_needed(settings, "gateway_audience"),
        tenant_claim=settings.gateway_tenant_claim,
        strong_acr=frozenset(settings.gateway_strong_acr),
        strong_amr=frozenset(settings.gateway_strong_amr),
    )


def _needed(settings: Settings, name: str) -> str:
    if not (value := str(getattr(settings, name))):
        raise SettingsError(f"setting {name}: needed to check tokens; or try --demo")
    return value


def _rules(settings: Settings) -> GatewayRules:
    return GatewayRules(
        turns=TurnRules(settings.gateway_deadline_ms, settings.gateway_hotline),
        user_turns=settings.gateway_user_turns,
        tenant_turns=settings.gateway_tenant_turns,
        user_sockets=settings.gateway_user_sockets,
        sockets=settings.gateway_sockets,
        idle_seconds=settings.gateway_idle_minutes * 60,
        origins=settings.gateway_origins,
    )


def _tls(settings: Settings) -> ssl.SSLContext | None:
    cert, key = settings.gateway_cert_file, settings.gateway_key_file
    if bool(cert) != bool(key):
        missing = "gateway_key_file" if cert else "gateway_cert_file"
        raise SettingsError(
            f"setting {missing}: gateway_cert_file and gateway_key_file go together"
        )
    if not cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # An empty pass phrase: without one it would ask on the terminal.
        context.load_cert_chain(cert, key, password="")
    except OSError as error:
        raise SettingsError(
            f"setting gateway_cert_file, gateway_key_file: no PEM that fits ({error})"
        ) from None
    return context
