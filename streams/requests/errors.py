"""Errors of whoever asks.

RequestError
├── NotReady           it does not listen yet, or no more: ask another one, or later
├── Overloaded         too much waits already: again after `retry_after_s`
├── NoReply            the deadline has passed: whether it was done is unknown; the same again
├── BrokerAway         Kafka did not take it: most likely nothing was done; the same again
└── NoPlace            every reply partition is taken, or there is no such one: set another
"""

from streams.errors import OperatorError


class RequestError(OperatorError):
    """No answer. `retry_after_s`: when to come again; `outcome`: its name in metrics."""

    outcome = "failed"

    def __init__(self, message: str = "", retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotReady(RequestError):
    """Replies would not be heard."""

    outcome = "not_ready"


class Overloaded(RequestError):
    """Nothing was sent; after `retry_after_s` there is about room again."""

    outcome = "overloaded"


class NoReply(RequestError):
    """It was sent, and nothing came back in time."""

    outcome = "late"


class BrokerAway(RequestError):
    """It was not acknowledged, and may still arrive, too late to be worked on."""

    outcome = "broker_away"


class NoPlace(RequestError):
    """No partition on which nobody else listens."""
