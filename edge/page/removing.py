"""Handlers of what has no way back: a document or a patient deleted, two patients made one."""

from __future__ import annotations

import msgspec
from aiohttp import web

from edge.device import Device
from edge.page.asked import answer, aside, language, told


class _Gone(msgspec.Struct):
    gone: str


class Removing:
    """The page asks the person first, and says what goes."""

    def __init__(self, device: Device) -> None:
        self._device, self._vault = device, device.vault

    def routes(self) -> list[web.RouteDef]:
        """All of its own."""
        return [
            web.get("/api/patients/{id}/held", self._held),
            web.post("/api/patients/{id}/delete", self._delete_patient),
            web.post("/api/patients/{id}/merge", self._merge),
            web.post("/api/documents/{id}/delete", self._delete_document),
        ]

    async def _held(self, request: web.Request) -> web.StreamResponse:
        """How much there is of a patient."""
        name = request.match_info["id"]

        def count() -> dict[str, int]:
            one = self._vault.patients.get(name).id
            documents, reminders = self._vault.documents.list(one), self._vault.reminders.of(one)
            return {"documents": len(documents), "reminders": len(reminders)}

        return answer(await aside(count))

    async def _delete_patient(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        await aside(lambda: self._vault.patients.delete(name))
        return answer({})

    async def _merge(self, request: web.Request) -> web.StreamResponse:
        name, said = request.match_info["id"], await told(request, _Gone)
        return answer(await aside(lambda: self._device.merge(name, said.gone, language(request))))

    async def _delete_document(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        await aside(lambda: self._device.delete_document(name, language(request)))
        return answer({})
