"""Rows of JSONL: one object a line."""

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from streams.reviews.errors import BadSource
from streams.reviews.sources.broken import Broken
from streams.reviews.sources.lines import MAX_LINE, opened
from streams.reviews.sources.rows import Row, shown

_decode = msgspec.json.Decoder().decode
_UTF8 = codecs.lookup("utf-8").name


def rows(
    path: Path, named: Sequence[tuple[str, str]], encoding: str
) -> Iterator[tuple[int, Row | Broken]]:
    """The number of each line and its row; blank lines are none. Raises BadSource, SourceAway.

    A column may name a key within others, as `user.id`.
    """
    if encoding.lower().startswith(("utf-16", "utf_16", "utf-32", "utf_32")):
        raise BadSource(f"{path}: JSONL is UTF-8; convert it")
    with opened(path) as file:
        for number, line in _numbered(file):
            if number == 1:
                _check_lines(path, line)
            if not line or line.isspace():
                continue
            try:
                yield number, _row(_object(line, encoding), named)
            except Broken as broken:
                yield number, broken


def _numbered(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines; of one that is too long the beginning, one byte over the limit."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE + 1)
        yield number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line


def _check_lines(path: Path, first: bytes) -> None:
    if first.strip() in (b"[", b"{") or first.lstrip()[:1] == b"[":
        raise BadSource(f"{path} is one JSON document; write one object a line (JSONL)")


def _object(line: bytes, encoding: str) -> Mapping[str, object]:
    if len(line) > MAX_LINE:
        raise Broken("line_too_long", f"over {MAX_LINE} bytes")
    try:
        found = _decode(line) if codecs.lookup(encoding).name == _UTF8 else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = None
    if found is None:
        found = _lenient(line.decode(encoding, "replace"))
    if not isinstance(found, dict):
        raise Broken("not_an_object", shown(line))
    return found


def _lenient(text: str) -> object:
    """Half characters, NaN and bare control characters are let pass."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise Broken("not_json", shown(text)) from None


def _row(found: Mapping[str, object], named: Sequence[tuple[str, str]]) -> Row:
    row: dict[str, object] = {}
    for field, column in named:
        if column in found:
            row[field] = found[column]
        elif "." in column:
            _walk(found, column.split("."), row, field)
    return row


def _walk(found: Mapping[str, object], path: list[str], row: dict[str, object], field: str) -> None:
    value: object = found
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return
        value = value[key]
    row[field] = value
