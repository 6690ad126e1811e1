"""One process has the vault's folder."""

from __future__ import annotations

from edge.errors import NoVault
from edge.files import FileLock
from edge.settings import Home

_BUSY = "the vault is open in another window or command: close it first · 已在别处打开"
NONE_YET = "there is no vault yet: groundswell-edge vault create · 尚未创建"


def hold(home: Home) -> FileLock:
    """Until it is released. Raises Busy, NoVault."""
    if not home.folder.is_dir():
        raise NoVault(NONE_YET)
    return FileLock(home.lock, _BUSY)
