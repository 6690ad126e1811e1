"""A collector of traces for the tests: OTLP over real HTTP, and ways in which it can misbehave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, NamedTuple

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

Way = Literal["well", "hangs", "busy", "elsewhere"]


class Got(NamedTuple):
    """A span as it arrived; ids in hexadecimal digits."""

    service: str
    name: str
    kind: int
    trace: str
    id: str
    parent: str
    attributes: dict[str, object]
    events: int
    status: int
    message: str


class Collector:
    """`spans` in the order of their coming; `bodies`: the bytes they came in."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self.spans: list[Got] = []
        self.bodies: list[bytes] = []
        self.asked = 0
        self.url = ""
        self.over = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        """One export."""
        self.asked += 1
        if self._way == "hangs":
            await self.over.wait()
        if self._way == "busy":
            return web.Response(status=503)
        if self._way == "elsewhere":
            return web.Response(status=307, headers={"location": f"{self.url}/stolen"})
        body = await request.read()
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self.spans.append(
                        Got(
                            names["service.name"],
                            span.name,
                            span.kind,
                            span.trace_id.hex(),
                            span.span_id.hex(),
                            span.parent_span_id.hex(),
                            {
                                one.key: getattr(one.value, one.value.WhichOneof("value"))
                                for one in span.attributes
                            },
                            len(span.events),
                            span.status.code,
                            span.status.message,
                        )
                    )
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(),
            content_type="application/x-protobuf",
        )


@asynccontextmanager
async def collector(way: Way = "well") -> AsyncIterator[Collector]:
    """A collector on a free port of this machine."""
    one = Collector(way)
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/traces", one.handle)
    app.router.add_route("*", "/stolen", one.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    one.url = f"http://{host}:{port}"
    try:
        yield one
    finally:
        one.over.set()
        await runner.cleanup()
