"""Who has which device: given a name, a group, a channel and a key, once; nothing comes back."""

from __future__ import annotations

import hmac
from pathlib import Path

import msgspec

from edge.errors import NotEnrolled
from edge.files import save
from edge.updates.device import Device, read_device, write_device
from schemas.packages import Name
from schemas.records import DateText
from streams.edge.errors import BadRepository, Taken


class Enrolled(msgspec.Struct, frozen=True):
    """A line of the register; the key is made again of the master key and the name."""

    name: Name
    group: Name
    channel: Name
    since: DateText


def device_key(master: bytes, name: str) -> bytes:
    """The key of a device."""
    return hmac.digest(master, b"groundswell device " + name.encode(), "sha256")


def read_register(path: Path) -> list[Enrolled]:
    """Every device that was enrolled. Raises BadRepository."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Enrolled])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError) as error:
        raise BadRepository(f"{path}: {error}") from None


def enrol(register: Path, one: Enrolled, root: bytes, master: bytes, folder: Path) -> Path:
    """Register a device and write its device.json; the path. Raises Taken, EdgeError.

    The same device again gets the same file; another group or channel, a new one.
    """
    path = folder / "device.json"
    key = device_key(master, one.name)
    if path.exists() and _name(path) != one.name:
        raise Taken(f"{path} is another device's: name another folder")
    known = {each.name: each for each in read_register(register)}
    since = known[one.name].since if one.name in known else one.since
    known[one.name] = msgspec.structs.replace(one, since=since)
    lines = sorted(known.values(), key=lambda each: each.name)
    # First the register: a device that nobody knows could not be traced.
    save(register, [msgspec.json.format(msgspec.json.encode(lines)), b"\n"])
    write_device(path, Device(one.name, one.group, one.channel, key, root))
    return path


def _name(path: Path) -> str:
    try:
        return read_device(path).name
    except NotEnrolled as error:
        raise Taken(f"{error}: name another folder") from None
