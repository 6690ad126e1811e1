"""Handlers of the door: the link, the passphrase, the lock."""

from __future__ import annotations

import msgspec
from aiohttp import web

from edge.device import Device
from edge.page.asked import answer, aside, told
from edge.page.gate import Gate, cookie_name, refusal


class _Word(msgspec.Struct):
    word: str


class _Passphrase(msgspec.Struct):
    passphrase: str
    user: str = ""


class Entering:
    """Until the passphrase is right there is nothing else to see."""

    def __init__(self, device: Device, gate: Gate) -> None:
        self._device, self._vault, self._gate = device, device.vault, gate

    def routes(self) -> list[web.RouteDef]:
        """All of its own."""
        return [
            web.post("/api/enter", self._enter),
            web.get("/api/state", self._state),
            web.post("/api/unlock", self._unlock),
            web.post("/api/lock", self._lock),
            web.post("/api/awake", self._awake),
        ]

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        halves = self._gate.enter((await told(request, _Word)).word)
        if halves is None:
            return refusal(401, "NoSession", "this link was used already, or is not the one")
        response = answer({"half": halves[1]})
        response.set_cookie(
            cookie_name(request), halves[0], path="/api", httponly=True, samesite="Strict"
        )
        return response

    async def _state(self, _: web.Request) -> web.StreamResponse:
        return answer(
            {
                "locked": self._vault.locked,
                "user": self._vault.user,
                "users": self._vault.users,
                "idle_ms": self._vault.idle_ms,
                "today": self._device.today(),
                "version": self._device.rules.version,
            }
        )

    async def _unlock(self, request: web.Request) -> web.StreamResponse:
        said = await told(request, _Passphrase)
        await aside(lambda: self._vault.unlock(said.passphrase, said.user))
        return await self._state(request)

    async def _lock(self, request: web.Request) -> web.StreamResponse:
        await aside(self._vault.lock)
        return await self._state(request)

    async def _awake(self, request: web.Request) -> web.StreamResponse:
        """Somebody reads on, and asks for nothing new. Raises Locked."""
        await aside(lambda: self._vault.preferences.get("awake"))
        return await self._state(request)
