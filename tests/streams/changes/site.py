"""A webhook of a test, and who sends to it."""

import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import aiohttp

from sinks.cluster import Secret
from streams.changes.log import ChangeLog
from streams.changes.rules import Rule
from streams.changes.senders import senders
from streams.changes.webhook import Webhook
from streams.metrics import Metrics
from streams.settings import Settings
from tests.streams.changes.bodies import GITHUB_HEADERS, PAGERDUTY

JSON = {"Content-Type": "application/json"}
LOCKED = Settings(
    changes_github_secret=Secret("hub-word"),
    changes_gitlab_token=Secret("lab-word"),
    changes_pagerduty_key=Secret(PAGERDUTY["routing_key"]),
    changes_token=Secret("bare-word"),
)
OPEN = Settings()
AWAY = "127.0.0.1:1"
"""Where no Kafka is."""


class Site:
    """A webhook that listens, and what it said."""

    def __init__(self, session: aiohttp.ClientSession, metrics: Metrics, port: int) -> None:
        self.port = port
        self._session = session
        self._metrics = metrics
        self.headers: Mapping[str, str] = {}

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] = JSON
    ) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self._session.post(path, data=data, headers=headers) as response:
            self.headers = response.headers
            return response.status, await response.json()

    def count(self, source: str, outcome: str) -> float:
        value = self._metrics.registry.get_sample_value(
            "groundswell_changes_total", {"source": source, "outcome": outcome}
        )
        return value or 0.0


@asynccontextmanager
async def site(
    log: ChangeLog, settings: Settings = LOCKED, rules: tuple[Rule, ...] = ()
) -> AsyncIterator[Site]:
    metrics = Metrics()
    served = Webhook(log, senders(settings), rules, metrics)
    port = await served.start("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield Site(session, metrics, port)
    finally:
        await served.stop()
        await served.stop()


def signed(body: object) -> dict[str, str]:
    """Headers as GitHub sends them with this body."""
    data = json.dumps(body).encode()
    signature = hmac.new(b"hub-word", data, sha256).hexdigest()
    return {**GITHUB_HEADERS, "X-Hub-Signature-256": f"sha256={signature}"}
