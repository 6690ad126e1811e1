"""What can stop a replay."""

from streams.errors import OperatorError


class CannotReplay(OperatorError):
    """Name another range, topic or folder: the message says what does not fit."""


class TopicGone(OperatorError):
    """What was planned cannot be read any more: plan again."""


class Interrupted(OperatorError):
    """Put right what it names and run the same command again: it goes on where it stopped."""


class NoIncidents(OperatorError):
    """A file to compare holds no incidents: name another one."""

    exit_code = 2
