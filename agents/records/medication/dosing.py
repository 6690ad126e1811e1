"""The words of medication: forms and salts, dose units, routes, frequencies, changes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.patterns import any_word

_BLANKS = re.compile(r"(?<![a-z]) +")


class Found(NamedTuple):
    """A word at characters `start` to `end` of a stretch, and what it means."""

    start: int
    end: int
    meaning: str


def squeeze(folded: str) -> str:
    """Without blanks, but those behind Latin letters: every 6hours, 每日3次."""
    return _BLANKS.sub("", folded)


class Words:
    """Words with a meaning each; Latin ones stand by themselves or behind a number's unit."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._meanings = {squeeze(fold(word)): meaning for word, meaning in meanings.items()}
        self._words = sorted(self._meanings)
        self._search = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def __len__(self) -> int:
        return len(self._words)

    def get(self, word: str) -> str | None:
        """What a folded word means."""
        return self._meanings.get(word)

    def find(self, folded: str) -> list[Found]:
        """The words in a folded stretch, the first and longest."""
        return [
            Found(start, end, self._meanings[self._words[which]])
            for which, start, end in self._search.find_matches_as_indexes(folded)
            if not _inside_word(folded, start, end) and self._meanings[self._words[which]] != "none"
        ]


class Dosing:
    """The table of the pack."""

    def __init__(self, table: Mapping[str, object]) -> None:
        names = cast("dict[str, list[str]]", table)
        around = cast("dict[str, list[str]]", table["around"])
        self.salts = _alternatives(names["salts"])
        self.forms = _alternatives(names["forms"])
        self.endings = _alternatives(names["endings"])
        self.form_endings = _alternatives(names["form_endings"])
        self.any_ending = re.compile(_alternatives([*names["endings"], *names["form_endings"]]))
        self.not_names = tuple(fold(one) for one in names["not_names"])
        self.routes = Words(_meanings(cast("dict[str, list[str]]", table["routes"])))
        self.frequencies = Words(_frequencies(table))
        self.before = Words(_meanings(cast("dict[str, list[str]]", table["before"])))
        self.after = Words(_meanings(cast("dict[str, list[str]]", table["after"])))
        self.refusal = Words(_meanings(cast("dict[str, list[str]]", table["refusal"])))
        self.verbs = tuple(fold(one) for one in around["verbs"])
        self.not_before = tuple(fold(one) for one in around["not_before"])
        self.not_after = tuple(fold(one) for one in around["not_after"])
        self.undone = _ending(around["undone"])
        self.planned = _ending(around["planned"])
        self.allergy = _alternatives(around["allergy"])
        self.not_allergy = _alternatives(around["not_allergy"])
        half = _alternatives(names["half"])
        units = _alternatives(names["dose_units"])
        per = _alternatives(names["dose_per"])
        number = r"\d{1,7}(?:,\d{3})?(?:\.\d{1,4})?(?:/\d{1,4}(?:\.\d{1,3})?)?"
        self.dose = re.compile(
            rf"(?P<each>(?:每次|一次|1次|每回|单次|各|sig:?"
            rf"|用法:?)[ \t]?)?(?<![\d.])(?P<dose>(?:{half}"
            rf"|{number}(?:[ \t]?[-~–][ \t]?{number})?"
            rf"|[零一两二三四五六七八九十百点半]{{1,6}}|\bone|\btwo)"
            rf"[ \t]?(?P<unit>{units})(?!(?<=[a-z])(?!qd|bid|tid|qid|qn|qod|qw|q\d|po"
            rf"|iv|im|ih|sc|prn)[a-z])(?P<per>{per})?)"
            rf"(?P<pack>[ \t]?[×x*][ \t]?\d{{1,4}}[ \t]?(?:片|粒|支|袋|瓶|丸|贴|枚|盒|s"
            rf"|#|t|包|颗|$)|/(?:片|粒|支|袋|瓶|枚|丸|盒|喷|揿|吸|包|贴|tab))?"
        )

    @classmethod
    def read(cls, content: str, place: str) -> Dosing:
        """A TOML table. Raises BadPack."""
        try:
            return cls(tomllib.loads(content))
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
            raise BadPack(f"{place}: {error}") from None


def _meanings(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words}


def _frequencies(table: Mapping[str, object]) -> dict[str, str]:
    """Every way to say a frequency, with its code."""
    numerals = cast("dict[str, list[str]]", table["numerals"])
    codes = cast("dict[str, list[str]]", table["codes"])
    made: dict[str, str] = {}
    for period, templates in cast("dict[str, list[str]]", table["times_a"]).items():
        for count, code in enumerate(codes[period], 1):
            for template in templates if code else ():
                for numeral in numerals[str(count)]:
                    made[template.replace("{n}", numeral)] = code
    for pattern, templates in cast("dict[str, list[str]]", table["every"]).items():
        for number, words in numerals.items():
            code = pattern.replace("{n}", "" if number == "1" else number)
            for template in templates:
                for numeral in words:
                    made[template.replace("{n}", numeral)] = code
    made.update(_meanings(cast("dict[str, list[str]]", table["frequencies"])))
    return made


def _alternatives(words: Iterable[str]) -> str:
    """A group of a regular expression, the longest word first."""
    return any_word(map(fold, words))


def _ending(words: Iterable[str]) -> re.Pattern[str]:
    """A stretch that ends with one of the words and a few characters that part nothing."""
    return re.compile(rf"(?<![a-z]){_alternatives(words)}[^,，。;；:、\n]{{0,6}}$")


def _inside_word(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if end < len(text) and last.isascii() and last.isalpha() and _latin(text[end]):
        return True
    if not (start and first.isascii() and first.isalpha() and _latin(text[start - 1])):
        return False
    return re.search(r"\d\s?(?:mg|g|ml|u|iu|ug|mcg)$", text[:start]) is None


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
