"""Who a device is to the publisher of its packages: the file `device.json` of its folder.

`groundswell edge keys device` writes it; nothing of it ever goes back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from edge.errors import NotEnrolled
from edge.files import make_folder, save
from schemas.packages import Name

_MOST_BYTES = 1 << 20


class Device(msgspec.Struct, frozen=True):
    """`root`: the first root metadata, which is trusted because it came with this file.

    `group`: decides when a release reaches it; `key`: 32 bytes, of its fingerprint; bytes travel in
    base64. `source`: where updates come from unless somebody says otherwise: `topic`, a URL or a
    folder.
    """

    name: Name
    group: Name
    channel: Name
    key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    root: Annotated[bytes, msgspec.Meta(min_length=1)]
    source: str = ""

    def __repr__(self) -> str:
        return f"Device({self.name})"


def read_device(path: Path) -> Device:
    """Raises NotEnrolled."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_BYTES), type=Device)
    except FileNotFoundError:
        raise NotEnrolled(f"no {path}: `groundswell edge keys device` makes it") from None
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        # The decoder names fields, never what stands in them.
        raise NotEnrolled(f"{path}: {error}") from None


def write_device(path: Path, device: Device) -> None:
    """Only its owner can read it. Raises CannotWrite."""
    make_folder(path.parent)
    save(path, [msgspec.json.encode(device)])
