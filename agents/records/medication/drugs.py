"""The medicines that are known, and where they stand in a text."""

from __future__ import annotations

import re
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.medication import laboratory
from agents.records.medication.dosing import Dosing
from agents.records.patterns import any_word
from agents.records.terms import Term

KIND = "class"
"""A kind of medicines: 降压药."""
MADE = "made"
"""A term that no table has."""
_SHORT = 2
"""Chinese characters of a name that may as well be two others' ends."""
_LONGEST_MADE = 14
_LEAST_MADE = 3
_LEFT = 10


class Mention(NamedTuple):
    """A medicine at characters `start` to `end`. `weak`: believed only with a dose or a verb.

    `core`: where the name ends without its form.
    """

    start: int
    core: int
    end: int
    term: Term
    weak: bool


class Drugs:
    """The table of medicines; any name may carry a salt before and a form behind."""

    def __init__(self, rows: list[tuple[Term, tuple[str, ...]]], dosing: Dosing) -> None:
        self._terms: dict[str, Term] = {}
        for term, aliases in rows:
            for name in (term.name, *aliases):
                self._terms.setdefault(fold(name), term)
        self._names = sorted(self._terms)
        self._search = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)
        self._salt = re.compile(rf"(?:{dosing.salts}){{1,2}}$")
        self._form = re.compile(
            rf"(?:[ \t]?{dosing.forms}){{1,2}}(?![a-z])|[ⅰⅱⅲ]|\((?:ⅰ|ⅱ|ⅲ|ii|iii|i)\)"
        )
        self._made = re.compile(
            rf"(?<![一-鿿])[一-鿿α-ω]{{1,{_LONGEST_MADE}}}?(?:{dosing.endings}"
            rf"|{dosing.form_endings}(?![一-鿿])|{dosing.form_endings}(?=口服|每|一次"
            rf"|外用|含服|\d))"
        )
        # 丙戊酸钠 is measured as 丙戊酸 is.
        self._formed = re.compile(rf"(?:{dosing.forms}|{dosing.form_endings})(?<![钠钙钾])$")
        self._dosing = dosing
        self._ending = dosing.any_ending
        self._not_names = dosing.not_names
        self._not_before = dosing.not_before
        self._not_after = dosing.not_after
        self._verb = re.compile(f"^.*?{any_word(dosing.verbs)}")

    @classmethod
    def read(cls, content: str, dosing: Dosing, place: str) -> Drugs:
        """Rows of name, code, alias|alias and kind, parted by tabs. Raises BadPack."""
        rows = []
        for number, line in enumerate(content.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, *rest = [cell.strip() for cell in line.split("\t")]
            if not name or len(rest) < 2:
                raise BadPack(f"{place}, line {number}: name, code and aliases, parted by tabs")
            aliases = tuple(alias for alias in rest[1].split("|") if alias)
            rows.append((Term(name, rest[0], tuple(rest[2:])), aliases))
        return cls(rows, dosing)

    def __len__(self) -> int:
        return len(set(self._terms.values()))

    def get(self, name: str) -> Term | None:
        """The row with this name or alias."""
        return self._terms.get(fold(name))

    def is_measured(self, folded: str, start: int, end: int) -> bool:
        """Whether a name is that of a test at this place, and of no medicine."""
        formed = self._formed.search(folded, start, end) is not None
        return laboratory.is_value(folded, start, end, self._dosing, formed=formed)

    def find(self, folded: str) -> list[Mention]:
        """Medicines in order of place."""
        found: list[Mention] = []
        for which, start, end in self._search.find_matches_as_indexes(folded):
            if _inside_word(folded, start, end):
                continue
            mention = self._whole(folded, start, end, self._terms[self._names[which]])
            if mention is not None:
                found.append(mention)
        return self._with_made(folded, found)

    def _whole(self, folded: str, start: int, end: int, term: Term) -> Mention | None:
        """The name with its salt and form, None if the words around make it something else."""
        form = self._form.match(folded, end)
        last = form.end() if form else end
        after = folded[last : last + 8]
        if not form and after.lstrip(" ").startswith(self._not_after):
            return None
        if after.startswith(self._not_after) and not after.startswith(("敏感", "性")):
            return None
        if folded[start].isascii() and _hangs(folded, start):
            return None
        if self.is_measured(folded, start, last):
            return None
        before = folded[max(0, start - _LEFT) : start]
        salt = self._salt.search(before)
        first = start - (len(salt[0]) if salt else 0)
        kind = KIND in term.more
        short = not form and end - start <= _SHORT and not folded[start].isascii()
        latin = folded[start:end].isascii() and end - start <= 3
        if (kind or short or latin) and folded[:start].endswith(self._not_before):
            return None
        weak = (kind or short or latin) and not laboratory.has_strength(folded, last)
        return Mention(first, end, last, term, weak)

    def _with_made(self, folded: str, found: list[Mention]) -> list[Mention]:
        """With names the table has not, made by their ends."""
        if self._ending.search(folded) is None:
            return sorted(found)
        made = []
        at = 0
        for match in self._made.finditer(folded):
            start, end = match.span()
            while at < len(found) and found[at].end <= start:
                at += 1
            if at < len(found) and found[at].start < end:
                continue
            name = match[0]
            verb = self._verb.match(name)
            if verb is not None and len(name) - verb.end() >= _LEAST_MADE:
                start += verb.end()
                name = folded[start:end]
            if (
                len(name) < _LEAST_MADE
                or name.endswith(self._not_names)
                or self.is_measured(folded, start, end)
            ):
                continue
            made.append(Mention(start, end, end, Term(name, "", (MADE,)), True))
        return sorted([*found, *made])


def _hangs(text: str, start: int) -> bool:
    """Whether a Latin name is the second part of another word: β-CTX."""
    return start > 1 and text[start - 1] == "-" and not text[start - 2].isspace()


def _inside_word(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if start and first.isascii() and first.isalnum():
        before = text[start - 1]
        if before.isascii() and (before.isalpha() or (first.isdigit() and before.isdigit())):
            return True
    if end < len(text) and last.isascii() and last.isalnum():
        after = text[end]
        if after.isascii() and after.isalpha():
            return True
        if after.isdigit() and last.isdigit():
            return True
    return False
