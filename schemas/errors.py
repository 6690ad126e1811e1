"""Errors of the wire contracts.

SchemaError
├── Refusal            dead-letter this record and go on
└── NotOurs            a record on one of our own topics that no version of ours wrote: skip it
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a record was refused; the value is what the dead letter says."""

    NOT_JSON = "not_json"
    INVALID_UTF8 = "invalid_utf8"
    WRONG_TYPE = "wrong_type"
    EMPTY_TEXT = "empty_text"
    TEXT_TOO_LONG = "text_too_long"
    MESSAGE_TOO_LARGE = "message_too_large"
    CONTROL_CHARACTERS = "control_characters"
    TIME_OUT_OF_RANGE = "time_out_of_range"
    FUTURE = "future"


class SchemaError(Exception):
    """Root of the errors of this layer."""


class Refusal(SchemaError):
    """The record cannot be accepted; it belongs on the dead-letter topic with this reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class NotOurs(SchemaError):
    """A record on one of our own topics cannot be read."""
