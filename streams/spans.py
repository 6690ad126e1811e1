"""Spans of the assistant, with the names that OpenTelemetry gives such things, and no text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from agents.privacy import redact

Value: TypeAlias = str | int | float | bool
PARENT, STATE = "traceparent", "tracestate"
"""Headers that carry a trace, of HTTP and of Kafka."""

_tracer = trace.get_tracer("groundswell")
propagator = TraceContextTextMapPropagator()
_NONE = nullcontext(trace.INVALID_SPAN)
"""Nobody wants spans, and no trace came from outside."""
_CODE = re.compile(r"[\w./:{}<>-]{0,80}", re.ASCII)
_ATTRIBUTES = frozenset(
    f"{space}.{name}"
    for space, names in {
        "http": "request.method response.status_code route",
        "url": "scheme",
        "network": "protocol.name",
        "error": "type",
        "server": "address port",
        "messaging": (
            "system operation.name operation.type destination.name destination.partition.id "
            "consumer.group.name client.id kafka.offset kafka.message.tombstone batch.message_count"
        ),
        "gen_ai": (
            "operation.name provider.name request.model request.max_tokens output.type tool.name "
            "tool.type usage.input_tokens usage.output_tokens"
        ),
        "groundswell": (
            "tenant intent status outcome degraded flow use hedged stage lang cached late repeated"
        ),
    }.items()
    for name in names.split()
)


def may_leave(name: str, value: object) -> bool:
    """Whether this attribute may leave the process: a known one, that is a number or a code."""
    if name not in _ATTRIBUTES:
        return False
    if isinstance(value, int | float):
        return True
    return isinstance(value, str) and _CODE.fullmatch(value) is not None and redact(value) == value


def wanted() -> bool:
    """Whether anybody in this process collects spans."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def span(
    name: str,
    attributes: Mapping[str, Value],
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
) -> AbstractContextManager[Span]:
    """A span around something; an error leaves its kind in it, and goes on."""
    if parent is None and not wanted():
        return _NONE
    return _span(name, attributes, kind, parent)


@contextmanager
def _span(
    name: str, attributes: Mapping[str, Value], kind: SpanKind, parent: Context | None
) -> Iterator[Span]:
    with _tracer.start_as_current_span(
        name,
        context=parent,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as one:
        try:
            yield one
        except BaseException as error:
            fail(one, type(error).__name__)
            raise


def fail(one: Span, code: str) -> None:
    """It did not go well."""
    one.set_attribute("error.type", code)
    one.set_status(Status(StatusCode.ERROR))


def process(
    topic: str, partition: int, offset: int, group: str, headers: Iterable[tuple[str, bytes]]
) -> AbstractContextManager[Span]:
    """Around what is done with a message; `headers`: its own."""
    attributes = _messaging("process", topic) | {
        "messaging.destination.partition.id": str(partition),
        "messaging.kafka.offset": offset,
        "messaging.consumer.group.name": group,
    }
    parent = extract(headers)
    return span(f"process {topic}", attributes, kind=SpanKind.CONSUMER, parent=parent)


def tool(name: str) -> AbstractContextManager[Span]:
    """Around a tool; set `groundswell.outcome` inside."""
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function",
    }
    return span(f"execute_tool {name}", attributes)


def chat(model: str, use: str, host: str, port: int, tokens: int) -> AbstractContextManager[Span]:
    """Around a question to a language model."""
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": tokens,
        "gen_ai.output.type": "json",
        "server.address": host,
        "server.port": port,
        "groundswell.use": use,
    }
    return span(f"chat {model}", attributes, kind=SpanKind.CLIENT)


def extract(headers: Iterable[tuple[str, bytes]]) -> Context | None:
    """The trace in the headers of a message; None if they have none that is one."""
    carried = {
        name: value.decode("ascii", "replace")
        for name, value in headers
        if name in (PARENT, STATE) and value
    }
    if PARENT not in carried:
        return None
    context = propagator.extract(carried, context=Context())
    return context if trace.get_current_span(context).get_span_context().is_valid else None


def _messaging(operation: str, topic: str) -> dict[str, Value]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
    }
