"""One way to post to a receiver: a time-out, no redirects, a cap on what it answers."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, ClassVar
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
from msgspec import Meta
from yarl import URL

from schemas.incidents import Incident
from sinks.cluster import Secret
from sinks.errors import Rejected, Unreachable
from sinks.plain import clean
from sinks.sink import Sink

ANSWER_BYTES = 65_536
_SHOWN = 300
_SHORTEST_WAIT = 1.0
_LONGEST_WAIT = 3600.0
_MEND = 60.0
"""Seconds until a receiver that does not know us is asked again."""
_UNKNOWN = frozenset({401, 403, 404, 405, 407, 410})
_BUSY = frozenset({408, 425, 429})


class HttpOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every receiver behind HTTP may be told."""

    console_url: Annotated[
        str, Meta(description="where people find the console; incidents link to it")
    ] = ""
    timeout_seconds: Annotated[
        float, Meta(gt=0, le=120, description="how long one call may take")
    ] = 10.0
    proxy: Annotated[Secret, Meta(description="http://HOST:PORT of a proxy to go through")] = (
        Secret()
    )
    ca_file: Annotated[
        str, Meta(description="PEM of who vouches for the receiver; empty: the system's")
    ] = ""

    def __post_init__(self) -> None:
        if self.console_url:
            check_url("console_url", self.console_url)
        if self.proxy:
            check_url("proxy", self.proxy.reveal())

    def link(self, incident: Incident) -> str:
        """The page of an incident in the console, empty if nobody said where that is."""
        if not self.console_url:
            return ""
        return f"{self.console_url.rstrip('/')}/#/incident/{quote(incident.incident_id, safe='')}"


def check_url(key: str, url: str) -> None:
    """Raises ValueError, which does not show it: it may hold a key."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or any(character <= " " for character in url):
        raise ValueError(f"{key}: write http://HOST/... or https://HOST/...")


class HttpSink(Sink):
    """A receiver that is posted to.

    `shows_pages`: a web page may be its answer; else it comes from somebody between us.
    """

    shows_pages: ClassVar[bool] = False

    def __init__(self, options: HttpOptions) -> None:
        self._http = options
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Raises Rejected for a `ca_file` that does not fit."""
        try:
            tls: ssl.SSLContext | bool = (
                ssl.create_default_context(cafile=self._http.ca_file)
                if self._http.ca_file
                else True
            )
        except OSError as error:
            raise Rejected(f"ca_file {self._http.ca_file}: {error.strerror or error}") from None
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._http.timeout_seconds),
            connector=aiohttp.TCPConnector(ssl=tls, limit=4),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def stop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
        """What it answers with a status of 2xx, cut at `ANSWER_BYTES`.

        Raises Unreachable or Rejected; neither shows more of the address than the host.
        """
        assert self._session is not None, "start it first"
        host = urlsplit(url).hostname
        try:
            async with self._session.post(
                URL(url, encoded=True),
                data=body,
                headers={"Content-Type": "application/json", **(headers or {})},
                allow_redirects=False,
                proxy=self._http.proxy.reveal() or None,
            ) as response:
                said = await _read(response.content)
        except TimeoutError:
            wait = f"{self._http.timeout_seconds:g} s"
            raise Unreachable(f"{host} did not answer within {wait}", reason="timeout") from None
        except (aiohttp.ClientError, OSError) as error:
            why = clean(getattr(error, "strerror", None) or type(error).__name__, _SHOWN)
            raise Unreachable(f"no connection to {host}: {why}", reason="connection") from None
        self.answer = f"{response.status} {clean(said.decode(errors='replace'), _SHOWN)}".strip()
        _judge(response.status, f"{host} answered {self.answer}", response.headers)
        if said.lstrip()[:1] == b"<" and not self.shows_pages:
            page = f"{host} answered with a web page: check its address"
            raise Unreachable(page, _MEND, "answer")
        return said


async def _read(content: aiohttp.StreamReader) -> bytes:
    said = b""
    while len(said) < ANSWER_BYTES and (part := await content.read(ANSWER_BYTES - len(said))):
        said += part
    return said


def _judge(status: int, said: str, headers: Mapping[str, str]) -> None:
    if 200 <= status < 300:
        return
    reason = f"status_{status}"
    if status in _BUSY or status >= 500:
        raise Unreachable(said, _retry_after(headers.get("Retry-After", "")), reason)
    if status < 400 or status in _UNKNOWN:
        # Not because of this incident: it waits until somebody has put the address or key right.
        raise Unreachable(f"{said}: check its address and key", _MEND, reason)
    raise Rejected(said)


def _retry_after(text: str) -> float | None:
    """Seconds, of which the header may hold the number or the date."""
    if text.isdecimal():
        seconds = float(text)
    else:
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            return None
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        seconds = (date - datetime.now(UTC)).total_seconds()
    return min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT)
