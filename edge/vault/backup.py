"""The whole vault as one encrypted file, and back.

A header with the wrapped keys of then, the pages as they stand in the vault, and a proof over all
of it by a key that is within: so it opens only with a passphrase of then, and nothing in it can be
exchanged, not even for a page of another backup.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from edge.errors import Busy, CannotWrite, Damaged, TooNew, Unfit
from edge.files import make_folder, save
from edge.settings import Home, Host
from edge.vault import chain
from edge.vault.database import Connection, connect, is_sound, plainly
from edge.vault.keys import Keyring
from edge.vault.locking import hold
from edge.vault.replacing import decide, finish, new_of
from edge.vault.session import Session
from edge.vault.tables import MIGRATIONS
from edge.vault.tries import one_try

_MAGIC = b"groundswell-edge backup 1\n"
_LENGTH = 8
_MOST_HEADER = 1 << 20
_PROOF = 32
_PART = 1 << 20


_OTHER = "this is no backup of ours, or not as it was written · 备份文件无效"
KEY = "backup_key"


class _Header(msgspec.Struct, frozen=True):
    made_ms: int
    length: int
    keys: Keyring


def back_up(session: Session, home: Home, path: Path) -> int:
    """Write the file, replacing what it was; its bytes. Raises Locked, Busy, CannotWrite, Unfit."""
    if path.is_dir() or path.resolve().is_relative_to(home.folder.resolve()):
        raise Unfit(
            "请选择病历库文件夹以外的文件，最好在另一磁盘",
            "name a file outside of the vault's folder, best on another disk",
        )
    keys = Keyring.decode(home.keys.read_bytes())
    with session.write() as (_, note):
        note("backed up")
    with session.read() as db:
        _still(db, home.vault)
        try:
            key = _key(db)
            header = _Header(session.host.now_ms(), home.vault.stat().st_size, keys)
            save(path, _parts(header, home.vault, key))
        finally:
            db.execute("ROLLBACK")
    return path.stat().st_size


def restore(home: Home, path: Path, passphrase: str, host: Host, user: str = "") -> str:
    """Verify the file, then let it take the place of the vault, if there is one; its user.

    Stopped at any moment, the old one or the new one is there. Empty, `user` is the only one then.
    Raises Damaged, WrongPassphrase, Wait, TooNew, Busy, CannotWrite, Unfit.
    """
    make_folder(home.folder)
    held = hold(home)
    try:
        finish(home)
        with _reading(path) as file:
            header, taken = _header(file)
            names = header.keys.names
            if not user and len(names) > 1:
                raise Unfit(
                    "备份有多个用户：请用 --user 指定",
                    "the backup has more than one user: say which, --user NAME",
                )
            name = user or names[0]
            with one_try(home.tries, header.keys.counted(name), host.now_ms()):
                key = header.keys.unwrap(name, passphrase, host)
            save(new_of(home.vault), _copied(file, header.length, taken.update))
            proof = file.read(_PROOF + 1)
        _verify(new_of(home.vault), key, proof, taken.digest(), lambda db: _enter(db, host, name))
        save(new_of(home.keys), [header.keys.encode()])
        decide(home)
        finish(home)
    finally:
        held.release()
    return name


def _still(db: Connection, vault: Path) -> None:
    """Everything written back, and nobody writing until the transaction ends. Raises Busy."""
    log = vault.with_name(vault.name + "-wal")
    for _ in range(10):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        db.execute("BEGIN IMMEDIATE")
        if not log.exists() or not log.stat().st_size:
            return
        db.execute("ROLLBACK")
    raise Busy("another process is reading the vault: try again")


def _parts(header: _Header, vault: Path, key: bytes) -> Iterator[bytes]:
    told = msgspec.json.encode(header)
    start = _MAGIC + len(told).to_bytes(_LENGTH, "big") + told
    taken = hashlib.sha256(start)
    yield start
    with _reading(vault) as file:
        yield from _copied(file, header.length, taken.update)
    yield hmac.digest(key, taken.digest(), hashlib.sha256)


def _copied(file: BinaryIO, length: int, tell: Callable[[bytes], object]) -> Iterator[bytes]:
    """So many bytes, each told on the way. Raises Damaged."""
    while length:
        part = file.read(min(_PART, length))
        if not part:
            raise Damaged(_OTHER)
        length -= len(part)
        tell(part)
        yield part


def _header(file: BinaryIO) -> tuple[_Header, hashlib._Hash]:
    start = file.read(len(_MAGIC) + _LENGTH)
    length = int.from_bytes(start[len(_MAGIC) :], "big")
    if not start.startswith(_MAGIC) or length > _MOST_HEADER:
        raise Damaged(_OTHER)
    told = file.read(length)
    try:
        header = msgspec.json.decode(told, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Damaged(_OTHER) from None
    if not header.keys.users or os.fstat(file.fileno()).st_size != (
        len(start) + length + header.length + _PROOF
    ):
        raise Damaged(_OTHER)
    return header, hashlib.sha256(start + told)


def _verify(
    path: Path, key: bytearray, proof: bytes, digest: bytes, then: Callable[[Connection], None]
) -> None:
    """Open the copy, hold it against its proof, and make the last entry. Raises Damaged, TooNew."""
    connection = connect(path, key)
    try:
        with plainly():
            wanted = hmac.digest(_key(connection), digest, hashlib.sha256)
            if not hmac.compare_digest(wanted, proof) or not is_sound(connection):
                raise Damaged(_OTHER)
            row = connection.execute("PRAGMA user_version").fetchone()
            if row is None or row[0] > len(MIGRATIONS):
                raise TooNew("a later version made this backup: install that one")
            then(connection)
    finally:
        connection.close()


def _enter(db: Connection, host: Host, user: str) -> None:
    db.execute("BEGIN IMMEDIATE")
    chain.append(db, host.now_ms(), user, "restored", ())
    db.execute("COMMIT")


def _key(db: Connection) -> bytes:
    row = db.execute("SELECT value FROM facts WHERE name = ?", (KEY,)).fetchone()
    if row is None:
        raise Damaged(_OTHER)
    return bytes(row[0])


def _reading(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from None
