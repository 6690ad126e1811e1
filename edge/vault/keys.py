"""The vault's key, wrapped once for each user by what they know.

A random key of 32 bytes opens the vault; Argon2id of a user's passphrase makes the key that wraps
it by AES-256-GCM. So a passphrase changes, and a user comes or goes, without a record being
encrypted again. What each was wrapped with stands beside, and is bound to it.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from edge.errors import Damaged, LastUser, TooNew, Unfit, Unknown, WeakPassphrase, WrongPassphrase
from edge.settings import Host

KEY_BYTES = 32
LEAST_PASSPHRASE = 8
_VERSION = 1
_TAG = 16
_SALT = 16
_LEAST_SALT = 8
"""Argon2 takes no shorter one."""
_NONCE = 12


class Cost(NamedTuple):
    """Of one try: the second recommendation of RFC 9106, about 0.1 s."""

    memory_kib: int = 64 << 10
    iterations: int = 3
    lanes: int = 4


class _User(msgspec.Struct, frozen=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    memory_kib: Annotated[int, msgspec.Meta(ge=32, le=1 << 20)]
    iterations: Annotated[int, msgspec.Meta(ge=1, le=20)]
    lanes: Annotated[int, msgspec.Meta(ge=1, le=4)]
    salt: Annotated[bytes, msgspec.Meta(min_length=_LEAST_SALT)]
    nonce: bytes
    wrapped: bytes


class Keyring(msgspec.Struct, frozen=True):
    """What `keys.json` holds; a change makes another one."""

    vault: str
    users: tuple[_User, ...]
    version: int = _VERSION

    @classmethod
    def decode(cls, content: bytes) -> Keyring:
        """Raises Damaged, TooNew."""
        try:
            ring = msgspec.json.decode(content, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Damaged("keys.json is not as it was written: restore a backup") from None
        if ring.version > _VERSION:
            raise TooNew("keys.json is of a later version: install that one")
        if not ring.users:
            raise Damaged("keys.json names no user: restore a backup")
        return ring

    def encode(self) -> bytes:
        """Nothing in it is of use without a passphrase."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the users."""
        return tuple(user.name for user in self.users)

    def counted(self, name: str) -> str:
        """Whose wrong passphrases an attempt by this name is one of; empty: nobody's of ours."""
        return name if name in self.names else ""

    def with_user(
        self, name: str, passphrase: str, key: bytearray, cost: Cost, host: Host
    ) -> Keyring:
        """With this user, or with another passphrase of theirs. Raises Unfit, WeakPassphrase."""
        if not (0 < len(name) <= 40 and name.isprintable() and name == name.strip()):
            raise Unfit(
                "用户名须为 1 至 40 个可见字符",
                "a user's name has 1 to 40 characters, none invisible",
            )
        check_strength(passphrase)
        salt, nonce = host.random(_SALT), host.random(_NONCE)
        user = _User(name, *cost, salt, nonce, b"")
        wrapping = _derived(user, passphrase)
        try:
            wrapped = AESGCM(wrapping).encrypt(nonce, key, self._bound(user))
        finally:
            wipe(wrapping)
        others = tuple(other for other in self.users if other.name != name)
        made = msgspec.structs.replace(user, wrapped=wrapped)
        return msgspec.structs.replace(self, users=(*others, made))

    def without(self, name: str) -> Keyring:
        """Without this user. Raises Unknown, LastUser."""
        if name not in self.names:
            raise Unknown("no user has this name: groundswell-edge vault users list")
        others = tuple(user for user in self.users if user.name != name)
        if not others:
            raise LastUser("the last user cannot go: add another one first")
        return msgspec.structs.replace(self, users=others)

    def unwrap(self, name: str, passphrase: str, host: Host) -> bytearray:
        """The vault's key, for the caller to wipe. Raises WrongPassphrase.

        A name that nobody has takes as long as a passphrase that is wrong.
        """
        found = [user for user in self.users if user.name == name]
        user = found[0] if found else msgspec.structs.replace(
            self.users[0], salt=host.random(_SALT)
        )  # fmt: skip
        key = bytearray(KEY_BYTES)
        wrapping = _derived(user, passphrase)
        try:
            if len(user.wrapped) != KEY_BYTES + _TAG:
                raise InvalidTag
            AESGCM(wrapping).decrypt_into(user.nonce, user.wrapped, self._bound(user), key)
        except (InvalidTag, ValueError):
            raise WrongPassphrase("wrong user or passphrase · 用户或密码错误") from None
        finally:
            wipe(wrapping)
        return key

    def _bound(self, user: _User) -> bytes:
        """What a wrapped key belongs to: nothing of it can be changed alone."""
        cost = [user.memory_kib, user.iterations, user.lanes]
        return msgspec.json.encode([self.version, self.vault, user.name, cost])


def check_strength(passphrase: str) -> None:
    """Raises WeakPassphrase."""
    if len(passphrase) < LEAST_PASSPHRASE or len(set(passphrase)) < 4:
        raise WeakPassphrase(
            f"a passphrase has at least {LEAST_PASSPHRASE} characters, 4 of them different"
            f" · 密码至少 {LEAST_PASSPHRASE} 个字符"
        )


def wipe(secret: bytearray) -> None:
    """Write zeros over it."""
    secret[:] = bytes(len(secret))


def _derived(user: _User, passphrase: str) -> bytearray:
    made = bytearray(KEY_BYTES)
    spelled = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    Argon2id(
        salt=user.salt,
        length=KEY_BYTES,
        iterations=user.iterations,
        lanes=user.lanes,
        memory_cost=user.memory_kib,
    ).derive_into(spelled, made)
    return made
