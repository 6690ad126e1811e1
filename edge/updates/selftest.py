"""Whether a pack reads its own notes as it should, tried in a process that cannot harm this one.

A pack may bring `golden.jsonl`: a note a line, as `text`, `date`, `sex`, `birth` and `items`, which
must all be found: each with its `kind`, its `words` and whatever else it names of an item; or a
question as `text` and `hidden`, the words that may not leave with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from agents.models.errors import BadModel
from agents.records.errors import BadPack
from agents.records.extraction import Extractor
from agents.records.pack import Pack
from agents.records.parsed import Note
from agents.records.redaction import Redactor
from edge import guard
from edge.errors import Unsound
from edge.updates.slot import read
from schemas.records import DateText, Item, Sex

GOLDEN = "golden.jsonl"
PATIENCE_S = 60.0
_MOST_SAID = 300
_DAYS = -40

Reader = Callable[[Note], tuple[Item, ...]]


class Golden(msgspec.Struct, frozen=True):
    """A made-up note and what must be found in it, or what must be taken out of it."""

    text: str
    items: tuple[dict[str, Any], ...] = ()
    hidden: tuple[str, ...] = ()
    date: DateText = ""
    sex: Sex = "unknown"
    birth: DateText = ""


def check(folder: Path, reader: Callable[[Pack], Reader]) -> int:
    """How many golden notes there are, all read well. Raises Unsound."""
    try:
        pack = Pack.load(folder)
    except BadPack as error:
        raise Unsound(str(error)) from None
    notes = goldens(folder)
    if not notes:
        return 0
    read_note, redactor = reader(pack), Redactor(pack.redaction, pack.tags)
    for number, golden in enumerate(notes, 1):
        try:
            why = _wrong(golden, read_note, redactor)
        except BadModel as error:
            raise Unsound(str(error)) from None
        if why:
            raise Unsound(f"{GOLDEN}, line {number}: {why}")
    return len(notes)


def _wrong(golden: Golden, read_note: Reader, redactor: Redactor) -> str:
    """What is not as it should be; nothing if all is. Raises BadModel."""
    note = Note(golden.text, golden.date, golden.sex, golden.birth)
    found = [_plain(item, golden.text) for item in read_note(note)]
    for wanted in golden.items:
        if not any(_has(one, wanted) for one in found):
            return f"{wanted.get('kind')} {wanted.get('words', '')!r} not found"
    left = redactor.redact(golden.text, days=_DAYS).text if golden.hidden else ""
    for words in golden.hidden:
        if words in left:
            return f"{words!r} would leave"
    return ""


def goldens(folder: Path) -> list[Golden]:
    """The notes a pack brings; none if it brings none. Raises Unsound."""
    if not (folder / GOLDEN).exists():
        return []
    try:
        return msgspec.json.Decoder(Golden).decode_lines(read(folder / GOLDEN) or b"{")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unsound(f"{GOLDEN}: {error}") from None


def run(folder: Path, patience_s: float = PATIENCE_S) -> None:
    """`check` in a process of its own, which may crash or hang. Raises Unsound."""
    command = [*guard.child("edge.updates.selftest"), str(folder)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unsound(f"its self-test did not end within {patience_s:.0f} s") from None
    if done.returncode:
        # The notes are made up: what it says holds nothing of a patient.
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Unsound(f"its self-test failed: {said[:_MOST_SAID] or f'exit {done.returncode}'}")


def _plain(item: Item, text: str) -> Mapping[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(item)
    defaults = {name: getattr(item, name) for name in item.__struct_fields__}
    return {**defaults, **fields, "words": text[item.span.start : item.span.end]}


def _has(item: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(name in item and item[name] == value for name, value in wanted.items())


def _main(folder: str) -> int:
    guard.install()
    try:
        check(Path(folder), lambda pack: Extractor(pack).read)
    except Unsound as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
