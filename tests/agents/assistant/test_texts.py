"""All texts exist in both languages, with the same fields, in plain words."""

import re
import string
from importlib.resources import files
from pathlib import Path

import pytest

from agents.assistant.links import pages
from agents.assistant.texts import text, texts
from schemas.turns import Lang

_PROMISES = re.compile(
    r"保证(?!钱)|一定会|肯定会|绝对|马上到账|作为AI|guarantee|promise|certainly|for sure|as an AI",
    re.I,
)


def _fields(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def test_both_languages_say_the_same_things() -> None:
    zh, en = texts("zh"), texts("en")
    assert zh.keys() == en.keys()
    for name in zh:
        assert _fields(zh[name]) == _fields(en[name]), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_are_plain_and_promise_nothing(lang: Lang) -> None:
    for name, said in texts(lang).items():
        assert not re.search(r"[*_#`<>\[\]]|https?:", re.sub(r"\{\w+\}", "", said)), name
        assert not _PROMISES.search(said), name
        assert said == said.strip(), name
        assert len(said) < (120 if lang == "zh" else 260), name


def test_the_words_are_those_of_the_language() -> None:
    names = {"Apple", "Pay", "PayPal"}
    for name, said in texts("zh").items():
        rest = set(re.findall("[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", said))) - names
        assert not rest, name
    for name, said in texts("en").items():
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", said), name


def test_every_text_in_the_code_exists_and_every_text_is_used() -> None:
    root = Path(str(files("agents.assistant")))
    code = "\n".join(path.read_text() for path in root.rglob("*.py") if "wording" not in path.parts)
    known = texts("zh")
    used = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', code))
    sections = {name.partition(".")[0] for name in known}
    assert {name for name in used if name.partition(".")[0] in sections} <= known.keys()
    made = tuple(re.findall(r'f"([a-z_]+\.[a-z_]*)\{', code))
    for name in known.keys() - used:
        bare = name.removesuffix("_again").removesuffix("_pending")
        assert name.startswith(made) or bare in used, name


def test_fields_are_one_line_and_bounded() -> None:
    said = text("zh", "order.detail", detail="a\n\u202eb\u200b{x}" + "c" * 999)
    assert "\n" not in said
    assert "\u202e" not in said
    assert "{x}" in said
    assert len(said) < 450


def test_pages_have_words_in_both_languages() -> None:
    for page in pages().values():
        assert page.link.startswith("groundswellbank://")
        assert page.label("zh") != page.label("en")
