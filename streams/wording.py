"""The language model of the assistant as the settings name it, with its traces and metrics."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from agents.assistant.wording.question import Use
from agents.assistant.wording.settings import WordingSettings
from agents.assistant.wording.watch import Call
from agents.assistant.wording.wordsmith import Wordsmith
from agents.llm.client import ModelClient
from agents.llm.settings import Limits, ModelSettings
from schemas.commands import Cost
from schemas.turns import Reply
from streams import spans
from streams.enrichment.model import model_of
from streams.metrics import Metrics
from streams.metrics.tenants import Tenants
from streams.settings import Settings, SettingsError

_HEDGED = 2
"""Connections for each question in flight."""
_WAIT_S = 0.05
"""The first pause before a repetition; a turn has no time for longer ones."""
_STATES = ("closed", "open", "trying")


def wordsmith_of(
    settings: Settings, metrics: Metrics, *, clock_ms: Callable[[], int]
) -> Wordsmith | None:
    """Close it at the end; None if no model is set. Raises SettingsError."""
    wording = wording_of(settings)
    if wording is None:
        return None
    try:
        client = ModelClient(_crowded(wording.model), wait_s=_WAIT_S)
    except ValueError as error:
        raise SettingsError(f"setting model_url: {error}") from None
    meter = Meter(metrics, wording.model)
    smith = Wordsmith(wording, client, clock_ms=clock_ms, seed=secrets.randbits(128), watch=meter)
    meter.smith = smith
    return smith


def wording_of(settings: Settings) -> WordingSettings | None:
    """What to ask and what it may cost; None: nothing. Raises SettingsError."""
    model = model_of(settings) if settings.assistant_model else None
    if model is None:
        return None
    own = replace(
        model,
        timeout_s=settings.assistant_model_timeout_seconds,
        answer_tokens=settings.assistant_model_answer_tokens,
        in_flight=settings.assistant_model_in_flight,
        per_incident=Limits(),
        per_hour=Limits(),
        per_day=Limits(
            settings.assistant_model_calls_per_day,
            settings.assistant_model_tokens_per_day,
            settings.assistant_model_money_per_day,
        ),
    )
    return WordingSettings(
        own,
        Limits(
            settings.assistant_model_calls_per_session, settings.assistant_model_tokens_per_session
        ),
        Limits(
            settings.assistant_model_calls_per_tenant,
            settings.assistant_model_tokens_per_tenant,
            settings.assistant_model_money_per_tenant,
        ),
        settings.assistant_model_least_seconds * 1000,
    )


def _crowded(model: ModelSettings) -> ModelSettings:
    return replace(model, in_flight=_HEDGED * model.in_flight)


class Meter:
    """A Watch that makes spans and metrics."""

    def __init__(self, metrics: Metrics, model: ModelSettings) -> None:
        self._metrics = metrics
        self._model = model
        parts = urlsplit(model.url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tenants = Tenants()
        self.smith: Wordsmith | None = None

    @contextmanager
    def calling(self, use: Use) -> Iterator[Call]:
        """A span and the time it takes."""
        call, model, began = Call(), self._model, time.monotonic()
        with spans.chat(model.model, use, self._host, self._port, model.answer_tokens) as span:
            try:
                yield call
            finally:
                span.set_attribute("gen_ai.usage.input_tokens", call.cost.tokens_in)
                span.set_attribute("gen_ai.usage.output_tokens", call.cost.tokens_out)
                span.set_attribute("groundswell.hedged", call.hedged)
                if call.error:
                    span.set_attribute("groundswell.outcome", call.error)
                self._metrics.observe(
                    "groundswell_assistant_model_seconds", time.monotonic() - began, use
                )
                if call.hedged:
                    self._metrics.add("groundswell_assistant_model_hedges_total", 1, use)

    def ended(self, use: Use, tenant: str, why: str, cost: Cost, *, cached: bool) -> None:
        """What became of it, and what the tenant pays."""
        add = self._metrics.add
        outcome = "cached" if cached else why or "used"
        add("groundswell_assistant_model_answers_total", 1, use, outcome)
        if cost.calls:
            name = self._tenants.label(tenant)
            add("groundswell_assistant_model_calls_total", cost.calls, name)
            add("groundswell_assistant_model_tokens_total", cost.tokens_in, name, "in")
            add("groundswell_assistant_model_tokens_total", cost.tokens_out, name, "out")
            add("groundswell_assistant_model_money_total", cost.money, name)
            self._day(name, tenant)
        self._breaker()

    def _day(self, name: str, tenant: str) -> None:
        # Those who share a name have no day of their own.
        if self.smith is not None and name == tenant:
            money = self.smith.today(tenant).money
            self._metrics.put("groundswell_assistant_model_day_money", money, name)

    def _breaker(self) -> None:
        state = self.smith.breaker_state if self.smith is not None else "closed"
        for name in _STATES:
            self._metrics.put("groundswell_assistant_model_breaker", name == state, name)


def count_reply(metrics: Metrics, reply: Reply) -> None:
    """One more turn has its answer."""
    intent = reply.intent or "none"
    metrics.add("groundswell_assistant_turns_total", 1, intent, reply.status)
    for what in {entry.partition(":")[0] for entry in reply.degraded}:
        metrics.add("groundswell_assistant_degraded_total", 1, what)
