"""The files that the page consists of, read once: nothing else of the disk can be asked for."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from aiohttp import web

_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
}


class Assets:
    """Handlers of `/` and `/static/...`."""

    def __init__(self) -> None:
        self._files = dict(_read(files("edge.page") / "static", ""))

    async def index(self, _: web.Request) -> web.StreamResponse:
        """The page itself."""
        return self._give("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """What it loads."""
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound(text="no such file\n")
        return self._give(name)

    def _give(self, name: str) -> web.Response:
        kind = _TYPES[name.rpartition(".")[2]]
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8")


def _read(folder: Traversable, before: str) -> list[tuple[str, bytes]]:
    found = []
    for one in folder.iterdir():
        if one.is_dir():
            found += _read(one, f"{before}{one.name}/")
        elif one.name.rpartition(".")[2] in _TYPES:
            found.append((before + one.name, one.read_bytes()))
    return found
