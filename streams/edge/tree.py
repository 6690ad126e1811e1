"""What is published, in the order in which it is, and what becomes of what was there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Timestamp

from streams.edge.errors import BadRepository, Taken, Unfit
from streams.edge.repository import Repository, path_of_target
from streams.edge.signing import missing

FIRST = "metadata/1.root.json"
TIMESTAMP = "metadata/timestamp.json"
_BATCH = 8 << 20
"""Bytes that are handed over at once."""


class Step(NamedTuple):
    """Files to write together; what comes later refers to them. None: to be removed."""

    files: dict[str, bytes | None]


class Tree:
    """The files of a repository that are out: paths as a TUF client asks for them."""

    def __init__(self, repository: Repository, now: datetime) -> None:
        """Raises BadRepository, Unfit: nothing that clients would refuse is ever published."""
        targets, snapshot, timestamp = (
            repository.targets(),
            repository.snapshot(),
            repository.timestamp(),
        )
        if targets is None or snapshot is None or timestamp is None:
            raise Unfit(f"{repository.folder} has published nothing yet")
        root = repository.root()
        for one in (root, targets, snapshot, timestamp):
            _check(one, root, now)
        self._repository = repository
        listed = targets.signed.targets.items()
        self._targets = [path_of_target(name, one.hashes["sha256"]) for name, one in listed]
        roots = [f"metadata/{number}.root.json" for number in repository.versions("root")]
        # A reader who comes in between has the old timestamp or the new one, and what it refers to.
        self._metadata = [
            *roots,
            f"metadata/{targets.signed.version}.targets.json",
            f"metadata/{snapshot.signed.version}.snapshot.json",
            TIMESTAMP,
        ]

    @property
    def paths(self) -> list[str]:
        """Everything, in the order in which it is written."""
        return [*self._targets, *self._metadata]

    def read(self, path: str) -> bytes:
        """One of them. Raises BadRepository."""
        try:
            return (self._repository.tree / path).read_bytes()
        except OSError as error:
            raise BadRepository(f"{path}: {error.strerror}") from None

    def steps(self, there: Mapping[str, str], oldest: Mapping[str, bytes]) -> Iterator[Step]:
        """What is missing or differs of `there`, path to SHA-256, and at last what goes.

        `oldest`: FIRST and TIMESTAMP as they are there. Raises Taken, BadRepository.
        """
        self._check_ours(oldest)
        batch: dict[str, bytes | None] = {}
        size = 0
        for path in self._targets:
            content = self.read(path)
            if there.get(path) != digest_of(content):
                batch[path] = content
                size += len(content)
            if size >= _BATCH:
                yield Step(batch)
                batch, size = {}, 0
        if batch:
            yield Step(batch)
        for path in self._metadata:
            content = self.read(path)
            if there.get(path) != digest_of(content):
                yield Step({path: content})
        if gone := sorted(there.keys() - set(self.paths)):
            yield Step(dict.fromkeys(gone))

    def _check_ours(self, oldest: Mapping[str, bytes]) -> None:
        first = oldest.get(FIRST)
        if first is not None and first != self.read(FIRST):
            raise Taken("packages of another publisher are there: name another folder or topic")
        if TIMESTAMP not in oldest:
            return
        try:
            found: Metadata[Any] = Metadata.from_bytes(oldest[TIMESTAMP])
        except RepositoryError:
            # Whatever it is, it is none that a client believes.
            return
        ours: Metadata[Timestamp] = Metadata.from_bytes(self.read(TIMESTAMP))
        if found.signed.version > ours.signed.version:
            raise BadRepository(
                f"timestamp {found.signed.version} is out and this folder has"
                f" {ours.signed.version}: it is an old copy, and devices would refuse it"
            )


def digest_of(content: bytes) -> str:
    """SHA-256, hex."""
    return sha256(content).hexdigest()


def _check(one: Metadata[Any], root: Metadata[Any], now: datetime) -> None:
    role = one.signed.type
    if missing(one, [root.signed]):
        raise Unfit(f"{role} lacks signatures by the newest keys: run `groundswell edge refresh`")
    if one.signed.is_expired(now):
        raise Unfit(f"{role} has expired: run `groundswell edge refresh --role {role}`")
