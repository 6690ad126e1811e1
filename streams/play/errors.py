"""Errors of playing files.

OperatorError
└── PlayError
    ├── BadInput       mend the file or the path
    ├── BadMap         mend --map or --time-format
    └── BadRow         leave the row out and go on
"""

from streams.errors import OperatorError


class PlayError(OperatorError):
    """Root of the errors of playing a file."""


class BadInput(PlayError):
    """The path is not what can be played."""


class BadMap(PlayError):
    """The columns do not fit the file."""


class BadRow(PlayError):
    """One row cannot be mapped; it is counted under `reason` and left out."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
