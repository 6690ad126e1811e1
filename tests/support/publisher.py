"""A publisher with keys that are quick to open, and a TUF client that reads what it publishes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater

from edge.updates.deltas import apply
from schemas.packages import (
    Manifest,
    decode_manifest,
    target_of_difference,
    target_of_manifest,
)
from sinks.cluster import Secret
from streams.edge.ceremony import QUORUMS, begin, make_keys
from streams.edge.keys import ROLES, Cost, KeyFolder
from streams.edge.publisher import Publisher
from streams.edge.releases import Plan
from streams.edge.repository import Repository
from streams.edge.signing import DAYS, Desk

WORD = "correct horse battery staple"
CHEAP = Cost(memory=64, passes=1)
BUNDLED = Path(__file__).parents[2] / "agents" / "records" / "data"


class House:
    """Repository, keys and what they can do, all in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = Repository(folder / "packages")
        self.keys = KeyFolder(folder / "keys", CHEAP)

    @classmethod
    def build(cls, folder: Path) -> House:
        """With all keys and the first root."""
        house = cls(folder)
        make_keys(house.keys, QUORUMS, lambda _: Secret(WORD))
        begin(house.keys, house.desk(), QUORUMS)
        return house

    def desk(self, roles: Iterable[str] = ROLES, now: datetime | None = None, **days: int) -> Desk:
        """Signs with the keys of these roles that are here."""
        signers = self.keys.signers(roles, lambda _: [Secret(WORD)])
        return Desk(self.repository, signers, now or datetime.now(UTC), {**DAYS, **days})

    def publisher(self, roles: Iterable[str] = ROLES) -> Publisher:
        return Publisher(self.desk(roles), lambda _: None)

    def publish(self, version: int, contents: Mapping[str, bytes], **said: object) -> Manifest:
        """On the channel stable."""
        plan = Plan("stable", version, "2026-11-22")._replace(**said)  # type: ignore[arg-type]
        return self.publisher().publish(plan, contents)

    def carry_away(self, *names: str) -> None:
        """These keys are with their holders now."""
        (self.folder / "away").mkdir(exist_ok=True)
        for name in names:
            shutil.move(self.keys.path(name), self.folder / "away" / f"{name}.pem")

    @property
    def first_root(self) -> bytes:
        return (self.repository.tree / "metadata" / "1.root.json").read_bytes()


class Reader(FetcherInterface):
    """What python-tuf's client asks for, from a folder or a dictionary."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read

    def _fetch(self, url: str) -> Iterator[bytes]:
        content = self._read(url.removeprefix("x/"))
        if content is None:
            raise DownloadHTTPError("none", 404)
        return iter([content])


def from_folder(folder: Path) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        place = folder / path
        return place.read_bytes() if place.exists() else None

    return read


def install(
    read: Callable[[str], bytes | None], root: bytes, have: Mapping[str, bytes] | None = None
) -> tuple[Manifest, dict[str, bytes]]:
    """What a fresh device gets: every file by the smallest difference from what it has."""
    with tempfile.TemporaryDirectory() as folder:
        updater = Updater(
            metadata_dir=folder,
            metadata_base_url="x/metadata",
            target_dir=folder,
            target_base_url="x/targets",
            fetcher=Reader(read),
            bootstrap=root,
        )
        updater.refresh()

        def target(name: str) -> bytes:
            info = updater.get_targetinfo(name)
            assert info is not None, name
            return Path(updater.download_target(info)).read_bytes()

        manifest = decode_manifest(target(target_of_manifest("stable")))
        return manifest, dict(_files(manifest, target, have or {}))


def _files(
    manifest: Manifest, target: Callable[[str], bytes], have: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    from hashlib import sha256

    digests = {path: sha256(content).hexdigest() for path, content in have.items()}
    for file in manifest.files:
        if digests.get(file.path) == file.sha256:
            yield file.path, have[file.path]
            continue
        ways = [d for d in manifest.differences if d.path == file.path]
        fit = [d for d in ways if d.base in ("", digests.get(file.path, ""))]
        best = min(fit, key=lambda d: d.size)
        base = have[file.path] if best.base else b""
        made = apply(best.algorithm, base, target(target_of_difference(best)), best.length)
        assert sha256(made).hexdigest() == file.sha256
        yield file.path, made


def pack(*, change: int = 0) -> dict[str, bytes]:
    """A small pack: tables, and a model of which every so manieth byte is another one."""
    model = bytearray((n * n * 31 + n // 7) % 251 for n in range(20_000))
    for n in range(0, len(model), 1000):
        model[n] = (model[n] + change) % 256
    words = "".join(f"term {n}\tcode {n * 7}\n" for n in range(500))
    table = words.replace("term 250", f"term {change}")
    return {"model.onnx": bytes(model), "terms/words.tsv": table.encode(), "same.txt": b"same"}


def write_pack(folder: Path, *, change: int = 0) -> Path:
    """The bundled pack, with a model and a table."""
    shutil.copytree(BUNDLED, folder)
    for path, content in pack(change=change).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
