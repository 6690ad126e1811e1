"""The files of the page, read once: nothing else of the disk can be asked for."""

from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
"""The console's own; other pages build on its looks."""
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


class Pages:
    """Handlers of `/`, `/login` and `/static/...`; of files of one name the last folder's is it."""

    def __init__(self, *folders: Path) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): (path.read_bytes(), _TYPES[path.suffix])
            for folder in folders or (STATIC,)
            for path in folder.rglob("*.*")
        }

    async def index(self, _: web.Request) -> web.StreamResponse:
        """The page itself."""
        return self._give("index.html")

    async def login(self, _: web.Request) -> web.StreamResponse:
        """Where the token is asked for."""
        return self._give("login.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """What the page consists of."""
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound(text="no such file\n")
        return self._give(name)

    def _give(self, name: str) -> web.Response:
        content, kind = self._files[name]
        return web.Response(body=content, content_type=kind, charset="utf-8")
