"""The publisher's own folder: every release with its content, and the tree that clients read.

blobs/SHA256            content of files of packs, of all releases
releases/CHANNEL/N.json manifests, of the one that is being made too
made/BASE-RESULT.json   which difference was found for two contents, so that none is sought twice
waiting/ROLE.json       metadata that lacks signatures
tree/metadata, tree/targets   what is published, as TUF's consistent snapshots name it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.signer import Key, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, TargetFile, Targets, Timestamp

from schemas.errors import NotOurs
from schemas.packages import Manifest, decode_manifest
from sinks.files import locked, make_durable, save
from streams.edge.errors import BadRepository, PublishError, Taken

_VERSION = re.compile(r"(\d+)\.(root|targets|snapshot)\.json")


class Repository:
    """Reads and writes the folder; every file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One publisher at a time. Raises PublishError."""
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                lock = locked(self.folder / "lock")
            except BlockingIOError:
                raise Taken(f"{self.folder}: another publisher is at work") from None
        with lock:
            yield

    def save(self, path: Path, content: bytes) -> None:
        """A file of the folder, durable on return. Raises PublishError."""
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            save(path, [content])

    def keep(self, content: bytes) -> str:
        """Keep the content of a file; its SHA-256. Raises PublishError."""
        digest = sha256(content).hexdigest()
        path = self.folder / "blobs" / digest
        if not path.exists():
            self.save(path, content)
        return digest

    def blob(self, digest: str) -> bytes:
        """Content that was kept. Raises BadRepository."""
        return _whole(self.folder / "blobs" / digest, digest)

    def add_target(self, name: str, content: bytes) -> None:
        """Put a target into the tree, under the name that clients ask for."""
        path = self.tree / path_of_target(name, sha256(content).hexdigest())
        if not path.exists():
            self.save(path, content)

    def target(self, name: str, digest: str) -> bytes:
        """A target of the tree. Raises BadRepository."""
        return _whole(self.tree / path_of_target(name, digest), digest)

    def releases(self, channel: str) -> list[Manifest]:
        """Every release of a channel, also one that is not out yet, the oldest first."""
        found = (self.folder / "releases" / channel).glob("*.json")
        return sorted((self._manifest(path) for path in found), key=lambda m: m.version)

    def release(self, channel: str, version: int) -> Manifest | None:
        """One of them. Raises BadRepository."""
        path = self._release(channel, version)
        return self._manifest(path) if path.exists() else None

    def save_release(self, channel: str, manifest: Manifest) -> None:
        """Keep a manifest in the place of what was there."""
        self.save(self._release(channel, manifest.version), encode(manifest))

    def drop_release(self, channel: str, version: int) -> None:
        """Forget one that never was out."""
        self._release(channel, version).unlink(missing_ok=True)

    def _release(self, channel: str, version: int) -> Path:
        return self.folder / "releases" / channel / f"{version}.json"

    def _manifest(self, path: Path) -> Manifest:
        with reading(path):
            return self._decode(str(path), path.read_bytes())

    def _decode(self, name: str, content: bytes) -> Manifest:
        try:
            return decode_manifest(content)
        except NotOurs as error:
            raise BadRepository(f"{name}: {error}") from None

    def versions(self, role: str) -> list[int]:
        """Versions of root, targets or snapshot in the tree, the oldest first."""
        names = (_VERSION.fullmatch(p.name) for p in (self.tree / "metadata").glob("*.json"))
        return sorted(int(found[1]) for found in names if found and found[2] == role)

    def root(self) -> Metadata[Root]:
        """The newest root. Raises BadRepository."""
        found = self.newest("root")
        if found is None:
            raise BadRepository(f"{self.folder} has no root metadata: groundswell edge keys init")
        return _expect(found, Root)

    def targets(self) -> Metadata[Targets] | None:
        """The newest targets metadata that is out."""
        found = self.newest("targets")
        return None if found is None else _expect(found, Targets)

    def snapshot(self) -> Metadata[Snapshot] | None:
        """The newest one."""
        found = self.newest("snapshot")
        return None if found is None else _expect(found, Snapshot)

    def timestamp(self) -> Metadata[Timestamp] | None:
        """The one there is."""
        path = self.tree / "metadata" / "timestamp.json"
        return _expect(read_metadata(path), Timestamp) if path.exists() else None

    def newest(self, role: str) -> Metadata[Any] | None:
        """Raises BadRepository."""
        versions = self.versions(role)
        if not versions:
            return None
        return read_metadata(self.tree / "metadata" / f"{versions[-1]}.{role}.json")

    def put(self, metadata: Metadata[Any]) -> None:
        """Put fully signed metadata into the tree. Raises PublishError."""
        signed = metadata.signed
        number = "" if isinstance(signed, Timestamp) else f"{signed.version}."
        path = self.tree / "metadata" / f"{number}{signed.type}.json"
        self.save(path, metadata.to_bytes())

    def waiting(self, role: str) -> Path:
        """Where metadata of a role waits for signatures."""
        return self.folder / "waiting" / f"{role}.json"

    def remove(self, path: Path) -> None:
        """A file of the folder is gone, durably."""
        if path.exists():
            with writing(path):
                path.unlink()
                make_durable(path.parent)

    def manifests(self) -> dict[str, Manifest]:
        """Channel to the manifest that is out. Raises BadRepository."""
        targets = self.targets()
        if targets is None:
            return {}
        return {
            name.partition("/")[0]: self._decode(name, self.target(name, one.hashes["sha256"]))
            for name, one in targets.signed.targets.items()
            if name.endswith("/manifest.json")
        }


def path_of_target(name: str, digest: str) -> str:
    """What a TUF client asks for, with consistent snapshots."""
    folder, slash, last = name.rpartition("/")
    return f"targets/{folder}{slash}{digest}.{last}"


def target_file(name: str, content: bytes) -> TargetFile:
    """What the metadata says of a target."""
    return TargetFile.from_data(name, content, ["sha256"])


def encode(manifest: Manifest) -> bytes:
    """A manifest's bytes, the same for the same manifest."""
    return msgspec.json.encode(manifest) + b"\n"


def read_metadata(path: Path) -> Metadata[Any]:
    """Raises BadRepository."""
    try:
        with reading(path):
            metadata = Metadata[Any].from_bytes(path.read_bytes())
    except RepositoryError as error:
        raise BadRepository(f"{path}: {error}") from None
    if isinstance(metadata.signed, Root):
        for keyid, key in metadata.signed.keys.items():
            if not _is_of(keyid, key):
                raise BadRepository(f"{path}: {keyid[:16]!r} is not the key it says: do not sign")
    return metadata


def _is_of(keyid: str, key: Key) -> bool:
    """Whether a key's id is made of it: TUF lets any stand there, and people read ids alone."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"]))
    except (ValueError, KeyError, TypeError):
        return False
    return SSlibKey.from_crypto(public).keyid == keyid


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever the disk refuses, in words. Raises PublishError."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        raise PublishError(f"cannot write {path}: {error.strerror}") from None


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Likewise. Raises BadRepository."""
    try:
        yield
    except OSError as error:
        raise BadRepository(f"cannot read {path}: {error.strerror}") from None


def _whole(path: Path, digest: str) -> bytes:
    with reading(path):
        content = path.read_bytes()
    if sha256(content).hexdigest() != digest:
        raise BadRepository(f"{path}: not as it was written")
    return content


def _expect(metadata: Metadata[Any], kind: type[Signed]) -> Metadata[Any]:
    if not isinstance(metadata.signed, kind):
        raise BadRepository(f"metadata of {metadata.signed.type}, and not of {kind.__name__}")
    return metadata
