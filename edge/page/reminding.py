"""Handlers of what is to be checked, of one patient or of all."""

from __future__ import annotations

import msgspec
from aiohttp import web

from edge.device import Device
from edge.page.asked import answer, aside, language, told
from schemas.records import DateText, Patient, Reminder

MOST_DUE = 200
"""Reminders of all patients that are told at once; as many more are asked for by a button."""

_DIGITS = 6


class _Due(msgspec.Struct):
    """With whose it is."""

    reminder: Reminder
    patient: Patient


class _Changed(msgspec.Struct):
    due: DateText
    what: str
    why: str = ""
    every_days: int | None = None


class _New(msgspec.Struct):
    patient: str
    due: DateText
    what: str
    why: str = ""


class _Day(msgspec.Struct):
    day: DateText = ""


class _Until(msgspec.Struct):
    until: DateText = "9999"
    patient: str = ""


class Reminding:
    """What a person changed stays as it is."""

    def __init__(self, device: Device) -> None:
        self._device, self._vault = device, device.vault

    def routes(self) -> list[web.RouteDef]:
        """All of its own."""
        one = "/api/reminders/{id}"
        return [
            web.get("/api/reminders", self._list),
            web.post("/api/reminders", self._write),
            web.post("/api/reminders/calendar", self._calendar),
            web.get("/api/patients/{id}/words", self._words),
            web.post(one, self._change),
            web.post(f"{one}/done", self._done),
            web.post(f"{one}/remove", self._remove),
        ]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        most = request.query.get("most", "")
        shown = int(most) if most.isdecimal() and len(most) < _DIGITS else MOST_DUE

        def look() -> dict[str, object]:
            found = self._vault.reminders.due("9999", shown + 1)
            first = found[:shown]
            whose = {one: self._vault.patients.get(one) for one in {r.patient for r in first}}
            rows = [_Due(one, whose[one.patient]) for one in first]
            return {"due": rows, "more": len(found) > shown}

        return answer(await aside(look))

    async def _write(self, request: web.Request) -> web.StreamResponse:
        said = await told(request, _New)
        return answer(
            await aside(
                lambda: self._device.write_reminder(said.patient, said.due, said.what, said.why)
            )
        )

    async def _change(self, request: web.Request) -> web.StreamResponse:
        said, name = await told(request, _Changed), request.match_info["id"]
        return answer(
            await aside(
                lambda: self._device.change_reminder(
                    name, said.due, said.what, said.why, said.every_days
                )
            )
        )

    async def _done(self, request: web.Request) -> web.StreamResponse:
        day = (await told(request, _Day)).day or self._device.today()
        name = request.match_info["id"]
        return answer(await aside(lambda: self._device.finish_reminder(name, day)))

    async def _remove(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        await aside(lambda: self._vault.reminders.remove(name))
        return answer({})

    async def _words(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        words = await aside(lambda: self._device.words(name, language(request)))
        return answer(words._asdict())

    async def _calendar(self, request: web.Request) -> web.StreamResponse:
        said = await told(request, _Until)
        made = await aside(lambda: self._device.calendar(said.until, said.patient))
        return web.Response(body=made, content_type="text/calendar", charset="utf-8")
