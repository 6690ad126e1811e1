"""What a device gets: packs of rules, tables and models, and the differences between them.

A pack is a folder of files. Its manifest, every file and every difference is a TUF target, named as
`target_of_*` says; on the topic `edge.packages` a record's key is the path a TUF client asks for
(`metadata/3.targets.json`, `targets/<sha256>.<name>`) and its value the bytes.
"""

from typing import Annotated, Literal

import msgspec

from schemas.errors import NotOurs
from schemas.records import DateText

Algorithm = Literal["sparse", "bsdiff", "zstd", "full"]
# `(?!\n)`: `$` alone lets a line break follow.
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Base = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$(?!\n)")]
"""A SHA-256, or empty: a union with an empty literal would still ask for the pattern."""
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$(?!\n)")]
"""Of a pack, a channel, a group or a device."""
Group = Annotated[str, msgspec.Meta(pattern=r"^([a-z0-9][a-z0-9_-]{0,40})?$(?!\n)")]
"""A name, or empty: all of them."""
FilePath = Annotated[
    str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,60}(/[a-z0-9][a-z0-9_.-]{0,60}){0,3}$(?!\n)")
]
"""Relative, lower case, no name begins with a dot: so none leads out of the pack's folder."""
MOST_FILE = 16 << 20
"""Bytes of a file of a pack."""
MOST_FILES = 200


class PackFile(msgspec.Struct, frozen=True):
    """One file of a pack as it is once installed, before a device's fingerprint."""

    path: FilePath
    sha256: Sha256
    length: Annotated[int, msgspec.Meta(ge=0, le=MOST_FILE)]


class Stage(msgspec.Struct, frozen=True):
    """How far a release is rolled out: `percent` of the devices of `group`, all groups if empty."""

    group: Group
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)]


class Difference(msgspec.Struct, frozen=True):
    """How to make a file from one that a device may have; `full`: `base` is empty.

    `sha256`, `length`: of the result. `size`: bytes to fetch, and `digest` the SHA-256 of these.
    """

    path: FilePath
    algorithm: Algorithm
    base: Base
    sha256: Sha256
    length: Annotated[int, msgspec.Meta(ge=0, le=MOST_FILE)]
    digest: Sha256
    size: Annotated[int, msgspec.Meta(ge=0, le=MOST_FILE)]


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A release. `version` only grows, also when an older content comes back.

    `withdrawn`: versions that shall not run any more. `least_app`: the oldest version of the device
    application that may install it.
    """

    name: Name
    version: Annotated[int, msgspec.Meta(ge=1)]
    released: DateText
    files: Annotated[tuple[PackFile, ...], msgspec.Meta(min_length=1, max_length=MOST_FILES)]
    differences: tuple[Difference, ...] = ()
    rollout: tuple[Stage, ...] = (Stage("", 100),)
    withdrawn: tuple[int, ...] = ()
    least_app: str = ""
    notes: str = ""


def target_of_manifest(channel: str) -> str:
    """The TUF target that holds a channel's manifest."""
    return f"{channel}/manifest.json"


def target_of_difference(difference: Difference) -> str:
    """The TUF target that holds a difference; its name is its content's."""
    return f"differences/{difference.digest}"


_decode = msgspec.json.Decoder(Manifest).decode


def decode_manifest(value: bytes) -> Manifest:
    """Decode a manifest. Raises NotOurs."""
    try:
        return _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None
