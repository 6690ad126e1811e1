"""The page's server: on loopback only, for as long as `groundswell-edge open` runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import web

from agents.records.errors import RecordsError
from edge.consult import Gateway
from edge.device import Device
from edge.errors import (
    Busy,
    CannotListen,
    EdgeError,
    Locked,
    Unfit,
    Unknown,
    Wait,
    WrongPassphrase,
)
from edge.importing.errors import Refused
from edge.importing.reading import MOST_BYTES
from edge.page.asking import Asking
from edge.page.assets import Assets
from edge.page.entering import Entering
from edge.page.gate import Gate, Handler, add_headers, refusal
from edge.page.importing import Importing
from edge.page.reading import Reading
from edge.page.reminding import Reminding
from edge.page.removing import Removing

HOST = "127.0.0.1"
LOOK_SECONDS = 1.0
"""How often it is asked whether nobody has used the vault for too long."""
_STATUS: tuple[tuple[type[EdgeError], int], ...] = (
    (Locked, 423),
    (WrongPassphrase, 403),
    (Wait, 429),
    (Unknown, 404),
    (Busy, 409),
)
_UNFIT = 422


class Page:
    """Serves one vault, which may be locked. `gateway` None: nothing can be asked outside."""

    def __init__(
        self, device: Device, random: Callable[[int], bytes], gateway: Gateway | None = None
    ) -> None:
        self.gate = Gate(random)
        self._vault = device.vault
        silent = logging.Logger("page")
        silent.addHandler(logging.NullHandler())
        # Neither addresses nor what a browser sends by mistake belong in a log.
        self._runner = web.AppRunner(
            _app(device, self.gate, gateway), access_log=None, logger=silent, shutdown_timeout=1.0,
            # No browser packs what it sends; what somebody else packs may be a bomb.
            auto_decompress=False,
        )  # fmt: skip
        self._watch: asyncio.Task[None] | None = None

    async def start(self, port: int = 0) -> str:
        """Listen; the link, which opens once. Raises CannotListen."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, port).start()
        except OSError as error:
            await self.stop()
            raise CannotListen(f"port {port}: {error.strerror}; take another --port") from None
        self._watch = asyncio.create_task(self._look())
        return f"http://{HOST}:{self._runner.addresses[0][1]}/#{self.gate.word}"

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._runner.cleanup()

    async def _look(self) -> None:
        # Asking is what closes it.
        while True:
            await asyncio.to_thread(lambda: self._vault.locked)
            await asyncio.sleep(LOOK_SECONDS)


def _app(device: Device, gate: Gate, gateway: Gateway | None) -> web.Application:
    app = web.Application(middlewares=[_tell, gate.check], client_max_size=MOST_BYTES + 1)
    app.on_response_prepare.append(add_headers)
    assets = Assets()
    app.router.add_get("/", assets.index)
    app.router.add_get("/static/{name:.+}", assets.static)
    for part in (
        Entering(device, gate), Reading(device), Importing(device), Reminding(device),
        Removing(device), Asking(device, gateway),
    ):  # fmt: skip
        app.router.add_routes(part.routes())
    return app


@web.middleware
async def _tell(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors as answers; what is a mistake of ours says its kind, for its message may say more."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Refused as error:
        more = {"reason": error.reason, "zh": error.zh, "en": error.en}
        return refusal(_UNFIT, type(error).__name__, str(error), **more)
    except Unfit as error:
        return refusal(_UNFIT, type(error).__name__, str(error), zh=error.zh, en=error.en)
    except EdgeError as error:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), _UNFIT)
        seconds = {"seconds": error.seconds} if isinstance(error, Wait) else {}
        return refusal(status, type(error).__name__, str(error), **seconds)
    except RecordsError as error:
        return refusal(500, type(error).__name__, "the rules cannot be used")
    except Exception as error:
        return refusal(500, "Mistake", type(error).__name__)
