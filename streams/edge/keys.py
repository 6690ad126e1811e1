"""Private keys as encrypted PEM files, one a key, so that each may lie with another holder.

A line before the PEM says how its password is made of the passphrase, for PEM's own way is quick to
guess: Argon2id, then hex.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from edge.files import make_folder, save
from sinks.cluster import Secret
from streams.edge.errors import BadRepository, NoKeys, Taken, Unfit, WrongPassphrase

ROLES = ("root", "targets", "snapshot", "timestamp")
OFFLINE = ("root", "targets")
"""Roles whose keys lie with people; the others sign by themselves, often."""
MASTER = "devices"
"""Not a role: the secret of which every device's key is made."""
LEAST_PASSPHRASE = 12
_LINE = re.compile(rb"groundswell-key argon2id (\d{1,6}) (\d{1,2}) ([0-9a-f]{32})\n")
_MOST = 10_000
"""Bytes of a key's file."""


class Cost(NamedTuple):
    """Of one guess at a passphrase: KiB of memory, and passes over it."""

    memory: int = 65536
    passes: int = 3


Ask = Callable[[str], Iterable[Secret]]
"""The passphrases to try on the key of this name; none: it is left to its holder."""


class KeyRecord(msgspec.Struct, frozen=True):
    """A key that was made here, `public` in hex; whether it counts only the root metadata says."""

    name: str
    role: str
    keyid: str
    public: str

    @property
    def key(self) -> SSlibKey:
        """As metadata names it."""
        return SSlibKey(self.keyid, "ed25519", "ed25519", {"public": self.public})


_USUAL = Cost()


class KeyFolder:
    """The folder of the keys, of which some may have been carried away."""

    def __init__(self, folder: Path, cost: Cost = _USUAL) -> None:
        self.folder = folder
        self._cost = cost

    def records(self) -> list[KeyRecord]:
        """Every key that was ever made here. Raises NoKeys."""
        try:
            return msgspec.json.decode(self._register.read_bytes(), type=list[KeyRecord])
        except OSError:
            raise NoKeys(f"{self.folder} holds no keys: groundswell edge keys init") from None
        except msgspec.MsgspecError as error:
            raise BadRepository(f"{self._register}: {error}") from None

    @property
    def _register(self) -> Path:
        return self.folder / "keys.json"

    @property
    def devices(self) -> Path:
        """The register of enrolled devices."""
        return self.folder / "devices.json"

    def path(self, name: str) -> Path:
        """Where a key's file is, if nobody carried it away."""
        return self.folder / f"{name}.pem"

    def next_name(self, role: str) -> str:
        """Of the key of a role that is made next."""
        if role == MASTER:
            return MASTER
        return f"{role}-{1 + self.count(role)}"

    def count(self, role: str) -> int:
        """Keys of a role that were ever made here."""
        return sum(1 for one in self._known() if one.role == role)

    def make(self, role: str, passphrase: Secret) -> CryptoSigner:
        """A new key with the next name of its role. Raises Unfit, Taken."""
        if len(passphrase.reveal()) < LEAST_PASSPHRASE:
            raise Unfit(f"a passphrase of a key has {LEAST_PASSPHRASE} characters or more")
        make_folder(self.folder)
        known, name = self._known(), self.next_name(role)
        if name in {one.name for one in known}:
            raise Taken(f"{self.folder} has the key {name} already")
        signer = CryptoSigner.generate_ed25519()
        save(self.path(name), [_sealed(signer, passphrase, self._cost)])
        public = signer.public_key
        known.append(KeyRecord(name, role, public.keyid, public.keyval["public"]))
        save(self._register, [msgspec.json.format(msgspec.json.encode(known))])
        return signer

    def _known(self) -> list[KeyRecord]:
        return self.records() if self._register.exists() else []

    def here(self, role: str) -> list[str]:
        """Names of the keys of a role whose files are here. Raises NoKeys."""
        return [o.name for o in self.records() if o.role == role and self.path(o.name).exists()]

    def signers(self, roles: Iterable[str], ask: Ask) -> list[CryptoSigner]:
        """All keys of these roles that are here and open. Raises NoKeys."""
        names = [name for role in roles for name in self.here(role)]
        found = [open_key(self.path(name), ask(name)) for name in names]
        return [signer for signer in found if signer is not None]

    def master(self, ask: Ask) -> bytes:
        """The secret of the devices' keys. Raises NoKeys, WrongPassphrase."""
        signer = open_key(self.path(MASTER), ask(MASTER))
        if signer is None:
            raise WrongPassphrase(f"the passphrase does not open {self.path(MASTER)}")
        return _raw(signer)


def open_key(path: Path, passphrases: Iterable[Secret]) -> CryptoSigner | None:
    """The key in a file; None if none of the passphrases opens it. Raises NoKeys."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST)
    except OSError as error:
        raise NoKeys(f"{path}: {error.strerror}") from None
    found = _LINE.match(content)
    if found is None:
        raise NoKeys(f"{path}: no key of groundswell")
    cost, salt = Cost(int(found[1]), int(found[2])), bytes.fromhex(found[3].decode())
    for passphrase in passphrases:
        try:
            key = load_pem_private_key(content[found.end() :], _password(passphrase, cost, salt))
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
        if isinstance(key, Ed25519PrivateKey):
            return CryptoSigner(key)
    return None


def read_passphrases(paths: Iterable[Path]) -> Iterator[Secret]:
    """The first line of each file. Raises NoKeys."""
    for path in paths:
        try:
            with path.open(encoding="utf-8") as file:
                yield Secret(file.readline(_MOST).rstrip("\r\n"))
        except (OSError, UnicodeDecodeError) as error:
            raise NoKeys(f"--passphrase-file {path}: {error}") from None


def _sealed(signer: CryptoSigner, passphrase: Secret, cost: Cost) -> bytes:
    salt = os.urandom(16)
    private = load_pem_private_key(signer.private_bytes, None)
    encryption = BestAvailableEncryption(_password(passphrase, cost, salt))
    head = f"groundswell-key argon2id {cost.memory} {cost.passes} {salt.hex()}\n"
    return head.encode() + private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _password(passphrase: Secret, cost: Cost, salt: bytes) -> bytes:
    stretch = Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory
    )
    return stretch.derive(passphrase.reveal().encode()).hex().encode()


def _raw(signer: CryptoSigner) -> bytes:
    key = load_pem_private_key(signer.private_bytes, None)
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
