"""One trace from HTTP through Kafka to every tool: W3C trace context in and out."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.trace import INVALID_SPAN, Span, SpanKind

from streams import spans

_KEY = r"(?:[a-z][a-z0-9_*/-]{0,127}|[a-z0-9][a-z0-9_*/-]{0,127}@[a-z][a-z0-9_*/-]{0,13})"
_MEMBER = rf"{_KEY}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{{0,255}}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
# What is longer or none may be dropped by W3C's rules; OpenTelemetry would write it into the log.
_MOST = 512
_FORMS = {
    spans.PARENT: re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
    spans.STATE: re.compile(rf"{_MEMBER}(?:,{_MEMBER}){{0,31}}"),
}


def carried(headers: Mapping[str, str]) -> dict[str, str]:
    """What a request brings of its trace, and nothing else of it."""
    return {
        name: found
        for name, form in _FORMS.items()
        if len(found := headers.get(name, "")) <= _MOST and form.fullmatch(found)
    }


@contextmanager
def spanned(name: str, brought: Mapping[str, str]) -> Iterator[tuple[Span, dict[str, str]]]:
    """A span, and the headers that carry it on; empty ones if nobody traces."""
    if not brought and not spans.wanted():
        yield INVALID_SPAN, {}
        return
    parent = spans.propagator.extract(brought) if brought else None
    passed: dict[str, str] = {}
    with spans.span(name, {}, kind=SpanKind.SERVER, parent=parent) as span:
        spans.propagator.inject(passed)
        yield span, passed
