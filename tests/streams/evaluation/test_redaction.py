"""What a mark finds counts beside what is removed, and a mark of nothing missed is needless."""

from __future__ import annotations

import pytest

from agents.records.pack import Pack
from agents.records.redaction import Perhaps, Redacted, Redactor, Removed
from schemas.records import Span
from streams.evaluation.redaction import judge
from streams.evaluation.redaction_notes.notes import HiddenNote, TrueSpan

TEXT = "张伟和糖豆在晨曦里看店"
NOTE = HiddenNote(
    "n", "tune", True, TEXT,
    tuple(TrueSpan(Span(*at), kind) for at, kind in [
        ((0, 2), "name"), ((3, 5), "name"), ((6, 9), "employer"),
    ]),
    None,
)  # fmt: skip


def test_marks_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first name is removed; marked: the second, half of the employer, and what is none.
    perhaps = tuple(
        Perhaps(one, one.start, "name", "[姓名]") for one in (Span(3, 5), Span(6, 8), Span(9, 11))
    )
    made = Redacted(TEXT, (Removed(Span(0, 2), "name"),), perhaps)
    monkeypatch.setattr(Redactor, "redact", lambda *_, **__: made)
    done = judge(NOTE, Redactor(Pack.load().redaction))
    assert done.missed == NOTE.truth[1:]
    assert done.unmarked == NOTE.truth[2:]
    assert done.marks == 1
