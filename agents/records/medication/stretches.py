"""The stretches of text before and behind a medicine that are its own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from agents.records.medication import reasons, tokens
from agents.records.medication.around import Around
from agents.records.medication.drugs import Mention
from agents.records.medication.tokens import Token
from schemas.records import Certainty

if TYPE_CHECKING:
    from agents.records.pack import Pack
    from agents.records.parsed import Parsed

_AHEAD = 90
_BACK = 24
_STOP = re.compile(r"[。;；\n]")
_NEXT_LINE = re.compile(
    r"[ \t]*(?:用法|用量|sig|s[:.]|每次|一次|\d+(?:\.\d+)?[ \t]?(?:mg|g|片|粒|u|ml))"
)
_AIMED = re.compile(r"目标|可逐渐|逐渐可|最大|上限|不超过|若|如果|如无")
_PARTED = re.compile(r"[,，。;；:、\n)]")
_OBJECT = re.compile(r"(?![过了也])[一-鿿a-z]")
"""What is refused stands behind the word: it is something else."""
_EXACT = re.compile(r"[至为到成][ \t]*[\d半]")
"""A new amount behind a change, which no other word of the clauses before it can mean."""
_BESIDE = re.compile(r"[,，。;；:、\n)及和与+]")
_AMOUNT = re.compile(r"[至到为]?[ \t]*[\d半→]")
_COMMA = re.compile(r"[,，]")
_SHIFTED = re.compile(
    r"\b(?:(?:up|down)?-?titrat|increas|decreas|reduc|rais|lower|taper|chang|adjust|advanc|cut\b|wean)"
    r"[a-z]*(?![^,;.\n]*[,;\n])[^;\n]*$"
)
"""A change of the dose that is said before the first of two."""
_TO = re.compile(r"\bto\b(?=[ \t]*$)")
_FAR = 30
"""Characters before a name in which its change may stand."""


class Refusal(NamedTuple):
    """That a medicine was not given after all, or not yet, and why."""

    certainty: Certainty
    reason: str


class Stretches:
    """Finds what belongs to each medicine of one note."""

    def __init__(self, parsed: Parsed, pack: Pack, around: Around) -> None:
        self._parsed = parsed
        self._folded = parsed.folded
        self._dosing = pack.dosing
        self._around = around

    def ahead(self, mention: Mention, following: int) -> list[Token]:
        """Words behind a name, up to the next name, which stands at `following`."""
        return self._tokens(mention.end, self._right(mention, following), following)

    def behind(self, mention: Mention, left: int) -> list[Token]:
        """Route, frequency and dose said before the name, in its own clause."""
        begin = max(left, mention.start - _BACK)
        for mark in _BESIDE.finditer(self._folded, begin, mention.start):
            begin = mark.end()
        if begin == mention.start:
            return []
        beside = begin == left and self._parsed.sentence(mention.start).start != left
        near = tokens.squeezed(self._folded, begin, mention.start)
        found = [
            *tokens.words(near, self._dosing.frequencies, "frequency"),
            *tokens.words(near, self._dosing.routes, "route"),
        ]
        if beside:
            found = [
                one
                for one in found
                if one.end == mention.start and not self._folded[one.start].isascii()
            ]
        return sorted(found)

    def refusal(self, mention: Mention, ahead: list[Token], following: int) -> Refusal | None:
        """What is said behind a name that says it is not taken: 因低血压未予."""
        folded = self._folded
        start = max([mention.end, *(one.end for one in ahead if one.kind != "change")])
        limit = min(start + 36, following, self._parsed.sentence(mention.start).end)
        for one in self._dosing.refusal.find(folded[start:limit]):
            place, end = start + one.start, start + one.end
            between = folded[start:place]
            if following - end <= 4 and not _PARTED.search(folded, end, following):
                return None
            if (
                _OBJECT.match(folded, end)
                or len(_COMMA.findall(between)) > 1
                or between.count("(") > between.count(")")
            ):
                return None
            if any(w.kind == "change" and w.start < place and w.value != "hold" for w in ahead):
                return None
            certainty: Certainty = "refuted" if one.meaning == "refuted" else "hypothetical"
            begin, found = start, reasons.before(between) or reasons.between(between)
            if found is None:
                begin, rest = end, folded[end : min(following, end + 40)]
                rest += "\n" * (following >= end + 40)
                found = reasons.in_brackets(rest) or reasons.behind(rest)
                found = found or reasons.clause_behind(rest)
            reason = self._parsed.text[begin + found[0] : begin + found[1]] if found else ""
            return Refusal(certainty, reason)
        return None

    def _right(self, mention: Mention, following: int) -> int:
        """Where the stretch behind a name ends: the next name, the sentence, its line."""
        limit = min(following, mention.end + _AHEAD, len(self._folded))
        stop = _STOP.search(self._folded, mention.end, limit)
        if stop is None:
            return limit
        if stop[0] in "\n;；" and _NEXT_LINE.match(self._folded, stop.end()):
            further = _STOP.search(self._folded, stop.end(), limit)
            return further.start() if further else limit
        return stop.start()

    def _tokens(self, start: int, right: int, following: int) -> list[Token]:
        """Words behind a name; those right before the next name belong to that one."""
        folded, dosing = self._folded, self._dosing
        stretch = tokens.squeezed(folded, start, right)
        found = [
            *tokens.doses(folded, self._parsed.text, start, right, dosing),
            *tokens.words(stretch, dosing.frequencies, "frequency"),
            *tokens.words(stretch, dosing.routes, "route"),
        ]
        taken = [(one.start, one.end) for one in found if one.kind != "route"]
        for one in tokens.words(stretch, dosing.after, "change"):
            if not any(begin < one.end and one.start < end for begin, end in taken):
                found.append(one)
        found += self._shifts(start, found)
        found.sort()
        if right == following:
            said = self._around.change(start, right)
            cut = said.start if said else right
            lead = max(folded.rfind(mark, max(start, right - 12), right) for mark in ",，")
            if lead >= 0 and ")" not in folded[lead:right]:
                cut = min(cut, lead)
            found = [one for one in found if one.start < cut]
        return self._connected(start, found)

    def _shifts(self, start: int, found: list[Token]) -> list[Token]:
        """The `to` of an English change from one dose to another."""
        doses = [one for one in found if one.kind == "dose"]
        for one, other in pairwise(doses):
            between = _TO.search(self._folded, one.end, other.start)
            sentence = self._parsed.sentence(start).start
            if between and _SHIFTED.search(self._folded, max(sentence, start - _FAR), one.start):
                place = between.start()
                if not any(each.start <= place < each.end for each in found):
                    return [Token(place, between.end(), "change", "change")]
        return []

    def _connected(self, start: int, found: list[Token]) -> list[Token]:
        """Up to the clause that says nothing of the medicine; a stop is heard across commas."""
        kept: list[Token] = []
        end = start
        for one in found:
            between = self._folded[end : one.start] if one.start > end else ""
            commas = len(_COMMA.findall(between))
            if _AIMED.search(between):
                break
            if one.kind == "change":
                if (
                    one.end - one.start == 1
                    and one.value in ("increase", "decrease", "change")
                    and (
                        not _AMOUNT.match(self._folded, one.end, one.end + 3)
                        and self._folded[one.start] != "→"
                    )
                ):
                    continue
                ends = one.value in ("stop", "hold")
                exact = _EXACT.match(self._folded, one.end - 1) is not None
                if len(between) > (30 if ends else 40 if exact else 16) or commas > 2 + (
                    ends or exact
                ):
                    break
                if (
                    one.value in ("continue", "start", "increase", "decrease")
                    and len(self._folded[one.start : one.end]) == 1
                    and between.strip(" (")
                ):
                    continue
            elif (commas and len(between.strip(" ,，")) > 6) or (
                len(between) > 22 and not _SHIFTED.search(between)
            ):
                break
            kept.append(one)
            end = max(end, one.end)
        return kept
