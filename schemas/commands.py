"""What people tell an incident, on `incidents.commands`."""

from typing import TypeAlias

import msgspec

from schemas.times import Timestamp


class _Command(msgspec.Struct, tag_field="action", kw_only=True, omit_defaults=True):
    """`by` is whoever said it; `at` defaults to the record's timestamp."""

    incident_id: str
    by: str
    at: Timestamp | None = None


class Acknowledge(_Command, tag="ack"):
    """Somebody is on it."""


class Resolve(_Command, tag="resolve"):
    """It is over."""


class Silence(_Command, tag="silence"):
    """Say no more about this theme for a while."""

    minutes: int


class Note(_Command, tag="note"):
    """A remark for those who read it later."""

    text: str


class Feedback(_Command, tag="feedback"):
    """Was it useful? It moves the theme's threshold."""

    useful: bool


Command: TypeAlias = Acknowledge | Resolve | Silence | Note | Feedback
