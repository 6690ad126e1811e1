"""The encrypted store of a device."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from edge.errors import CannotWrite, Locked, NoVault, Unfit, VaultExists, WrongPassphrase
from edge.files import make_folder, remove, rename, save
from edge.settings import Home, Host
from edge.vault import backup
from edge.vault.audit import Audit
from edge.vault.chain import KEY, Action
from edge.vault.database import Connection, connect
from edge.vault.documents import Documents
from edge.vault.items import Items
from edge.vault.keys import KEY_BYTES, Cost, Keyring, check_strength, wipe
from edge.vault.locking import NONE_YET, hold
from edge.vault.patients import Patients
from edge.vault.preferences import Preferences
from edge.vault.reminders import Reminders
from edge.vault.replacing import finish, is_replacing
from edge.vault.search import Search
from edge.vault.session import Session
from edge.vault.tables import is_current, migrate
from edge.vault.tries import one_try

IDLE_MS = 10 * 60_000


class Vault:
    """Open from `open` or `create` until `close`; locked and unlocked in between.

    The vault's key is in a buffer of Python from the unwrapping to the opening of the file, and
    wiped; from then on SQLCipher alone has it, in memory that it locks and wipes when the vault is
    locked. What Python cannot wipe: the passphrase as it was typed, and texts that were read and
    are not used any more, until their memory is used for something else.
    """

    def __init__(
        self, home: Home, host: Host, *, idle_ms: int = IDLE_MS, reader: bool = False
    ) -> None:
        """Locked. `reader`: beside the one that writes, for scripts. Raises NoVault, Busy."""
        self.home = home
        self._host = host
        self._held = None if reader and not is_replacing(home) else hold(home)
        finish(home)
        if not home.vault.exists():
            self._release()
            raise NoVault(NONE_YET)
        if reader:
            self._release()
        self._session = Session(host, idle_ms, reader=reader)
        self.audit = Audit(self._session, home.head)
        self.patients = Patients(self._session)
        self.documents = Documents(self._session)
        self.items = Items(self._session)
        self.search = Search(self._session)
        self.reminders = Reminders(self._session)
        self.preferences = Preferences(self._session)

    @classmethod
    def create(
        cls, home: Home, user: str, passphrase: str, host: Host, *, cost: Cost | None = None
    ) -> Vault:
        """A new one with its first user, open. Raises VaultExists, WeakPassphrase, Unfit, Busy."""
        make_folder(home.folder)
        held = hold(home)
        try:
            finish(home)
            if home.vault.exists():
                raise VaultExists(f"{home.folder} has a vault already")
            _make(home, user, passphrase, host, cost or Cost())
        finally:
            held.release()
        made = cls.open(home, user, passphrase, host)
        made.audit.add("created")
        return made

    @classmethod
    def open(
        cls,
        home: Home,
        user: str,
        passphrase: str,
        host: Host,
        *,
        idle_ms: int = IDLE_MS,
        reader: bool = False,
    ) -> Vault:
        """Unlocked; empty, `user` is the only one. Raises as `__init__` and `unlock`."""
        vault = cls(home, host, idle_ms=idle_ms, reader=reader)
        try:
            vault.unlock(passphrase, user)
        except BaseException:
            vault.close()
            raise
        return vault

    def unlock(self, passphrase: str, user: str = "") -> None:
        """Empty, `user` is the last one here, or the only one.

        Raises WrongPassphrase, Wait, Unfit, Damaged, TooNew.
        """
        name = self.named(user or self._session.user)
        ring = self._ring()
        with one_try(self.home.tries, ring.counted(name), self._host.now_ms()) as failures:
            key = ring.unwrap(name, passphrase, self._host)
        connection = connect(self.home.vault, key)
        try:
            migrated = self._migrate(connection)
            self._session.begin(connection, name)
        except BaseException:
            connection.close()
            raise
        if failures:
            self.audit.add("refused", str(failures))
        self.audit.add("unlocked")
        if migrated:
            self.audit.add("updated")

    def lock(self) -> None:
        """The key and the pages in memory are wiped; done again, nothing happens."""
        if not self._session.locked:
            with suppress(CannotWrite, Locked):
                self.audit.settle()
        self._session.close()

    def close(self) -> None:
        """Lock, and let another process write."""
        self.lock()
        self._release()

    def when_locked(self, told: Callable[[], None]) -> None:
        """Tell it each time this is locked, by a person or by itself."""
        self._session.closed.append(told)

    @property
    def locked(self) -> bool:
        """Also what nobody has used for `idle_ms` is: ask now and then, so that it is wiped."""
        return self._session.locked

    @property
    def user(self) -> str:
        """Who unlocked it last."""
        return self._session.user

    @property
    def idle_ms(self) -> int:
        """It locks itself when nobody has used it for so long."""
        return self._session.idle_ms

    @property
    def users(self) -> tuple[str, ...]:
        """Who can open it."""
        return self._ring().names

    def named(self, user: str) -> str:
        """This user, or the only one if empty. Raises Unfit if there are more."""
        names = self.users
        if not user and len(names) > 1:
            raise Unfit(
                "有多个用户：请用 --user 指定", "more than one user: say which, --user NAME"
            )
        return user or names[0]

    def add_user(self, user: str, passphrase: str, mine: str, *, cost: Cost | None = None) -> None:
        """Who can open it too. `mine`: the passphrase of who is here.

        Raises Unfit, WeakPassphrase, WrongPassphrase, Wait.
        """
        if user in self.users:
            raise Unfit("已有同名用户", "there is a user with this name")
        self._wrap("user added", user, passphrase, mine, cost)

    def change_passphrase(self, old: str, new: str, *, cost: Cost | None = None) -> None:
        """Of who is here; no record is encrypted again, so backups made before keep the old one.

        Raises WeakPassphrase, WrongPassphrase, Wait.
        """
        self._wrap("passphrase changed", self.user, new, old, cost)

    def remove_user(self, user: str) -> None:
        """Who cannot open it any more. Raises Unknown, LastUser, Locked."""
        ring = self._ring().without(user)
        self.audit.add("user removed", user)
        save(self.home.keys, [ring.encode()])

    def backup(self, path: Path) -> int:
        """One encrypted file, replaced as a whole; its bytes. It opens with the passphrases of now.

        Raises Locked, Busy, CannotWrite, Unfit. `edge.vault.restore` is the way back.
        """
        return backup.back_up(self._session, self.home, path)

    def _wrap(
        self, action: Action, user: str, passphrase: str, mine: str, cost: Cost | None
    ) -> None:
        check_strength(passphrase)
        ring = self._ring()
        with one_try(self.home.tries, ring.counted(self.user), self._host.now_ms()):
            try:
                key = ring.unwrap(self.user, mine, self._host)
            except WrongPassphrase:
                self.audit.add("refused")
                raise
        try:
            changed = ring.with_user(user, passphrase, key, cost or Cost(), self._host)
        finally:
            wipe(key)
        self.audit.add(action, user)
        save(self.home.keys, [changed.encode()])

    def _migrate(self, connection: Connection) -> bool:
        """Whether there was anything to do. Raises TooNew, and Busy beside one that writes."""
        if not self._session.reader:
            return migrate(connection)
        if is_current(connection):
            return False
        held = hold(self.home)
        try:
            return migrate(connection)
        finally:
            held.release()

    def _ring(self) -> Keyring:
        return read_keys(self.home)

    def _release(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None

    def __enter__(self) -> Vault:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Vault({'locked' if self.locked else 'open'})"


def read_keys(home: Home) -> Keyring:
    """Raises NoVault, Damaged, TooNew."""
    if not home.vault.exists():
        raise NoVault(NONE_YET)
    try:
        return Keyring.decode(home.keys.read_bytes())
    except OSError:
        raise NoVault(f"{home.keys} is missing: restore a backup") from None


def _make(home: Home, user: str, passphrase: str, host: Host, cost: Cost) -> None:
    """The file aside, then the keys, then the file in place: until then there is no vault."""
    key = bytearray(host.random(KEY_BYTES))
    aside = home.vault.with_name("vault.db.new")
    try:
        ring = Keyring(host.random(8).hex(), ()).with_user(user, passphrase, key, cost, host)
        for path in (aside, *(aside.with_name(aside.name + end) for end in ("-wal", "-shm"))):
            remove(path)
        connection = connect(aside, bytearray(key))
    finally:
        wipe(key)
    try:
        migrate(connection)
        for name in (KEY, backup.KEY):
            connection.execute("INSERT INTO facts VALUES (?, ?)", (name, host.random(KEY_BYTES)))
    finally:
        connection.close()
    aside.chmod(0o600)
    remove(home.head)
    save(home.keys, [ring.encode()])
    rename(aside, home.vault)
