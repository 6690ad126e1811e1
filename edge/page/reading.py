"""Handlers of what is read: patients, a patient's page, documents, the search."""

from __future__ import annotations

import msgspec
from aiohttp import web

from edge.device import Device
from edge.errors import Unfit
from edge.page.asked import answer, aside, language, told
from edge.vault import Hit
from schemas.records import DateText, Patient, Sex

MOST_SHOWN = 60
"""Patients of a list; who is not among them is found by more letters."""
MOST_FOUND = 20
"""Documents of a search; more words find fewer."""
_MOST_ASKED = 200


class _Words(msgspec.Struct):
    words: str
    patient: str = ""


class _Person(msgspec.Struct):
    name: str
    sex: Sex = "unknown"
    birth: DateText = ""
    number: str = ""
    sure: bool = False


class _Found(msgspec.Struct):
    """A hit, with whose it is."""

    hit: Hit
    name: str


class Reading:
    """What asks for words is posted, so that none of them stands in an address."""

    def __init__(self, device: Device) -> None:
        self._device, self._vault = device, device.vault

    def routes(self) -> list[web.RouteDef]:
        """All of its own."""
        return [
            web.post("/api/patients", self._patients),
            web.post("/api/patients/new", self._add),
            web.get("/api/patients/{id}", self._patient),
            web.post("/api/patients/{id}/printed", self._printed),
            web.post("/api/search", self._search),
            web.get("/api/documents/{id}", self._document),
        ]

    async def _patients(self, request: web.Request) -> web.StreamResponse:
        said = await told(request, _Words)
        found = await aside(
            lambda: self._vault.patients.list(said.words[:_MOST_ASKED], MOST_SHOWN + 1)
        )
        total = await aside(self._vault.patients.count)
        more = len(found) > MOST_SHOWN
        return answer({"patients": found[:MOST_SHOWN], "more": more, "total": total})

    async def _add(self, request: web.Request) -> web.StreamResponse:
        """A new patient, or those who may be the same one."""
        said = await told(request, _Person)

        def add() -> dict[str, object]:
            patients = self._vault.patients
            alike = patients.alike(said.name, birth=said.birth, number=said.number)
            if alike and not said.sure:
                return {"alike": alike}
            made: Patient = patients.add(
                said.name.strip(), sex=said.sex, birth=said.birth, number=said.number.strip()
            )
            return {"patient": made}

        return answer(await aside(add))

    async def _patient(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        return answer(await aside(lambda: self._device.view(name, language(request))))

    async def _printed(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]

        def note() -> None:
            self._vault.audit.add("printed", self._vault.patients.get(name).id)

        await aside(note)
        return answer({})

    async def _search(self, request: web.Request) -> web.StreamResponse:
        said = await told(request, _Words)
        if len(said.words) > _MOST_ASKED:
            raise Unfit(f"最多 {_MOST_ASKED} 个字符", f"at most {_MOST_ASKED} characters")

        def look() -> dict[str, object]:
            found = self._vault.search(said.words, patient=said.patient, limit=MOST_FOUND + 1)
            hits = found[:MOST_FOUND]
            names = {one: self._vault.patients.get(one).name for one in {h.patient for h in hits}}
            shown = [_Found(hit, names[hit.patient]) for hit in hits]
            return {"hits": shown, "more": len(found) > MOST_FOUND}

        return answer(await aside(look))

    async def _document(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        return answer(await aside(lambda: self._vault.documents.get(name)))
