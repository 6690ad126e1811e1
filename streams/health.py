"""/healthz, /readyz and /metrics on one port."""

from aiohttp import web

from streams.errors import OperatorError
from streams.liveness import Liveness
from streams.metrics import Metrics


class PortTaken(OperatorError):
    """Choose another port."""


class HealthServer:
    """`/healthz` 503: restart me. `/readyz` 503: not yet, or not any more. `/metrics`: text."""

    def __init__(self, liveness: Liveness, metrics: Metrics) -> None:
        self._liveness = liveness
        self._metrics = metrics
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises PortTaken."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._serve_metrics)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            reason = error.strerror or error
            raise PortTaken(f"cannot listen on {host}:{port} ({reason}); set port") from None
        address = self._runner.addresses[0]
        return int(address[1])

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

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
