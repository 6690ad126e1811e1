"""Notes cut as the extractor cuts them."""

from functools import cache

from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
from schemas.records import Sex, Span


@cache
def pack() -> Pack:
    return Pack.load()


def parsed(text: str, date: str = "2025-03-02", sex: Sex = "unknown") -> Parsed:
    return Parsed(Note(text, date, sex), pack().headings.sections(text))


def marked(text: str) -> tuple[Parsed, Span]:
    """A text whose mention stands between { and }."""
    start, end = text.index("{"), text.index("}") - 1
    return parsed(text.replace("{", "").replace("}", "")), Span(start, end)
