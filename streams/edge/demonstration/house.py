"""The publisher of the demonstration, with keys that are used once."""

from __future__ import annotations

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from schemas.packages import Manifest
from sinks.cluster import Cluster, Secret
from streams.edge import mirror, topic
from streams.edge.ceremony import QUORUMS, begin, make_keys
from streams.edge.demonstration.packs import MODEL, write_pack
from streams.edge.devices import Enrolled, device_key, enrol, read_register
from streams.edge.keys import ROLES, Cost, KeyFolder
from streams.edge.packing import read_pack
from streams.edge.publisher import Publisher
from streams.edge.releases import Plan, fetched
from streams.edge.repository import Repository
from streams.edge.signing import Desk
from streams.edge.trace import Verdict, trace
from streams.edge.tree import Tree

CHANNEL = "stable"
_QUICK = Cost(memory=64, passes=1)
"""The passphrase is random and lives as long as the keys: nobody guesses."""


class House:
    """Keys, releases and the register of devices, all in one folder; signs as of `now`."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """Makes the keys. Raises PublishError."""
        self._folder = folder
        self._now = now
        self._word = Secret(secrets.token_urlsafe(24))
        self._keys = KeyFolder(folder / "keys", _QUICK)
        self._repository = Repository(folder / "packages")
        make_keys(self._keys, QUORUMS, lambda _: self._word)
        self._desk = Desk(self._repository, self._keys.signers(ROLES, self._ask), now)
        begin(self._keys, self._desk, QUORUMS)
        self._master = self._keys.master(self._ask)

    def _ask(self, _: str) -> tuple[Secret]:
        return (self._word,)

    @classmethod
    def of_today(cls, folder: Path) -> House:
        """By this machine's clock."""
        return cls(folder, datetime.now(UTC))

    def enrol(self, name: str, folder: Path) -> None:
        """Register a device and write its device.json."""
        one = Enrolled(name, "ward", CHANNEL, self._now.date().isoformat())
        root = self._repository.root().to_bytes()
        enrol(self._keys.devices, one, root, self._master, folder)

    def release(self, version: int) -> Manifest:
        """Make a pack and sign it; not yet anywhere where a device looks."""
        folder = write_pack(self._folder / "packs" / str(version), version)
        # The only device is never more than one version behind.
        plan = Plan(CHANNEL, version, self._now.date().isoformat(), supported=1)
        return Publisher(self._desk, lambda _: None).publish(plan, read_pack(folder))

    def share(self, manifest: Manifest) -> str:
        """How much of a release a device that has the one before fetches."""
        before = self._repository.release(CHANNEL, manifest.version - 1)
        size, whole = fetched(manifest, before)
        return f"{size:,} of {whole:,} bytes"

    def to_topic(self, cluster: Cluster, prefix: str) -> int:
        """What is out, on the topic; how many records were written."""
        written, _ = topic.publish(Tree(self._repository, self._now), cluster, prefix)
        return written

    def to_folder(self, folder: Path) -> Path:
        """What is out, as a stick carries it."""
        mirror.publish(Tree(self._repository, self._now), folder)
        return folder

    def trace(self, leaked: Path) -> Verdict:
        """Of the enrolled devices, whose file it is."""
        published = [path.read_bytes() for path in self._folder.glob(f"packs/*/{MODEL}")]
        devices = [one.name for one in read_register(self._keys.devices)]
        keys = {name: device_key(self._master, name) for name in devices}
        return trace(leaked.read_bytes(), published, keys)


def tampered(stick: Path, copy: Path) -> Path:
    """A copy of a stick on which one byte of every difference is another one."""
    shutil.copytree(stick, copy)
    for path in (copy / "targets" / "differences").iterdir():
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    return copy
