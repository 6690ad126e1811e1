"""Errors of the sinks.

SinkError
├── DeliveryFailed     the broker did not take it in time: stop, and go on from durable state
└── TooManyRefused     the share of dead letters says a bad deploy: stop and look
"""


class SinkError(Exception):
    """Root of the errors of this layer."""


class DeliveryFailed(SinkError):
    """A record was not acknowledged; nothing that follows from it may be called durable."""


class TooManyRefused(SinkError):
    """More records are refused than the limit allows."""
