"""A publisher of packages for tests, right or wrong: every file of it can be made anew by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from backports.zstd import ZstdDict, compress
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from agents.records.pack import BUNDLED
from edge.errors import Unsound
from edge.settings import Home
from edge.updates.client import Client, Outcome, SelfTest
from edge.updates.device import Device, write_device
from edge.updates.folder import Folder
from edge.updates.slot import Marking
from edge.updates.source import Source
from schemas.packages import (
    Algorithm,
    Difference,
    Manifest,
    PackFile,
    Stage,
    target_of_difference,
    target_of_manifest,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
DAY_MS = 86_400_000
CHANNEL = "stable"
THRESHOLD = 2

OFFLINE = [CryptoSigner.generate_ed25519() for _ in range(3)]
ONLINE = CryptoSigner.generate_ed25519()
STRANGERS = [CryptoSigner.generate_ed25519() for _ in range(3)]
"""Whoever sits between the publisher and the device."""

Files = Mapping[str, bytes]


def digest(content: bytes) -> str:
    """SHA-256, hex."""
    return sha256(content).hexdigest()


def pack(version: int, model: bytes = b"weights " * 500) -> dict[str, bytes]:
    """A small pack that only a toy's self-test finds sound, with a model that is none."""
    return {
        "pack.toml": f'name = "records"\nversion = "{version}"\n'.encode(),
        "models/lines.onnx": model,
        "notes.txt": b"what is new in %d\n" % version * 200,
    }


def whole(version: int) -> dict[str, bytes]:
    """A pack that loads: the bundled one with another number."""
    new = {name: text for name, text in pack(version).items() if not name.endswith(".onnx")}
    return content(Path(str(BUNDLED))) | new


class Repository:
    """All roles of TUF with keys of its own; `files` is what lies in a folder or on a topic."""

    def __init__(
        self,
        offline: Sequence[CryptoSigner] = tuple(OFFLINE),
        online: CryptoSigner = ONLINE,
        now: datetime = NOW,
    ) -> None:
        self.offline = tuple(offline)
        self.online = online
        self.now = now
        self.days = 30.0
        self.files: dict[str, bytes] = {}
        self.targets: dict[str, TargetFile] = {}
        self.packs: dict[int, dict[str, bytes]] = {}
        self.numbers = {"root": 0, "targets": 0, "snapshot": 0, "timestamp": 0}
        self.renew_root()

    @property
    def root(self) -> bytes:
        """The first root metadata, which devices pin."""
        return self.files["metadata/1.root.json"]

    def renew_root(self, *, signed_also_by: Sequence[CryptoSigner] = ()) -> None:
        """A root with the keys of now, signed by them and by those before."""
        self.numbers["root"] += 1
        root = Root(version=self.numbers["root"], expires=self._expires(365))
        for role in ("root", "targets"):
            for signer in self.offline:
                root.add_key(signer.public_key, role)
            root.roles[role].threshold = THRESHOLD
        for role in ("snapshot", "timestamp"):
            root.add_key(self.online.public_key, role)
        self.put(root, [*self.offline, *signed_also_by])

    def add(
        self,
        version: int,
        files: Files,
        *,
        rollout: tuple[Stage, ...] = (Stage("", 100),),
        withdrawn: tuple[int, ...] = (),
        least_app: str = "",
        full: bool = True,
        released: str = "2026-11-20",
        change: Callable[[Manifest], Manifest] = lambda one: one,
    ) -> Manifest:
        """A release with differences from every one before, signed."""
        differences = []
        for path, content in files.items():
            if full:
                differences.append(self.difference(path, "full", b"", content))
            for before in self.packs.values():
                base = before.get(path)
                if base is not None and base != content:
                    differences.append(self.difference(path, "zstd", base, content))
        listed = tuple(PackFile(p, digest(c), len(c)) for p, c in sorted(files.items()))
        manifest = change(
            Manifest("records", version, released, listed, tuple(differences), rollout, withdrawn,
                     least_app)
        )  # fmt: skip
        self.packs[version] = dict(files)
        self.offer(msgspec.json.encode(manifest))
        return manifest

    def offer(self, manifest: bytes) -> None:
        """Whatever it holds, it is the manifest, and signed."""
        self.target(target_of_manifest(CHANNEL), manifest)
        self.sign()

    def difference(self, path: str, algorithm: Algorithm, base: bytes, result: bytes) -> Difference:
        """Made, and put with the targets."""
        prefix = ZstdDict(base, is_raw=True).as_prefix if base else None
        content = compress(result, zstd_dict=prefix)
        made = Difference(
            path, algorithm, digest(base) if base else "", digest(result), len(result),
            digest(content), len(content),
        )  # fmt: skip
        self.target(target_of_difference(made), content)
        return made

    def target(self, name: str, content: bytes) -> None:
        """A file that will be signed."""
        self.targets[name] = TargetFile.from_data(name, content, ["sha256"])
        folder, _, last = name.rpartition("/")
        self.files[f"targets/{folder}/{digest(content)}.{last}"] = content

    def key_of(self, name: str) -> str:
        """Where a target lies."""
        folder, _, last = name.rpartition("/")
        return f"targets/{folder}/{self.targets[name].hashes['sha256']}.{last}"

    def sign(self, by: Sequence[CryptoSigner] | None = None) -> None:
        """New targets, snapshot and timestamp metadata."""
        for role in ("targets", "snapshot", "timestamp"):
            self.numbers[role] += 1
        targets = Targets(
            version=self.numbers["targets"], expires=self._expires(365), targets=self.targets
        )
        self.put(targets, self.offline[:THRESHOLD] if by is None else by)
        self.renew(snapshot=False)

    def renew(self, *, snapshot: bool = True) -> None:
        """Snapshot and timestamp again; what they point to stays."""
        if snapshot:
            self.numbers["snapshot"] += 1
            self.numbers["timestamp"] += 1
        meta = {"targets.json": MetaFile(self.numbers["targets"])}
        self.put(
            Snapshot(version=self.numbers["snapshot"], expires=self._expires(), meta=meta),
            [self.online],
        )
        self.put(
            Timestamp(
                version=self.numbers["timestamp"],
                expires=self._expires(),
                snapshot_meta=MetaFile(self.numbers["snapshot"]),
            ),
            [self.online],
        )

    def put(self, signed: Signed, by: Sequence[CryptoSigner]) -> None:
        """Metadata in its place, signed by whomever."""
        metadata: Metadata[Any] = Metadata(signed)
        for signer in by:
            metadata.sign(signer, append=True)
        number = "" if isinstance(signed, Timestamp) else f"{signed.version}."
        self.files[f"metadata/{number}{signed.type}.json"] = metadata.to_bytes()

    def write(self, folder: Path) -> Path:
        """As a USB stick or a mirror has it."""
        for key, content in self.files.items():
            path = folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder

    def _expires(self, days: float | None = None) -> datetime:
        return self.now + timedelta(days=self.days if days is None else days)


class Toy:
    """A fingerprint: every byte is moved by the key's first."""

    @staticmethod
    def mark(model: bytes, key: bytes) -> bytes:
        return bytes((one + key[0]) % 256 for one in model)

    @staticmethod
    def unmark(model: bytes, key: bytes) -> bytes:
        return bytes((one - key[0]) % 256 for one in model)


class Bench:
    """A device and the stick it reads from."""

    def __init__(self, folder: Path, repository: Repository | None = None) -> None:
        self.repository = repository or Repository()
        self.home = Home(folder / "edge")
        self.stick = folder / "stick"
        self.device = Device("ward-3", "pilot", CHANNEL, b"k" * 32, self.repository.root)
        write_device(self.home.device, self.device)
        self.bundled = folder / "bundled"
        fill(self.bundled, pack(1))
        self.repository.packs.setdefault(1, pack(1))

    def update(
        self,
        source: Source | None = None,
        *,
        check: bool = False,
        again: bool = False,
        now_ms: int = NOW_MS,
        self_test: SelfTest = lambda _: None,
        marking: Marking | None = None,
        app: str = "1.2.0",
        device: Device | None = None,
    ) -> Outcome:
        """From the stick as the repository is now, unless another source is given."""
        if source is None:
            source = Folder(self.repository.write(self.stick))
        client = Client(
            self.home,
            device or self.device,
            app=app,
            now_ms=now_ms,
            self_test=self_test,
            marking=marking,
            bundled=self.bundled,
        )
        return client.update(source, check=check, again=again)


def fill(folder: Path, files: Files) -> None:
    """Write a pack's files."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def content(folder: Path) -> dict[str, bytes]:
    """A pack's files as they lie in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def unsound(_: Path) -> None:
    """A self-test that fails."""
    raise Unsound("it reads nothing well")
