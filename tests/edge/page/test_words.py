"""The page's words: the same in both languages, and none that the page does not know."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import get_args

from agents.records.redaction import Kind
from edge.consult import Outcome
from edge.importing.errors import Unsure

STATIC = files("edge.page") / "static"
GAP = re.compile(r"\{(\w+)\}")


def words(language: str) -> dict[str, str]:
    made: dict[str, str] = json.loads((STATIC / "i18n" / f"{language}.json").read_text("utf-8"))
    return made


def test_both_languages_say_the_same() -> None:
    zh, en = words("zh"), words("en")
    # Chinese has no plural.
    assert set(zh) == {key for key in en if not key.endswith("_one")}
    for key, text in zh.items():
        assert set(GAP.findall(text)) == set(GAP.findall(en[key])), key


def test_every_key_that_the_page_names_has_words() -> None:
    known = words("zh")
    parts = [one for one in STATIC.iterdir() if one.name.endswith((".js", ".html"))]
    named = {
        key
        for part in parts
        for key in re.findall(
            r"""\bt\(\s*"([\w.]+)"|data-t(?:-label)?="([\w.]+)\"""", part.read_text("utf-8")
        )
    }
    assert len(named) > 60
    assert {key for pair in named for key in pair if key} <= set(known)


def test_whatever_is_taken_out_and_whatever_comes_of_a_question_has_words() -> None:
    # An answer is shown itself; what is of the record has no draft.
    outcomes = set(get_args(Outcome)) - {"answered", "local"}
    known = {key for key in words("zh") if key.startswith(("kind.", "ask.told."))}
    assert known - {"ask.told.no"} == {
        *(f"kind.{one}" for one in get_args(Kind)),
        *(f"ask.told.{one}" for one in outcomes),
    }


def test_whose_a_document_is_not_is_told_without_options_of_a_command() -> None:
    for language in ("zh", "en"):
        known = words(language)
        for reason in Unsure.reasons:
            assert "--" not in known[f"import.{reason}"]


def test_nothing_is_loaded_from_elsewhere() -> None:
    for part in STATIC.iterdir():
        if part.name.endswith((".js", ".html", ".css")):
            text = part.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "://" not in text, part.name
            assert "innerHTML" not in text, part.name
