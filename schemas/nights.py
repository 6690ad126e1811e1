"""What one night of the review check did: the account that every review appears in."""

import msgspec

from schemas.errors import NotOurs
from schemas.times import Timestamp


class NightAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `review_nights`. Key: `date`.

    `start`, `end`: the bounds of the day in the shop's `zone`; `source`: the name of where the
    reviews came from. `read`: every record of the day, `labelled`, `open` and `refused` (by reason)
    add up to it. `findings`: reviews by kind of finding. `asked`, `answered`: reviews put to a
    language model; `left_to_rules`: uncertain ones of which none was asked; `calls`, tokens and
    `cost` (in the money of the price table) of it. `seconds`: by stage; the only thing in which two
    equal nights differ.
    """

    date: str
    zone: str
    start: Timestamp
    end: Timestamp
    source: str
    read: int
    labelled: int
    open: int
    refused: dict[str, int]
    findings: dict[str, int]
    tickets: int
    campaigns: int
    asked: int = 0
    answered: int = 0
    left_to_rules: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    code: str = ""
    rules: str = ""
    models: str = ""
    seconds: dict[str, float] = {}

    @property
    def is_complete(self) -> bool:
        """Every record is labelled, left open or refused."""
        return self.read == self.labelled + self.open + sum(self.refused.values())


_decode = msgspec.json.Decoder(NightAccount).decode


def decode_account(value: bytes) -> NightAccount:
    """Decode one account. Raises NotOurs."""
    try:
        return _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotOurs(str(error)) from None
