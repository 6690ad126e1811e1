"""Where a question may be sent."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_fit(address: str) -> bool:
    """Whether a question may be sent there: https, or http to a number of this machine."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
        return bool(parts.hostname) and (plain or parts.scheme == "https") and parts.port != 0
    except ValueError:
        return False
