"""Hands what is new to every page that listens; one that reads too slowly is let go."""

import asyncio
from collections import deque
from typing import NamedTuple

QUEUE = 256
"""Events that wait for one page at most."""
PAGES = 64
"""Pages that listen at most."""
KEPT = 1_000
"""Events kept for a page that comes back."""


class Crowded(Exception):
    """Too many pages listen already: try again later."""


class Event(NamedTuple):
    """One server-sent event; without an `id` it is not repeated to who missed it."""

    name: str
    data: bytes = b"{}"
    id: str = ""

    def frame(self) -> bytes:
        """Its form on the wire; `data` is one line, as JSON is."""
        head = f"id: {self.id}\n" if self.id else ""
        return f"{head}event: {self.name}\ndata: ".encode() + self.data + b"\n\n"


RESET = Event("reset")
"""Forget what you have and ask for the whole list."""


class Page:
    """One that listens."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[Event] = asyncio.Queue(QUEUE)
        self.gone = asyncio.Event()

    def give(self, event: Event) -> bool:
        """Whether there was room."""
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.gone.set()
            return False
        return True


class Hub:
    """`run` names this process, so that the ids of another one are not taken for ours."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._number = 0
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._latest: dict[str, Event] = {}
        self._pages: set[Page] = set()

    def __len__(self) -> int:
        """Pages that listen."""
        return len(self._pages)

    def publish(self, name: str, data: bytes) -> None:
        """To everybody, and to those who come back."""
        self._number += 1
        event = Event(name, data, f"{self._run}-{self._number}")
        self._kept.append(event)
        self._give(event)

    def show(self, name: str, data: bytes) -> None:
        """To everybody; who comes later is told the latest one of this name only."""
        event = self._latest[name] = Event(name, data)
        self._give(event)

    def reset(self) -> None:
        """Everybody is to ask for the whole list again."""
        self._kept.clear()
        # Who was away has not seen it: no id of before may count as the last one.
        self._number += 1
        self._give(RESET)

    def _give(self, event: Event) -> None:
        for page in [page for page in self._pages if not page.give(event)]:
            self._pages.discard(page)

    def join(self, last_id: str) -> Page:
        """A page, with what it missed since `last_id`; all anew if that is not known.

        Raises Crowded.
        """
        if len(self._pages) >= PAGES:
            raise Crowded
        page = Page()
        for event in [*self._missed(last_id), *self._latest.values()]:
            page.give(event)
        if not page.gone.is_set():
            self._pages.add(page)
        return page

    def _missed(self, last_id: str) -> list[Event]:
        if last_id == f"{self._run}-{self._number}":
            return []
        kept = list(self._kept)
        places = [n for n, event in enumerate(kept, 1) if event.id == last_id]
        missed = kept[places[0] :] if places else []
        # More than would fit: to list everything is less.
        return missed if places and len(missed) < QUEUE // 2 else [RESET]

    def leave(self, page: Page) -> None:
        """It listens no more."""
        self._pages.discard(page)

    def close(self) -> None:
        """Let every page go."""
        for page in self._pages:
            # Something to wake it from waiting.
            page.give(RESET)
            page.gone.set()
        self._pages.clear()
