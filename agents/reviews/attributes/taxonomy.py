"""The attributes and their words: ours, with what a shop adds, changes and switches off."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import msgspec

from schemas.reviews import Polarity

POLARITIES: tuple[Polarity, ...] = get_args(Polarity)
ANY = ""
"""The attribute of words that praise or blame whatever they stand beside."""
_KINDS = ("with_target", "alone", "phrases")
_LISTS = ("targets", "heads", "things", "without")
_TEXTS = ("name", "name_zh")
_SWITCHES = ("enabled", "needed")
_MAX_WORD = 60
_NAME = re.compile("[a-z0-9_]{1,40}")


class BadTaxonomy(ValueError):
    """Mend the file: the message names file, attribute and key."""


Words = Mapping[str, Polarity]


class Attribute(msgspec.Struct, frozen=True):
    """One thing that reviews speak of, and its words in any language, in lower case.

    `targets` name it; `heads` do and give way to a target beside them, as quality does in "sound
    quality"; `things` do beside a word of `with_target` only: a shirt is no size, but if it is
    tight, that is one. Words with their polarity: `with_target` judge it if a target is named,
    `alone` also where none is, `phrases` say it whatever stands beside them. `needed`:
    to have none of its targets is bad, as in 没有电梯.
    """

    id: str
    name: str
    name_zh: str
    targets: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    with_target: Words = msgspec.field(default_factory=dict)
    alone: Words = msgspec.field(default_factory=dict)
    phrases: Words = msgspec.field(default_factory=dict)
    needed: bool = False


class Taxonomy(msgspec.Struct, frozen=True):
    """`general`: words that judge any target; `measures`: words that are bad after "too".

    `version`: a digest of all of it.
    """

    attributes: tuple[Attribute, ...]
    general: Words
    measures: tuple[str, ...]
    version: str

    def name(self, attribute: str, lang: str = "en") -> str:
        """What people call it; an id that is not ours (any more) is its own name."""
        for one in self.attributes:
            if one.id == attribute:
                return one.name_zh if lang == "zh" else one.name
        return attribute


def read_taxonomy(*more: Path | str) -> Taxonomy:
    """Ours with the files `more` merged over it, in their order. Raises BadTaxonomy.

    A file (or the text of one) is TOML of the form of ours: `[attribute.ID]` adds an attribute or
    words to one, a word given again takes the new polarity, `without` takes words away,
    `enabled = false` switches the attribute off; `[general]` and `measures` alike.
    """
    tables: dict[str, dict[str, Any]] = {}
    for where, text in (*_ours(), *map(_given, more)):
        _merge(tables, _parsed(where, text), where)
    return _built(tables)


def _ours() -> Iterator[tuple[str, str]]:
    folder = files("agents.reviews.attributes") / "data"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield file.name, file.read_text(encoding="utf-8")


def _given(one: Path | str) -> tuple[str, str]:
    if isinstance(one, str):
        return "taxonomy", one
    try:
        return str(one), one.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadTaxonomy(f"cannot read {one}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadTaxonomy(f"{one} is not UTF-8") from None


def _parsed(where: str, text: str) -> dict[str, Any]:
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadTaxonomy(f"{where} is no TOML: {error}") from None
    for key in content:
        if key not in ("attribute", "general", "measures"):
            raise BadTaxonomy(f"{where}: unknown key {key!r}; attribute, general or measures")
    return content


def _merge(tables: dict[str, dict[str, Any]], content: dict[str, Any], where: str) -> None:
    attributes = _table(content.get("attribute", {}), f"{where}: attribute")
    for name, given in attributes.items():
        what = f"{where}: attribute {name!r}"
        if not _NAME.fullmatch(name):
            raise BadTaxonomy(f"{what}: a name has up to 40 of a-z, 0-9 and _")
        _merge_attribute(tables.setdefault(name, _empty()), _table(given, what), what)
    general = tables.setdefault(ANY, _empty())
    _merge_words(general["general"], content.get("general", {}), f"{where}: general")
    for word in _words(content.get("measures", []), f"{where}: measures"):
        general["targets"][word] = None


def _empty() -> dict[str, Any]:
    # Words of a list are the keys of a dict: in order, and each once.
    return {
        "enabled": True,
        "needed": False,
        **dict.fromkeys(_TEXTS, ""),
        **{key: {} for key in (*_LISTS, *_KINDS, "general")},
    }


def _merge_attribute(into: dict[str, Any], given: dict[str, Any], what: str) -> None:
    for key in given:
        if key not in (*_SWITCHES, *_TEXTS, *_LISTS, *_KINDS):
            known = ", ".join((*_SWITCHES, *_TEXTS, *_LISTS, *_KINDS))
            raise BadTaxonomy(f"{what}: unknown key {key!r}; known are {known}")
    for word in _words(given.get("without", []), f"{what}, key 'without'"):
        for key in ("targets", "heads", "things", *_KINDS):
            into[key].pop(word, None)
    for key in ("targets", "heads", "things"):
        into[key].update(dict.fromkeys(_words(given.get(key, []), f"{what}, key {key!r}")))
    for key in _KINDS:
        _merge_words(into[key], given.get(key, {}), f"{what}, key {key!r}")
    _merge_plain(into, given, what)


def _merge_plain(into: dict[str, Any], given: dict[str, Any], what: str) -> None:
    for key, value in given.items():
        if key in _TEXTS and not (isinstance(value, str) and len(value) <= _MAX_WORD):
            raise BadTaxonomy(f"{what}, key {key!r}: wants a text of up to {_MAX_WORD} characters")
        if key in _SWITCHES and not isinstance(value, bool):
            raise BadTaxonomy(f"{what}, key {key!r}: wants true or false")
        if key in (*_TEXTS, *_SWITCHES):
            into[key] = value


def _merge_words(into: dict[str, Polarity], given: object, what: str) -> None:
    table = _table(given, what)
    for key in table:
        if key not in POLARITIES:
            raise BadTaxonomy(f"{what}: unknown key {key!r}; {', '.join(POLARITIES)}")
    fresh: dict[str, Polarity] = {}
    for polarity in POLARITIES:
        for word in _words(table.get(polarity, []), f"{what}.{polarity}"):
            if fresh.setdefault(word, polarity) != polarity:
                raise BadTaxonomy(f"{what}: {word!r} is both {fresh[word]} and {polarity}")
    into.update(fresh)


def _table(given: object, what: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadTaxonomy(f"{what}: wants a table")
    return given


def _words(given: object, what: str) -> Iterable[str]:
    if not isinstance(given, list):
        raise BadTaxonomy(f"{what}: wants a list of words")
    for word in given:
        if not isinstance(word, str) or not 0 < len(word.strip()) <= _MAX_WORD:
            raise BadTaxonomy(f"{what}: {word!r:.80} is no word of 1 to {_MAX_WORD} characters")
    return [" ".join(word.lower().split()) for word in given]


def _built(tables: dict[str, dict[str, Any]]) -> Taxonomy:
    general = tables.pop(ANY)
    attributes = tuple(
        Attribute(
            name,
            one["name"] or name.replace("_", " "),
            one["name_zh"] or one["name"] or name,
            tuple(one["targets"]),
            tuple(one["heads"]),
            tuple(one["things"]),
            one["with_target"],
            one["alone"],
            one["phrases"],
            one["needed"],
        )
        for name, one in tables.items()
        if one["enabled"]
    )
    found = Taxonomy(attributes, general["general"], tuple(general["targets"]), "")
    digest = hashlib.sha256(msgspec.json.encode(found)).hexdigest()
    return msgspec.structs.replace(found, version=digest[:12])
