"""Lines of the result and error files of a batch, whoever wrote them and however."""

import re
from typing import Literal, NamedTuple

import msgspec

from agents.llm.client import Reply, reply_of
from agents.llm.errors import ModelDeclined, ModelNonsense

MOST_LINE = 1_048_576
"""Bytes of one line that are read; an answer is much shorter."""

Ending = Literal["replied", "declined", "malformed", "rejected", "expired", "failed"]
"""`rejected`: the server will never take this request; `failed`: it may the next time."""

_ID = re.compile(rb'"custom_id"\s*:\s*"([A-Za-z0-9_-]{1,64})"')
_PASSING = frozenset({408, 409, 429})
_CODE = re.compile(r"[a-z0-9_]{1,40}")


class BatchResult(NamedTuple):
    """What became of one request; `why` holds no word of the server or the model."""

    custom_id: str
    ending: Ending
    reply: Reply | None = None
    why: str = ""


class _Line(msgspec.Struct, frozen=True):
    custom_id: str
    response: msgspec.Raw = msgspec.Raw(b"null")
    error: msgspec.Raw = msgspec.Raw(b"null")


class _Response(msgspec.Struct, frozen=True):
    """`body` is missing in older files of vLLM: the completion stands in its place."""

    status_code: int | None = None
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Error(msgspec.Struct, frozen=True):
    code: str | int | None = None


_decode_line = msgspec.json.Decoder(_Line).decode
_decode_response = msgspec.json.Decoder(_Response).decode
_decode_error = msgspec.json.Decoder(_Error).decode
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)


def read_result(line: bytes) -> BatchResult | None:
    """The result in a line; None if the line does not say whose it is. Raises nothing."""
    try:
        found = _decode_line(line)
    except _UNREADABLE:
        name = _ID.search(line)
        # What ends within a line was cut off on its way: that is no result yet.
        if name is None or not line.rstrip().endswith(b"}"):
            return None
        return BatchResult(name[1].decode(), "malformed", why="the line is no JSON")
    return _result(found)


def too_long(head: bytes) -> BatchResult | None:
    """The result in a line of which only the beginning was read."""
    name = _ID.search(head)
    if name is None:
        return None
    return BatchResult(name[1].decode(), "malformed", why=f"longer than {MOST_LINE} bytes")


def _result(line: _Line) -> BatchResult:
    name = line.custom_id
    if bytes(line.error) not in (b"null", b'""', b"{}"):
        return _failed(name, line)
    if bytes(line.response) == b"null":
        return BatchResult(name, "failed", why="neither an answer nor an error")
    try:
        response = _decode_response(line.response)
    except _UNREADABLE:
        return BatchResult(name, "malformed", why="the answer is no JSON object")
    if response.status_code not in (None, 200):
        return _refused(name, response.status_code)
    body = response.body
    if bytes(body) == b"null":
        body = line.response
    try:
        reply = reply_of(body)
    except ModelDeclined as error:
        return BatchResult(name, "declined", why=str(error))
    except ModelNonsense as error:
        return BatchResult(name, "malformed", why=str(error))
    return BatchResult(name, "replied", reply)


def _failed(name: str, line: _Line) -> BatchResult:
    """The code of an error is passed on if it is one; its message may quote the question."""
    code = ""
    try:
        code = str(_decode_error(line.error).code or "")
        status = _decode_response(line.response).status_code
    except _UNREADABLE:
        status = None
    if code == "batch_expired":
        return BatchResult(name, "expired", why=code)
    if status is None and code.isdecimal() and len(code) == 3:
        status = int(code)
    if status not in (None, 200):
        return _refused(name, status)
    return BatchResult(name, "failed", why=code if _CODE.fullmatch(code) else "an error")


def _refused(name: str, status: int) -> BatchResult:
    passing = status in _PASSING or status >= 500
    return BatchResult(name, "failed" if passing else "rejected", why=f"HTTP {status}")
