"""Shapes that are no proof, but worth a look."""

from __future__ import annotations

import pytest

from agents.records.folding import fold
from agents.records.pack import Pack
from agents.records.redaction.doubts import Doubts
from agents.records.redaction.removal import Kind, Place

DOUBTS = Doubts(Pack.load().redaction)

SEEN: list[tuple[str, str, Kind]] = [
    ("骨三28夜里发热", "骨三28", "ward"),
    ("老人在老年科乙区", "老年科乙区", "ward"),
    ("转回西区9床观察", "西区9床", "ward"),
    ("在河湾路那家书店上班", "河湾路那家书店", "employer"),
    ("我是晨曦里的护理员", "晨曦里", "employer"),
    ("放在北河湾大桥下", "北河湾大桥下", "address"),
    ("他住柳叶渡那边的平房", "柳叶渡那边的平房", "address"),
]
PASSED = ["下班后头晕，楼上楼下都走不动", "输尿管上段结石，住院三天", "血压 128/76，口服 2 片"]


@pytest.mark.parametrize(("text", "words", "kind"), SEEN)
def test_it_is_seen(text: str, words: str, kind: Kind) -> None:
    found = [one for one in DOUBTS.find(fold(text)) if one.kind == kind]
    at = text.index(words)
    assert set(range(at, at + len(words))) <= {
        place for one in found for place in range(one.start, one.end)
    }


@pytest.mark.parametrize("text", PASSED)
def test_what_is_said_every_day_is_passed(text: str) -> None:
    assert list(DOUBTS.find(fold(text))) == []


def test_nothing_of_what_is_taken_is_seen_again() -> None:
    text = fold("在河湾路那家书店上班")
    assert list(DOUBTS.find(text, [Place(0, len(text), "employer")])) == []
