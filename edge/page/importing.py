"""Handlers of what comes in: a file as it is, or pasted text."""

from __future__ import annotations

import asyncio
from typing import NamedTuple
from urllib.parse import unquote

import msgspec
from aiohttp import web

from edge.device import Device
from edge.errors import Unfit
from edge.importing import Imported, read, read_pasted
from edge.importing.errors import TooBig
from edge.importing.imported import REMARKS
from edge.importing.intake import Intake, Taken
from edge.importing.reading import MOST_BYTES
from edge.page.asked import answer, aside, language, told
from schemas.records import DateText, is_date

_MOST_NAME = 200


class _Pasted(msgspec.Struct):
    text: str
    patient: str = ""
    sure: bool = False
    date: DateText = ""


class _Said(NamedTuple):
    """Whose and of when it is said to be. `sure`: though it names somebody else."""

    patient: str
    sure: bool
    date: DateText


class Importing:
    """One after the other: whether a document is new depends on the one before."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._intake = Intake(device.vault, device.rules.read, device.rules.version)
        self._turn = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """All of its own."""
        return [web.post("/api/import", self._file), web.post("/api/paste", self._paste)]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Bytes; the file's name and the patient's id in headers, not in the address."""
        try:
            content = await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise TooBig("bytes") from None
        if len(content) > MOST_BYTES:
            raise TooBig("bytes")
        name = unquote(request.headers.get("X-Name", ""))[:_MOST_NAME]
        headers = request.headers
        date = headers.get("X-Date", "")
        if date and not is_date(date):
            raise Unfit("日期如 2026-05-31", "a day is 2026-05-31")
        said = _Said(headers.get("X-Patient", ""), "X-Sure" in headers, date)
        await aside(self._check)
        return await self._keep(request, await aside(lambda: read(content, name)), content, said)

    async def _paste(self, request: web.Request) -> web.StreamResponse:
        pasted = await told(request, _Pasted)
        said = _Said(pasted.patient, pasted.sure, pasted.date)
        return await self._keep(request, await aside(lambda: read_pasted(pasted.text)), None, said)

    def _check(self) -> None:
        """Nothing is read for nobody. Raises Locked."""
        self._device.vault.patients.count()

    async def _keep(
        self, request: web.Request, imported: Imported, original: bytes | None, said: _Said
    ) -> web.StreamResponse:
        def keep() -> Taken:
            taken = self._intake.take(imported, original, **said._asdict())
            self._device.remind(taken.patient, language(request))
            return taken

        async with self._turn:
            taken = await aside(keep)
        at = 0 if language(request) == "zh" else 1
        remarks = [REMARKS[one][at] for one in taken.remarks]
        return answer({**taken._asdict(), "remarks": remarks})
