"""What can stop the publisher, named by what to do.

PublishError
├── NoKeys             make some: groundswell edge keys init
├── WrongPassphrase    give the one of this key
├── Unfit              mend the pack, the name or the numbers: it says which
├── Taken              something else is there: choose another version, name or folder
├── Waiting            another holder of a key must sign; then run the same command again
└── BadRepository      the publisher's own folder is not as it was written, or is an old copy
"""

from streams.errors import OperatorError


class PublishError(OperatorError):
    """Root of the errors of the publisher."""


class NoKeys(PublishError):
    """The folder holds no keys, or not the one that is asked for."""


class WrongPassphrase(PublishError):
    """It opens none of the keys that are needed."""


class Unfit(PublishError):
    """What was given cannot be published, or signed."""


class Taken(PublishError):
    """Nothing that is out is ever overwritten by something else."""


class Waiting(PublishError):
    """Too few signatures yet; what was done is kept."""

    exit_code = 3


class BadRepository(PublishError):
    """Bring back the newest copy of the publisher's folder."""
