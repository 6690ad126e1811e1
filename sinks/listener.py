"""An HTTP server of ours on one port."""

import ssl
from typing import Any

from aiohttp import web

from sinks.errors import CannotListen

_KEEPALIVE = 15.0


class Listener:
    """`setting`: what an operator is told to set if the port is taken.

    `shutdown_seconds`: what is being answered has so long to end. `handling`: more
    options of aiohttp's request handler.
    """

    def __init__(
        self,
        app: web.Application,
        setting: str,
        shutdown_seconds: float = 2.0,
        tls: ssl.SSLContext | None = None,
        **handling: Any,
    ) -> None:
        self._setting = setting
        self._tls = tls
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=_KEEPALIVE,
            shutdown_timeout=shutdown_seconds,
            **handling,
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises CannotListen."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port, ssl_context=self._tls).start()
        except OSError as error:
            await self.stop()
            reason = error.strerror or error
            raise CannotListen(
                f"cannot listen on {host}:{port} ({reason}); set {self._setting}"
            ) from None
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        await self._runner.cleanup()
