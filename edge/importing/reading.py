"""A file, or pasted text, made into what may be kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

from edge.importing import encodings, facts, isolation, texts
from edge.importing.errors import Broken, NoText, TooBig
from edge.importing.formats import format_of
from edge.importing.imported import Imported, Person, Reading
from schemas.records import Format

MOST_BYTES = 20 << 20


def read(content: bytes, name: str) -> Imported:
    """Read a file; what has a grammar is parsed by another process. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise TooBig("bytes")
    if not content.strip(b" \t\r\n"):
        raise NoText("empty")
    form = format_of(content, name)
    if form == "text":
        return complete(Reading(text=encodings.decode(content)), form, name)
    return complete(isolation.parse(content, form), form, name)


def content_of(file: Path) -> bytes:
    """The bytes of a file, none of which stay in a buffer of ours. Raises Broken, TooBig."""
    try:
        # A pipe or a device could keep us waiting for ever.
        if not file.is_file():
            raise Broken("unreadable")
        with file.open("rb", buffering=0) as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError:
        raise Broken("unreadable") from None
    if len(content) > MOST_BYTES:
        raise TooBig("bytes")
    return content


def read_pasted(text: str) -> Imported:
    """Take text as a person pasted it. Raises Refused."""
    return complete(Reading(text=text), "text", "")


def complete(reading: Reading, form: Format, name: str) -> Imported:
    """As a document keeps it, with what its text says where the format itself did not."""
    text = texts.kept(reading.text)
    person, said = reading.person, facts.person(text)
    remarks = reading.remarks + (("lost",) if encodings.lost(text) else ())
    return Imported(
        format=form,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        date=reading.date or facts.date(text),
        title=reading.title or facts.title(text, name),
        department=reading.department or facts.department(text),
        person=Person(
            name=person.name or said.name,
            sex=said.sex if person.sex == "unknown" else person.sex,
            birth=person.birth or said.birth,
            number=person.number or said.number,
        ),
        # Their places are those of the text as it was read.
        items=reading.items if text == reading.text else (),
        remarks=remarks,
    )
