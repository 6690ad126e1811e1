"""Whether links to other sites still lead somewhere; nothing inside is ever asked."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from agents.assistant.knowledge.article import Finding

MOST_LINKS = 1_000
_AT_ONCE = 8
_SECONDS = 10.0
_NO_HEAD = (403, 405, 501)


class _Inside(OSError):
    """The address is not one of the public net."""


def is_public(address: str) -> bool:
    """Whether an address is one of the public net, also when it is wrapped in IPv6.

    >>> is_public("1.1.1.1"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("x")
    (True, False, False, False)
    """
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner:
            return is_public(str(inner))
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


class _PublicOnly(AbstractResolver):
    """What is connected to is what was looked at: a name is resolved once."""

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self._inner = ThreadedResolver()
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(self._allowed(one["host"]) for one in found):
            raise _Inside("it is an address inside")
        return found

    async def close(self) -> None:
        await self._inner.close()


async def ask(
    links: Mapping[str, Finding],
    allowed: Callable[[str], bool] = is_public,
    seconds: float = _SECONDS,
) -> list[Finding]:
    """A finding for each link that leads nowhere or to another site, at the place given."""
    gate = asyncio.Semaphore(_AT_ONCE)
    connector = aiohttp.TCPConnector(resolver=_PublicOnly(allowed), limit=_AT_ONCE)
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "groundswell-knowledge-check"},
    ) as session:

        async def one(link: str, place: Finding) -> Finding | None:
            async with gate:
                what = await _problem(session, link, allowed)
            return Finding(place.file, place.line, f"dead link: {link}: {what}") if what else None

        some = list(links.items())
        found = [
            one for one in await asyncio.gather(*(one(*item) for item in some[:MOST_LINKS])) if one
        ]
    for link, place in some[MOST_LINKS:]:
        found.append(Finding(place.file, place.line, f"not asked, over {MOST_LINKS} links: {link}"))
    return sorted(found)


async def _problem(
    session: aiohttp.ClientSession, link: str, allowed: Callable[[str], bool]
) -> str:
    """Empty if it is alive."""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "no address"
    if parts.username is not None or parts.password is not None:
        return "it holds a user name"
    # An address in numbers never comes to the resolver.
    if not host or (_numeric(host) and not allowed(host)):
        return "it is an address inside"
    try:
        status, elsewhere = await _status(session, "HEAD", link)
        if status in _NO_HEAD:
            status, elsewhere = await _status(session, "GET", link)
    except TimeoutError:
        return "no answer in time"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        inside = isinstance(error.__cause__ or error, _Inside) or "address inside" in str(error)
        return "it is an address inside" if inside else f"no answer ({type(error).__name__})"
    if 300 <= status < 400 and elsewhere:
        to = urlsplit(urljoin(link, elsewhere))
        return "" if (to.hostname or "") == host else f"moved to {to.hostname or 'nowhere'}"
    return "" if status < 400 else f"status {status}"


def _numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        # 127.1, 0x7f.1 and 2130706433 are addresses to a C library.
        return all(part[:1].isdigit() for part in host.split(".") if part)
    return True


async def _status(session: aiohttp.ClientSession, method: str, link: str) -> tuple[int, str]:
    """The body is never read."""
    async with session.request(method, link, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", "")
