"""Handlers of a question about a patient: what the record says, and what leaves after a yes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from aiohttp import web

from edge.consult import Consent, Draft, Gateway, Outcome, Taken, ask, pieces
from edge.device import Device
from edge.page.asked import T, answer, aside, language, told
from edge.page.drafts import Drafts, Kept
from edge.page.gate import Session, session
from schemas.records import Line, Secret


class _Question(Secret, frozen=True):
    question: str


class _Hidden(msgspec.Struct):
    hidden: frozenset[int]


class _Yes(msgspec.Struct):
    digest: str


class _Piece(Secret, frozen=True, omit_defaults=True):
    """`number`, `kind`: of the doubt that stands there; `hidden`: its mark does, not the words."""

    text: str
    number: int | None = None
    kind: str = ""
    hidden: bool = False


class _Shown(Secret, frozen=True):
    """A draft as a person sees it: the pieces, joined, are the text that would leave."""

    pieces: tuple[_Piece, ...]
    taken: tuple[Taken, ...]
    digest: str


class _Found(Secret, frozen=True):
    """`general`: it may be asked outside; `draft` None: not from here, or it may not."""

    lines: tuple[Line, ...]
    general: bool
    draft: _Shown | None


class _Told(Secret, frozen=True):
    """What came of a yes."""

    outcome: Outcome
    text: str = ""
    sources: tuple[str, ...] = ()


class Asking:
    """What would leave is made and kept here; the browser shows it and says yes to its digest."""

    def __init__(self, device: Device, gateway: Gateway | None) -> None:
        self._device, self._vault, self._gateway = device, device.vault, gateway
        self._drafts = Drafts(device.vault)

    def routes(self) -> list[web.RouteDef]:
        """All of its own."""
        one = "/api/patients/{id}"
        return [
            web.post(f"{one}/ask", self._ask),
            web.post(f"{one}/draft", self._hide),
            web.post(f"{one}/draft/drop", self._drop),
            web.post(f"{one}/draft/send", self._send),
        ]

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        said, name, mine = await _of(request, _Question)

        def look() -> _Found:
            self._drafts.take(mine)
            locked = self._drafts.locked
            draft = self._device.draft(said.question, name, language(request))
            general = bool(draft.body)
            if not general or self._gateway is None:
                return _Found(draft.lines, general, None)
            self._drafts.keep(mine, Kept(name, draft), locked)
            return _Found(draft.lines, general, _shown(draft))

        return answer(await aside(look))

    async def _hide(self, request: web.Request) -> web.StreamResponse:
        said, name, mine = await _of(request, _Hidden)

        def change() -> _Shown:
            self._vault.patients.get(name)
            return _shown(self._drafts.hide(mine, name, said.hidden))

        return answer(await aside(change))

    async def _drop(self, request: web.Request) -> web.StreamResponse:
        self._drafts.take(session(request))
        return answer({})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        said, name, mine = await _of(request, _Yes)
        return answer(await aside(lambda: self._sent(mine, name, said.digest)))

    def _sent(self, mine: Session, name: str, digest: str) -> _Told:
        """Whatever comes of it, the draft is gone: each yes is for one question."""
        locked = self._drafts.locked
        kept = self._drafts.take(mine)
        who = self._vault.patients.get(name).id
        if kept is None or kept.patient != who or self._gateway is None:
            return _Told("no consent")
        draft = kept.draft
        consent = Consent(draft) if digest == draft.digest else None
        by_hand = f"by-hand:{len(draft.hidden)}"
        # The vault is free while the child waits.
        made = ask(
            draft, consent, self._gateway,
            lambda of: self._vault.audit.add("asked", who, of, by_hand),
        )  # fmt: skip
        self._drafts.check(locked)
        return _Told(made.outcome, made.text, made.sources)


async def _of(request: web.Request, kind: type[T]) -> tuple[T, str, Session]:
    """What was sent, the patient's id, and the session."""
    return await told(request, kind), request.match_info["id"], session(request)


def _shown(draft: Draft) -> _Shown:
    return _Shown(tuple(_pieces(draft)), draft.taken, draft.digest)


def _pieces(draft: Draft) -> Iterator[_Piece]:
    for text, number in pieces(draft):
        if number is not None:
            yield _Piece(text, number, draft.doubts[number].kind, number in draft.hidden)
        elif text:
            yield _Piece(text)
