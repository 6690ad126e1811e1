"""/healthz, /readyz and /metrics on one port."""

from aiohttp import web

from sinks.listener import Listener
from streams.liveness import Liveness
from streams.metrics import Metrics


class HealthServer:
    """`/healthz` 503: restart me. `/readyz` 503: not yet, or not any more. `/metrics`: text.

    `setting`: the one that holds its port.
    """

    def __init__(self, liveness: Liveness, metrics: Metrics, setting: str = "port") -> None:
        self._liveness = liveness
        self._metrics = metrics
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._serve_metrics)
        self._listener = Listener(app, setting)

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises CannotListen."""
        return await self._listener.start(host, port)

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        await self._listener.stop()

    async def _healthz(self, _: web.Request) -> web.Response:
        trouble = self._liveness.trouble()
        return web.json_response(
            {"alive": not trouble, "trouble": trouble}, status=503 if trouble else 200
        )

    async def _readyz(self, _: web.Request) -> web.Response:
        ready = self._liveness.ready and not self._liveness.trouble()
        return web.json_response({"ready": ready}, status=200 if ready else 503)

    async def _serve_metrics(self, _: web.Request) -> web.Response:
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=self._metrics.text(), headers=headers)
