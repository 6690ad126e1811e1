"""A list of banned words: its entries, and how it is written."""

import re
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from agents.reviews.words.errors import BadWordList
from agents.reviews.words.folding import squeezed
from schemas.reviews import TicketSeverity

UNNAMED = "listed"
"""The category of a word that has none."""
MAX_WORD = 60
_CATEGORY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a category bans: `words` always, `weak` ones only close to one of `near`.

    `allow`: phrases in which none of its words counts.
    """

    words: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    severity: TicketSeverity = "warning"


WordList = dict[str, Category]
"""Categories by name; a name is lower-case letters, digits and underscores."""


@cache
def _starter() -> str:
    return (files("agents.reviews.words") / "starter.toml").read_text(encoding="utf-8")


def starter() -> WordList:
    """Our own list, in Chinese and English."""
    return parse_toml(_starter(), "starter.toml")


def parse(data: bytes, name: str) -> WordList:
    """A list as a shop gives it: TOML if its name says so, else one word a line.

    `name`: of the file, for errors. Raises BadWordList.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadWordList(f"{name}, line {line}: no UTF-8; convert the file") from None
    return parse_toml(text, name) if name.lower().endswith(".toml") else parse_lines(text, name)


def parse_toml(text: str, name: str) -> WordList:
    """A table a category, of the fields of Category. Raises BadWordList."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWordList(f"{name}: {error}") from None
    found: WordList = {}
    for category, table in tables.items():
        _check_category(category, f"{name}, line {_line_of(text, category)}")
        try:
            one = msgspec.convert(table, Category)
        except msgspec.ValidationError as error:
            place = f"{name}, line {_line_of(text, category)}: [{category}]"
            raise BadWordList(f"{place}: {error}") from None
        for word in (*one.words, *one.weak):
            _check_word(word, f"{name}: [{category}]")
        if one.weak and not any(near.strip() for near in one.near):
            raise BadWordList(f"{name}: [{category}] has weak words; name what is near them")
        found[category] = one
    _check_any(found, name)
    return found


def parse_lines(text: str, name: str) -> WordList:
    """One word a line, with a tab and its category or without; `#` begins a comment line.

    Raises BadWordList.
    """
    words: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, *rest = [part.strip() for part in line.split("\t")]
        if len(rest) > 1:
            raise BadWordList(f"{name}, line {number}: more than a word and its category")
        category = rest[0] if rest and rest[0] else UNNAMED
        _check_category(category, f"{name}, line {number}")
        _check_word(word, f"{name}, line {number}")
        words.setdefault(category, []).append(word)
    found = {category: Category(words=tuple(listed)) for category, listed in words.items()}
    _check_any(found, name)
    return found


def merged(*lists: WordList) -> WordList:
    """Several lists as one; the last one's severity holds where they share a category."""
    found: WordList = {}
    for each in lists:
        for name, one in each.items():
            known = found.get(name, Category())
            found[name] = Category(
                words=tuple(dict.fromkeys(known.words + one.words)),
                weak=tuple(dict.fromkeys(known.weak + one.weak)),
                near=tuple(dict.fromkeys(known.near + one.near)),
                allow=tuple(dict.fromkeys(known.allow + one.allow)),
                severity=one.severity,
            )
    return found


def _check_any(found: WordList, name: str) -> None:
    if not any(one.words or one.weak for one in found.values()):
        raise BadWordList(f"{name} holds no word; write one a line")


def _check_category(category: str, place: str) -> None:
    if not _CATEGORY.fullmatch(category):
        raise BadWordList(
            f"{place}: {category[:40]!r} is no category; write small letters, digits and _"
        )


def _check_word(word: str, place: str) -> None:
    if not squeezed(word):
        raise BadWordList(f"{place}: {word[:MAX_WORD]!r} holds no letter; leave it out")
    if len(word) > MAX_WORD:
        raise BadWordList(f"{place}: {word[:20]!r}... is longer than {MAX_WORD} characters")


def _line_of(text: str, category: str) -> int:
    """Where the table of a category begins."""
    found = re.search(rf'^[ \t]*\[\s*"?{re.escape(category)}"?\s*\]', text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
