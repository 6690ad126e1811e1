"""What people have done about an incident."""

import msgspec

from schemas.times import Timestamp


class Acknowledgement(msgspec.Struct, frozen=True):
    """Somebody is on it; after `until` (event time) it counts as open again."""

    by: str
    at: Timestamp
    until: Timestamp


class Silencing(msgspec.Struct, frozen=True):
    """Nothing is said about the theme until `until` (event time)."""

    by: str
    at: Timestamp
    until: Timestamp


class Remark(msgspec.Struct, frozen=True):
    """A note for those who read it later."""

    by: str
    at: Timestamp
    text: str


class Opinions(msgspec.Struct, frozen=True):
    """What people thought of the incidents of this theme.

    The theme's threshold is `factor` times that of its product.
    """

    useful: int
    not_useful: int
    factor: float
