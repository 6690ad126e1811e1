"""Who must sign what, and how long it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from sinks.files import save
from streams.edge.errors import Waiting, WrongPassphrase
from streams.edge.repository import Repository, read_metadata, writing

DAYS: Mapping[str, int] = {"root": 365, "targets": 180, "snapshot": 30, "timestamp": 14}
"""How long metadata holds. So long can somebody keep devices from news."""


class Desk:
    """Signs with the keys that are here; what others must sign waits in the repository.

    `now`: with a time zone; `days`: how long each role holds.
    """

    def __init__(
        self,
        repository: Repository,
        signers: Iterable[CryptoSigner],
        now: datetime,
        days: Mapping[str, int] = DAYS,
    ) -> None:
        self.repository = repository
        self._signers = {one.public_key.keyid: one for one in signers}
        self._now = now.replace(microsecond=0)
        self._days = days

    def join(self, signer: CryptoSigner) -> None:
        """One more key to sign with."""
        self._signers[signer.public_key.keyid] = signer

    def expiry(self, role: str) -> datetime:
        """Until when metadata holds that is signed now."""
        return self._now + timedelta(days=self._days[role])

    def propose_targets(self, wanted: Mapping[str, TargetFile], *, renew: bool = False) -> None:
        """Have these targets published. Raises Waiting, if people must sign, PublishError.

        Nothing is done if they are, with signatures that count; `renew`: all the same.
        """
        repository, current = self.repository, self.repository.targets()
        self._drop_stale("targets", current)
        path = repository.waiting("targets")
        same = current is not None and current.signed.targets == dict(wanted)
        if same and not renew and current is not None and self._is_signed(current):
            repository.remove(path)
            return
        version = current.signed.version + 1 if current else 1
        waiting = self._waiting("targets")
        if waiting is None or waiting.signed.targets != dict(wanted):
            fresh = Targets(version=version, expires=self.expiry("targets"), targets=dict(wanted))
            waiting = Metadata(fresh)
        self._collect(waiting)

    def propose_root(self, root: Root) -> None:
        """Have a new root published; it takes the old one's signatures too. Raises as above."""
        waiting = self._waiting("root")
        if waiting is None or waiting.signed != root:
            waiting = Metadata(root)
        self._collect(waiting)

    def renew_root(self) -> None:
        """The same root, holding longer. Raises Waiting, PublishError."""
        root = deepcopy(self.repository.root().signed)
        root.version += 1
        root.expires = self.expiry("root")
        self.propose_root(root)

    def finish(self) -> None:
        """Sign and publish what waits, or a new root asks for. Raises Waiting, PublishError."""
        self.finish_root()
        current = self.repository.targets()
        self._drop_stale("targets", current)
        waiting = self._waiting("targets")
        if waiting is not None:
            self._collect(waiting)
        elif current is not None:
            self.propose_targets(current.signed.targets)
        self.settle()

    def finish_root(self) -> None:
        """Sign and publish a root that waits. Raises Waiting, PublishError."""
        versions = self.repository.versions("root")
        self._drop_stale("root", self.repository.root() if versions else None)
        waiting = self._waiting("root")
        if waiting is not None:
            self._collect(waiting)

    def settle(self, *, renew: bool = False) -> None:
        """Snapshot and timestamp that say what is out; `renew`: also if they say it already.

        Raises WrongPassphrase, PublishError.
        """
        targets = self.repository.targets()
        if targets is None:
            return
        meta = {"targets.json": MetaFile(targets.signed.version)}
        old = self.repository.snapshot()
        if old is None or renew or old.signed.meta != meta or not self._is_signed(old):
            version = old.signed.version + 1 if old else 1
            old = Metadata(Snapshot(version, expires=self.expiry("snapshot"), meta=meta))
            self._online(old)
        timestamp = self.repository.timestamp()
        said = MetaFile(old.signed.version)
        if (
            timestamp is None
            or renew
            or timestamp.signed.snapshot_meta != said
            or not self._is_signed(timestamp)
        ):
            version = timestamp.signed.version + 1 if timestamp else 1
            expires = self.expiry("timestamp")
            self._online(Metadata(Timestamp(version, expires=expires, snapshot_meta=said)))

    def _waiting(self, role: str) -> Metadata[Any] | None:
        path = self.repository.waiting(role)
        return read_metadata(path) if path.exists() else None

    def _drop_stale(self, role: str, current: Metadata[Any] | None) -> None:
        """What is out already, when we were stopped before we could remove it."""
        waiting = self._waiting(role)
        if waiting is None or current is None:
            return
        if waiting.signed.version <= current.signed.version:
            self.repository.remove(self.repository.waiting(role))

    def _collect(self, metadata: Metadata[Any]) -> None:
        """Add our signatures; publish if they are enough, else let it wait. Raises Waiting."""
        repository, role = self.repository, metadata.signed.type
        self._sign(metadata)
        if self._is_signed(metadata):
            repository.put(metadata)
            repository.remove(repository.waiting(role))
            return
        path = repository.waiting(role)
        repository.save(path, metadata.to_bytes())
        raise Waiting(
            f"{role} {metadata.signed.version} waits for {self._missing(metadata)} more"
            f" signature(s): have another holder run `groundswell edge keys sign {path}`,"
            " then run the same command again"
        )

    def _online(self, metadata: Metadata[Snapshot] | Metadata[Timestamp]) -> None:
        self._sign(metadata)
        if not self._is_signed(metadata):
            role = metadata.signed.type
            raise WrongPassphrase(
                f"the key of {role} is not here, or the passphrase does not open it"
            )
        self.repository.put(metadata)

    def _sign(self, metadata: Metadata[Any]) -> None:
        """With every key of ours that counts and has not signed yet."""
        for keyid in self._keyids(metadata):
            if keyid in self._signers and keyid not in metadata.signatures:
                metadata.sign(self._signers[keyid], append=True)

    def _keyids(self, metadata: Metadata[Any]) -> list[str]:
        role = metadata.signed.type
        return sorted({k for root in self._roots(metadata) for k in root.roles[role].keyids})

    def _roots(self, metadata: Metadata[Any]) -> list[Root]:
        """Those by whose keys it must be signed: a root by its own and by the one before."""
        roots = [metadata.signed] if isinstance(metadata.signed, Root) else []
        if self.repository.versions("root"):
            current = self.repository.root().signed
            if not roots or current.version < roots[0].version:
                roots.append(current)
        return roots

    def _is_signed(self, metadata: Metadata[Any]) -> bool:
        return self._missing(metadata) == 0

    def _missing(self, metadata: Metadata[Any]) -> int:
        return missing(metadata, self._roots(metadata))


def missing(metadata: Metadata[Any], roots: Iterable[Root]) -> int:
    """How many signatures are lacking, at most over the roots that must agree."""
    payload, signatures = metadata.signed_bytes, metadata.signatures
    lacking = [
        root.get_verification_result(metadata.signed.type, payload, signatures).missing
        for root in roots
    ]
    return max(lacking)


def countersign(path: Path, metadata: Metadata[Any], signers: Iterable[CryptoSigner]) -> int:
    """Add signatures to a file that waits for them; how many. Raises PublishError."""
    added = 0
    for signer in signers:
        if signer.public_key.keyid not in metadata.signatures:
            metadata.sign(signer, append=True)
            added += 1
    with writing(path):
        save(path, [metadata.to_bytes()])
    return added


class Standing(NamedTuple):
    """Of a role: its version, until when it holds, and what is not in order."""

    version: int
    expires: datetime
    told: str


def signatures(repository: Repository) -> Iterator[tuple[str, Standing]]:
    """Every role's metadata that is out, then what waits. Raises BadRepository."""
    root = repository.root()
    ours: tuple[Metadata[Any] | None, ...]
    ours = (root, repository.targets(), repository.snapshot(), repository.timestamp())
    for one in ours:
        if one is not None:
            lacking = missing(one, [root.signed])
            told = f", lacks {lacking} signature(s) of the newest keys" if lacking else ""
            yield one.signed.type, Standing(one.signed.version, one.signed.expires, told)
    for role in ("root", "targets"):
        path = repository.waiting(role)
        if path.exists():
            waiting = read_metadata(path)
            counting = [
                root.signed,
                *([waiting.signed] if isinstance(waiting.signed, Root) else []),
            ]
            told = f", waits for {missing(waiting, counting)} signature(s): {path}"
            yield role, Standing(waiting.signed.version, waiting.signed.expires, told)
