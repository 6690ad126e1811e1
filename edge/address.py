"""Where a question may be sent."""

from __future__ import annotations

import re
from ipaddress import ip_address

# By hand: what knows the key may not import urllib.
_ADDRESS = re.compile(
    r"(https?)://(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::([0-9]{1,5}))?(?:[/?#]\S*)?", re.IGNORECASE
)
_MOST_PORT = 65_535


def is_fit(address: str) -> bool:
    """Whether a question may be sent there: https, or http to a number of this machine."""
    parts = _ADDRESS.fullmatch(address)
    if parts is None or (parts[4] and not 0 < int(parts[4]) <= _MOST_PORT):
        return False
    return parts[1].lower() == "https" or _is_here(parts[2] or parts[3])


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
