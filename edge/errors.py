"""Errors of the device, named by what the person before it must do.

Each is shown as one line. None carries a patient's text: names of people, words of documents and
what was searched for stay out of every message; ids may be told.

EdgeError
├── NoVault            there is none yet: groundswell-edge vault create
├── VaultExists        there is one: choose another folder, or use it
├── WrongPassphrase    type it again
├── Wait               too many wrong ones: come again in `seconds`
├── Locked             unlock it again
├── Busy               another process has it: close that one
├── Damaged            the file is not as it was written: restore a backup
├── TooNew             a later version wrote it: install that one
├── Unknown            no such patient, document, user or reminder
├── Unfit              what was given cannot be kept: it says why
├── WeakPassphrase     choose a longer one
├── LastUser           add another one first
├── CannotListen       the port is taken: choose another
├── CannotWrite        a folder or file cannot be written: it says which
├── BadDifference      a difference cannot be applied: fetch the whole file
├── NotEnrolled        the device has no update keys yet: ask the publisher for its device.json
├── Unreachable        the source is away, slow or incomplete: try again, what came is kept
│   └── Missing        it has no such file
├── Untrusted          what it gives is not what the publisher signed: nothing was changed
├── Expired            what it gives is too old to install: find a newer source; all goes on running
├── Unsound            a new pack failed its own test: the old one runs on
└── Forbidden          the record process tried to reach the outside: report it
"""


class EdgeError(Exception):
    """Root of the errors of this layer; `exit_code` ends the command."""

    exit_code = 1


class NoVault(EdgeError):
    """The folder holds no vault."""


class VaultExists(EdgeError):
    """A vault is never overwritten."""


class WrongPassphrase(EdgeError):
    """The passphrase, or the user's name, is wrong; which of them is not said."""


class Wait(EdgeError):
    """Wrong passphrases cost time; the right one is not even tried before."""

    def __init__(self, seconds: int) -> None:
        minutes, rest = divmod(seconds, 60)
        told = f"{minutes} min {rest} s" if minutes else f"{rest} s"
        super().__init__(f"too many wrong passphrases: wait {told} · 密码错误过多，请等待 {told}")
        self.seconds = seconds


class Locked(EdgeError):
    """Nobody has used it for a while, or somebody has locked it; the key is gone from memory."""


class Busy(EdgeError):
    """Only one process writes."""


class Damaged(EdgeError):
    """A page, the chain of the audit or a backup is not as it was written."""


class TooNew(EdgeError):
    """Its tables are those of a later version of this application."""


class Unknown(EdgeError):
    """Nothing has this id or name."""


class Unfit(EdgeError):
    """Too large, of the wrong shape, or it contradicts itself. Told in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} · {en}")
        self.zh, self.en = zh, en


class WeakPassphrase(EdgeError):
    """It would be guessed from a stolen device."""


class LastUser(EdgeError):
    """Without a user nobody could ever open it."""


class CannotListen(EdgeError):
    """The page's port is taken, or may not be used."""


class CannotWrite(EdgeError):
    """The disk is full, read-only, or belongs to somebody else."""


class BadDifference(EdgeError):
    """It is broken, larger than it says, or of another file."""


class NotEnrolled(EdgeError):
    """`device.json` is missing or broken."""


class Unreachable(EdgeError):
    """No network, a stick that was pulled out, an answer that does not end in time."""

    exit_code = 3


class Missing(Unreachable):
    """The source answers, and has nothing under this name."""


class Untrusted(EdgeError):
    """Wrong or too few signatures, another content, an older version, more than was promised."""

    exit_code = 4


class Expired(EdgeError):
    """Expiry stops installing, never running."""

    exit_code = 5


class Unsound(EdgeError):
    """A pack that cannot be loaded, or does not read its own notes as it should."""

    exit_code = 6


class Forbidden(EdgeError):
    """A call that could carry something out of the record process; it was not made."""
