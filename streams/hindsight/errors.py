"""What can be wrong with a question about the past."""

from streams.errors import OperatorError


class NothingThere(OperatorError):
    """The log or the files hold nothing to explain: name others."""


class Unclear(OperatorError):
    """Ask for something that is there: the message says what is."""
