"""Errors of the bank that an operator sees.

OperatorError
└── BadBank            mend the file or the setting that it names
"""

from streams.errors import OperatorError


class BadBank(OperatorError):
    """The bank cannot be opened like this."""
