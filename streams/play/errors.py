"""Errors of playing files.

OperatorError
└── PlayError
    ├── BadInput       mend the file or the path
    └── BadMap         mend --map or --time-format
"""

from streams.errors import OperatorError


class PlayError(OperatorError):
    """Root of the errors of playing a file."""


class BadInput(PlayError):
    """The path is not what can be played."""


class BadMap(PlayError):
    """The columns do not fit the file."""


class BadRow(PlayError):
    """One row cannot be mapped; it is counted and left out."""
