"""Traces of OpenTelemetry: what is traced goes to a collector or the console, or nowhere.

Who makes spans uses OpenTelemetry's own interface or `streams.spans`; before `begin`, and with
otel_exporter none, both cost next to nothing and only pass a trace on that came from outside.
"""

import asyncio
import sys
import threading
from collections.abc import Sequence
from urllib.parse import urlsplit

import requests
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Status

from streams.settings import Settings, SettingsError
from streams.spans import may_leave

STOP_SECONDS = 2.0
"""What is not yet exported has so long at the end."""
_EXPORT_SECONDS = 2.0
_DELAY_MS = 1_000
_QUEUE = 4_096
"""Spans that wait for the collector; beyond that they are dropped, never waited for."""
_BATCH = 512
_PATH = "/v1/traces"


class Tracing:
    """What exports the spans of this process."""

    def __init__(self, provider: TracerProvider | None) -> None:
        self._provider = provider

    def stop(self) -> None:
        """Export what is left, for two seconds at most; safe to call twice."""
        if self._provider is None:
            return
        provider, self._provider = self._provider, None
        # Not the SDK's own patience: it waits half a minute for a collector that hangs.
        last = threading.Thread(target=provider.shutdown, name="last spans", daemon=True)
        last.start()
        last.join(STOP_SECONDS)

    async def close(self) -> None:
        """`stop`, while the loop goes on."""
        await asyncio.to_thread(self.stop)


def begin(settings: Settings, service: str, *, edge: bool = False) -> Tracing:
    """Trace this process, once in its life, as a service of this name such as `gateway`.

    `edge`: traces that begin outside are sampled like our own, for whoever asks us decides nothing.
    Raises SettingsError.
    """
    exporter = _exporter(settings)
    if exporter is None:
        return Tracing(None)
    ratio = TraceIdRatioBased(settings.otel_ratio)
    sampler = ParentBased(ratio, remote_parent_sampled=ratio) if edge else ParentBased(ratio)
    resource = Resource.create(
        {"service.namespace": "groundswell", "service.name": f"groundswell-{service}"}
    )
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(
            Discreet(exporter),
            max_queue_size=_QUEUE,
            schedule_delay_millis=_DELAY_MS,
            max_export_batch_size=_BATCH,
        )
    )
    trace.set_tracer_provider(provider)
    return Tracing(provider)


class Discreet(SpanExporter):
    """Lets out what `streams.spans` names, and nothing else: an error quotes what it failed on."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Pass them on."""
        return self._inner.export([_bare(span) for span in spans])

    def shutdown(self) -> None:
        """Pass it on."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Pass it on."""
        return self._inner.force_flush(timeout_millis)


def _bare(span: ReadableSpan) -> ReadableSpan:
    """Without events, descriptions and unknown attributes."""
    return ReadableSpan(
        name=span.name,
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes={
            name: value for name, value in (span.attributes or {}).items() if may_leave(name, value)
        },
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )


def _exporter(settings: Settings) -> SpanExporter | None:
    if settings.otel_exporter == "none":
        return None
    if settings.otel_exporter == "console":
        return ConsoleSpanExporter(out=sys.stderr, formatter=_line)
    session = requests.Session()
    # Neither proxies nor logins of the environment, and no going elsewhere.
    session.trust_env = False
    session.max_redirects = 0
    return OTLPSpanExporter(
        endpoint=_address(settings.otel_endpoint), timeout=_EXPORT_SECONDS, session=session
    )


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"


def _address(endpoint: str) -> str:
    """Where spans are sent; an address without a path is a collector's."""
    try:
        parts = urlsplit(endpoint)
        well = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        well = False
    if not well or parts.username is not None or parts.query or parts.fragment:
        raise SettingsError(
            "setting otel_endpoint: it is http://HOST:PORT or https://..., without a login in it"
        )
    return endpoint if parts.path.strip("/") else endpoint.rstrip("/") + _PATH
