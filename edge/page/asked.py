"""What the page sends and gets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from edge.device import Language, language_of
from edge.errors import Unfit

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode


async def told(request: web.Request, kind: type[T]) -> T:
    """The body as this struct. Raises Unfit."""
    if request.content_type != "application/json":
        raise Unfit("请发送 application/json", "send application/json")
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # Their messages may quote what was sent.
        raise Unfit("内容不符合本页格式", "this is not what the page sends") from None


def answer(body: object) -> web.Response:
    """As JSON."""
    return web.Response(body=_encode(body), content_type="application/json", charset="utf-8")


def language(request: web.Request) -> Language:
    """In which the page is read."""
    return language_of(request.headers.get("Accept-Language", ""))


async def aside(work: Callable[[], T]) -> T:
    """In a thread, so that a long reading does not hold up the lock screen."""
    return await asyncio.to_thread(work)
