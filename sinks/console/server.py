"""The console's server: the page, what it asks for, and the stream of what is new."""

import asyncio
import secrets

import msgspec
from aiohttp import web

from schemas.topics import COMMANDS, INCIDENTS
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.console.guard import Guard, add_headers, refusal
from sinks.console.health import Health
from sinks.console.hub import Crowded, Hub, Page
from sinks.console.pages import Pages
from sinks.console.state import Brief, State
from sinks.console.telling import ACTIONS, Misspoken, Teller, command_of
from sinks.console.watch import Watch
from sinks.errors import CannotRead, DeliveryFailed
from sinks.feed import Feed
from sinks.listener import Listener

LARGEST_POST = 16_384
"""Bytes."""
LOOK_SECONDS = 5.0
HEARTBEAT_SECONDS = 15.0
SLOW_SECONDS = 10.0
"""A page that takes nothing for so long is let go."""
BURST = 100
"""Incidents that come at once; beyond, pages are told to ask for the whole list."""
_PAUSE = 2.0
"""Seconds until Kafka is tried again."""

encode = msgspec.json.encode


class Console:
    """Reads `incidents` and the health of the stream of one installation, and serves them."""

    def __init__(self, cluster: Cluster, prefix: str, group_id: str, guard: Guard) -> None:
        self._cluster = cluster
        self._topic = prefix + INCIDENTS
        self._watch = Watch(cluster, prefix, group_id)
        self._teller = Teller(cluster, prefix + COMMANDS)
        self._guard = guard
        self._state = State()
        self._hub = Hub(secrets.token_hex(4))
        self._caught_up = False
        self._untold = True
        self._unread = ""
        self._health = Health(state="starting")
        self._listener = Listener(self._app(), "--port")
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, host: str, port: int) -> int:
        """Listen, and begin to read; the port that was taken. Raises CannotListen."""
        taken = await self._listener.start(host, port)
        self._tasks = [asyncio.create_task(work) for work in (self._follow(), self._look())]
        return taken

    async def stop(self) -> None:
        """Let go of everything; safe to call twice."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._hub.close()
        await self._listener.stop()
        await self._watch.stop()
        await self._teller.stop()

    async def failed(self) -> None:
        """Return never; raises what ended one of the readers, which is a mistake of ours."""
        # Not gather, which would cancel them a second time before `stop` does.
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard.check], client_max_size=LARGEST_POST)
        app.on_response_prepare.append(add_headers)
        pages = Pages()
        one = "/api/incidents/{id}"
        app.router.add_get("/", pages.index)
        app.router.add_get("/login", pages.login)
        app.router.add_get("/static/{name:.+}", pages.static)
        app.router.add_post("/api/login", self._guard.login)
        app.router.add_get("/api/incidents", self._list)
        app.router.add_get(one, self._one)
        app.router.add_post(f"{one}/{{action:{'|'.join(ACTIONS)}}}", self._tell)
        app.router.add_get("/api/events", self._events)
        return app

    async def _follow(self) -> None:
        """Read the incidents; when Kafka is away, read all anew: the book knows what it has."""
        while True:
            feed = Feed(self._cluster, self._topic)
            try:
                await feed.start()
                self._unread = ""
                await self._read(feed)
            except CannotRead as error:
                self._unread = str(error)
                self._show(self._health)
            finally:
                await feed.stop()
            await asyncio.sleep(_PAUSE)

    async def _read(self, feed: Feed) -> None:
        async for told in feed.batches():
            news = [t.incident for t in told if self._state.take(t.incident, t.written_ms)]
            # Kept for a feed that comes after this one, should this one break.
            self._untold |= len(news) > BURST
            if not self._untold:
                for incident in news:
                    self._hub.publish("incident", encode(Brief.of(incident)))
            elif feed.caught_up():
                self._caught_up, self._untold = True, False
                self._hub.reset()

    async def _look(self) -> None:
        while True:
            try:
                self._show(await self._watch.look())
            except CannotRead as error:
                # What was known stays on the page, marked as old.
                old = msgspec.structs.replace(self._health, state="away", reason=str(error))
                self._show(old)
            await asyncio.sleep(LOOK_SECONDS)

    def _show(self, health: Health) -> None:
        if self._unread:
            health = msgspec.structs.replace(health, state="away", reason=self._unread)
        self._health = health
        self._hub.show("health", encode(health))

    async def _list(self, _: web.Request) -> web.StreamResponse:
        briefs = self._state.briefs(now_ms())
        return _json({"caught_up": self._caught_up, "incidents": briefs})

    async def _one(self, request: web.Request) -> web.StreamResponse:
        detail = self._state.detail(request.match_info["id"])
        return _json(detail) if detail else refusal(404, "no such incident")

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        incident_id = request.match_info["id"]
        if self._state.detail(incident_id) is None:
            return refusal(404, "no such incident")
        try:
            command = command_of(incident_id, request.match_info["action"], await request.read())
        except Misspoken as error:
            return refusal(400, str(error))
        try:
            await self._teller.tell(command)
        except DeliveryFailed as error:
            return refusal(503, f"Kafka did not take it: {error}")
        return web.json_response({"sent": True}, status=202)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            page = self._hub.join(request.headers.get("Last-Event-ID", ""))
        except Crowded:
            return refusal(503, "too many pages listen; close some")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        try:
            await response.prepare(request)
            await _feed_page(response, page)
        except ConnectionError:
            # The page was closed.
            pass
        except TimeoutError:
            # What is still to be written would hold the connection for ever.
            if request.transport is not None:
                request.transport.abort()
        finally:
            self._hub.leave(page)
        return response


async def _feed_page(response: web.StreamResponse, page: Page) -> None:
    while not page.gone.is_set():
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                frame = (await page.waiting.get()).frame()
        except TimeoutError:
            frame = b":\n\n"
        async with asyncio.timeout(SLOW_SECONDS):
            await response.write(frame)


def _json(body: object) -> web.Response:
    return web.Response(body=encode(body), content_type="application/json", charset="utf-8")
