"""What the device says when it will not: in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import edge
from edge.errors import Unfit

HAN = ("\u4e00", "\u9fff")


def test_what_cannot_be_kept_is_told_in_both() -> None:
    error = Unfit("日期如 2026-05-31", "a day is 2026-05-31")
    assert str(error) == "日期如 2026-05-31 · a day is 2026-05-31"
    assert (error.zh, error.en) == ("日期如 2026-05-31", "a day is 2026-05-31")


def test_everywhere() -> None:
    calls = [
        node
        for file in Path(edge.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Unfit"
    ]
    assert len(calls) > 20
    for call in calls:
        zh, en = (ast.unparse(one) for one in call.args)
        assert any(HAN[0] <= c <= HAN[1] for c in zh), en
        assert en.isascii(), en
