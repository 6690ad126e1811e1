"""A change as a sender's form tells it, before the rules of this installation."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import msgspec

from schemas.changes import ChangeMessage
from streams.changes.errors import BadForm

T = TypeVar("T")
_TAG = re.compile(r"(?:refs/tags/)?v?(\d[\w.+-]*)")


class Request(NamedTuple):
    """What a form is read from; names of `headers` are in lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reported:
    """A change, and where the sender says it happened (empty: it does not say).

    `version`: what is deployed, such as 7.2.0 by the tag v7.2.0.
    """

    message: ChangeMessage
    repository: str = ""
    environment: str = ""
    version: str = ""


def parse(body: bytes, form: type[T]) -> T:
    """The body as JSON of this form; unknown fields are ignored. Raises BadForm."""
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadForm(str(error)) from None


def digest(*parts: str | bytes) -> str:
    """A name for what has none of its own: the same content, the same name."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        whole.update(len(data).to_bytes(4, "big") + data)
    return whole.hexdigest()[:16]


def version_of(ref: str) -> str:
    """The version that a tag names; empty for a branch.

    >>> version_of("refs/tags/v7.2.0"), version_of("main")
    ('7.2.0', '')
    """
    found = _TAG.fullmatch(ref)
    return found[1] if found else ""
