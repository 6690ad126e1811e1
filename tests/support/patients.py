"""Patients and documents in a line each, for tests of what is made of them."""

from functools import cache

from agents.records.extraction import Extractor
from agents.records.pack import Pack
from agents.records.parsed import Note
from agents.records.summary import summarise
from schemas.records import DateText, Document, Item, Line, Patient, Sex, Summary


@cache
def pack() -> Pack:
    """The bundled one, loaded once."""
    return Pack.load()


def person(sex: Sex = "female", name: str = "程晚秋") -> Patient:
    return Patient("p1", name, sex, "1960-05-01")


def read(
    *notes: tuple[DateText, str], sex: Sex = "female"
) -> list[tuple[Document, tuple[Item, ...]]]:
    """Documents d0, d1, … with what is read out of them."""
    extractor = Extractor(pack())
    return [
        (
            Document(f"d{at}", "p1", date, "门诊病历", text, ""),
            extractor.read(Note(text, date, sex, "1960-05-01")),
        )
        for at, (date, text) in enumerate(notes)
    ]


def page(*notes: tuple[DateText, str], sex: Sex = "female") -> Summary:
    """The Chinese page of these notes."""
    return summarise(person(sex), read(*notes, sex=sex), pack())


def said(lines: tuple[Line, ...]) -> str:
    """All texts and details, a line each."""
    return "\n".join(f"{one.text} | {one.detail} | {one.mark}" for one in lines)
