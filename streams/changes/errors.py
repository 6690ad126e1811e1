"""Errors of changes that come in.

OperatorError
└── BadChanges         mend the settings or the file that it names
FormError
├── NotAChange         an event that changes nothing: answer that it is well, and go on
└── BadForm            the sender must mend it: answer why
"""

from streams.errors import OperatorError


class BadChanges(OperatorError):
    """The webhook cannot be started like this: mend what it names."""


class FormError(Exception):
    """Root of what may be wrong with what a sender sent."""


class NotAChange(FormError):
    """An event that is none of those that count."""


class BadForm(FormError):
    """The body is not of its form."""
