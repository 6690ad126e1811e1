"""The page says everything in both languages."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

import streams.assistant.demonstration.page as page
from schemas.tools import ReadCall, WriteCall
from schemas.turns import Action, Source
from streams.assistant.demonstration.stage import _STATES
from streams.gateway.problems import TITLES

STATIC = Path(page.__file__).parent / "static"
WORDS = {lang: json.loads((STATIC / f"i18n/{lang}.json").read_text()) for lang in ("en", "zh")}
NOT_ON_A_SOCKET = {
    *("no-token", "bad-token", "other-origin", "not-found", "wrong-method", "too-slow"),
    *("too-large", "wrong-type", "upgrade-needed", "too-many-sockets"),
}


def test_both_have_the_same_words_with_the_same_gaps() -> None:
    gaps = {
        lang: {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words.items()}
        for lang, words in WORDS.items()
    }
    assert gaps["en"] == gaps["zh"]


def test_what_the_page_asks_for_is_there() -> None:
    code = "".join(path.read_text() for path in STATIC.glob("*.js"))
    html = (STATIC / "index.html").read_text()
    asked = set(re.findall(r'\bt\("([\w.]+)"', code)) | set(
        re.findall(r'data-t[\w-]*="(\w+)"', html)
    )
    assert asked <= WORDS["en"].keys()


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("tool", {one.__struct_config__.tag for one in get_args(ReadCall | WriteCall)}),
        ("action", set(get_args(Action.__annotations__["kind"]))),
        ("source", set(get_args(Source.__annotations__["kind"]))),
        ("problem", TITLES.keys() - NOT_ON_A_SOCKET),
        ("switch", _STATES.keys()),
        ("state", {"starting", *(state for states in _STATES.values() for state in states)}),
        ("link", {"connecting", "live", "away", "idle"}),
        (
            "lacks",
            {"cache", "no_model", "model_late", "tool", "knowledge_only", "template", "hand_over"},
        ),
    ],
)
def test_every_code_has_its_words(kind: str, codes: set[str]) -> None:
    known = {key.partition(".")[2] for key in WORDS["en"] if key.startswith(f"{kind}.")}
    assert known == codes
