"""What holds for every call, whatever bank it goes to."""

import re
from typing import TypeVar

import msgspec

from agents.assistant.errors import BankRefused
from schemas.tools import Call, ReadCall, WriteCall

C = TypeVar("C", bound=Call)
Key = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_IDS = ("$.card", "$.order", "$.account", "$.about", "$.service")
_encode = msgspec.json.Encoder(order="deterministic").encode
_read: msgspec.json.Decoder[ReadCall] = msgspec.json.Decoder(ReadCall)
_write: msgspec.json.Decoder[WriteCall] = msgspec.json.Decoder(WriteCall)


def name_of(call: Call) -> str:
    """The name of its tool, such as `unbind_card`."""
    return str(type(call).__struct_config__.tag)


def canonical(call: ReadCall | WriteCall) -> bytes:
    """The same bytes for the same call. Raises BankRefused for one that is none.

    An id that cannot be one is `not_found`, as one that nobody has.
    """
    decoder = _read if isinstance(call, ReadCall) else _write
    try:
        found = _encode(call)
        decoder.decode(found)
    except msgspec.ValidationError as error:
        place = str(error).rpartition("`$")[2]
        raise BankRefused("not_found" if f"${place}".startswith(_IDS) else "invalid") from None
    except (msgspec.MsgspecError, UnicodeError, TypeError):
        raise BankRefused("invalid") from None
    return found


def check_key(key: str) -> None:
    """Raises BankRefused for a key that cannot travel."""
    if not Key.fullmatch(key):
        raise BankRefused("invalid", "the key is none")
