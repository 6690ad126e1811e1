"""Which addresses and names mean this machine alone."""

import ipaddress
from urllib.parse import urlsplit


def is_here(host: str) -> bool:
    """Whether only this machine can reach, or means, this address or name.

    >>> is_here("localhost"), is_here("[::1]"), is_here("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def hostname(header: str) -> str:
    """The host of a Host header, without its port; empty if there is none.

    >>> hostname("localhost:8765"), hostname("[::1]:80")
    ('localhost', '::1')
    """
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def port(header: str) -> int:
    """The port of a Host header; 0 if it names none.

    >>> port("localhost:8765"), port("[::1]"), port("localhost:x")
    (8765, 0, 0)
    """
    try:
        return urlsplit(f"//{header}").port or 0
    except ValueError:
        return 0
