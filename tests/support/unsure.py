"""A redactor whose model takes nothing and is unsure of one name, whatever it was taught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from agents.records.redaction.removal import Place
from agents.records.redaction.tagged import TaggedText

NAME = "糖豆"


def make_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a text as `NAME` is perhaps one."""

    def perhaps(self: Any, _: object) -> Iterator[Place]:
        return (Place(*one.span(), "name") for one in re.finditer(NAME, self._text))

    monkeypatch.setattr(TaggedText, "sure", lambda _: iter(()))
    monkeypatch.setattr(TaggedText, "perhaps", perhaps)
