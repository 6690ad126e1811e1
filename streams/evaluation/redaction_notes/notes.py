"""The moulds and notes of this folder, with where each identifier stands.

A paragraph begins with `= tune` or `= test`. `{kind.variant}` is filled by chance, `{kind=words}`
stands as it is; `#known` marks what the device knows of its patient, the same at every place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from random import Random
from typing import Final, Literal, NamedTuple, cast, get_args

from schemas.records import Patient, Span
from streams.evaluation.redaction_notes.identifiers import MAKERS, kind_of

Half = Literal["tune", "test"]
_SLOT: Final = re.compile(r"\{([a-z.]+)(#known)?(?:=([^}]*))?\}")
_WRITTEN: Final = (
    "written.txt",
    "written-names.txt",
    "names-g.txt",
    "names-h.txt",
    "names-i.txt",
    "names-j.txt",
    "blind.txt",
    "chats.txt",
    "wardtalk.txt",
    "letters.txt",
    "village.txt",
    "cradle.txt",
    "desk.txt",
    "ledgers.txt",
    "tongues.txt",
    "works.txt",
    "calm.txt",
    "crowd.txt",
    "days.txt",
    "mingled.txt",
    "elders.txt",
    "bynames.txt",
    "streets.txt",
    "papers.txt",
    "evening.txt",
    "mixed.txt",
    "ordinary.txt",
    "plain.txt",
)
_FILES: Final = ("moulds-zh.txt", "moulds-more.txt", "moulds-en.txt", *_WRITTEN)
_TIMES: Final = 3
_SEED: Final = 8


class TrueSpan(NamedTuple):
    """An identifier in a note."""

    span: Span
    kind: str


class HiddenNote(NamedTuple):
    """A note; `written`: wholly by hand, not filled."""

    id: str
    half: Half
    written: bool
    text: str
    truth: tuple[TrueSpan, ...]
    known: Patient | None

    @property
    def hand(self) -> str:
        """Who wrote it: the file."""
        return self.id.rpartition("-")[0]


def own_notes(seed: int = _SEED) -> list[HiddenNote]:
    """Each mould filled three times, and every note written by hand once."""
    notes: list[HiddenNote] = []
    for place in note_files():
        name = place.name
        written = name in _WRITTEN
        content = place.read_text(encoding="utf-8")
        for number, (half, mould) in enumerate(_paragraphs(content), 1):
            for time in range(1 if written else _TIMES):
                mark = f"{name.removesuffix('.txt')}-{number}.{time}"
                notes.append(_fill(mould, half, mark, written, Random(f"{seed} {mark}")))
    return notes


def note_files() -> list[Traversable]:
    """The files of moulds and notes."""
    return [files("streams.evaluation.redaction_notes") / name for name in _FILES]


def _paragraphs(content: str) -> Iterator[tuple[Half, str]]:
    lines = [line for line in content.splitlines() if not line.startswith("#")]
    starts = [at for at, line in enumerate(lines) if line.startswith("= ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        half = lines[start].removeprefix("= ")
        assert half in get_args(Half), half
        yield cast(Half, half), "\n".join(lines[start + 1 : end])


def _fill(mould: str, half: Half, mark: str, written: bool, random: Random) -> HiddenNote:
    text, end = "", 0
    truth: list[TrueSpan] = []
    known: dict[str, str] = {}
    for slot in _SLOT.finditer(mould):
        kind = kind_of(slot[1])
        text += mould[end : slot.start()]
        end = slot.end()
        words = slot[3] if slot[3] is not None else known.get(kind) if slot[2] else None
        words = words or MAKERS[slot[1]](random)
        if slot[2]:
            known[kind] = words
        if kind:
            truth.append(TrueSpan(Span(len(text), len(text) + len(words)), kind))
        text += words
    text += mould[end:]
    patient = Patient("p", known.get("name", ""), number=known.get("record", ""))
    return HiddenNote(mark, half, written, text, tuple(truth), patient if known else None)
