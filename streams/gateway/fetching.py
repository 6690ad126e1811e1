"""Where the issuer's keys come from: a file, or its HTTPS address."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from sinks.hosts import is_here
from streams.settings import SettingsError

MOST_BYTES = 262_144
_SECONDS = 3.0


def fetch_of(source: str) -> Callable[[], Awaitable[bytes]]:
    """What reads `source` and raises OSError if it cannot. Raises SettingsError."""
    if "://" not in source:
        return lambda: asyncio.to_thread(_read, Path(source))
    parts = urlsplit(source)
    # Whoever sits between us and the issuer would choose the keys.
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here(parts.hostname or "")):
        raise SettingsError("setting gateway_jwks: write https://... or the path of a file")
    return lambda: _get(source)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


async def _get(url: str) -> bytes:
    limit = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise OSError(f"it answered {response.status}")
            document = b""
            while part := await response.content.read(MOST_BYTES):
                document += part
                if len(document) > MOST_BYTES:
                    raise OSError("it answered too much")
            return document
    except TimeoutError:
        raise OSError(f"no answer within {_SECONDS:g} s") from None
    except aiohttp.ClientError as error:
        raise OSError(type(error).__name__) from None
