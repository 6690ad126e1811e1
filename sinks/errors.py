"""Errors of the sinks.

SinkError
├── DeliveryFailed     the broker did not take it in time: stop, and go on from durable state
├── CannotListen       the address is taken or not ours: choose another one
├── CannotRead         a broker or a file did not give it: wait for it, or mend the address
├── Unreachable        a receiver does not answer, or asks for patience: the same again later
├── Rejected           a receiver will never take this: count it, say so, go on
├── Misconfigured      mend the file of the receivers, or of the reviews, where it says
├── TooManyRefused     the share of dead letters says a bad deploy: stop and look
└── Unguarded          others could reach the console: give it a token
"""


class SinkError(Exception):
    """Root of the errors of this layer."""


class DeliveryFailed(SinkError):
    """A record was not acknowledged; nothing that follows from it may be called durable."""


class CannotListen(SinkError):
    """The port is taken, or the address is none of this machine."""


class CannotRead(SinkError):
    """A broker or a file did not answer, or has no such thing."""


class Unreachable(SinkError):
    """A receiver is away or overloaded; `retry_after` seconds, if it said when to come again.

    `reason` is one word for the count of failures.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, reason: str = "unreachable"
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.reason = reason


class Rejected(SinkError):
    """A receiver refused what it was given; to repeat it would change nothing."""


class Misconfigured(SinkError):
    """A file of tables such as sinks.toml is wrong; it names file, table and key."""


class TooManyRefused(SinkError):
    """More records are refused than the limit allows."""


class Unguarded(SinkError):
    """The console would be open to others, or its token is too short to keep them out."""
