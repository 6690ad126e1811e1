"""Chinese names: by the word before them, by the title behind them, by where they stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.records.patterns import any_word
from agents.records.redaction.cutter import cutter_of
from agents.records.redaction.familiar import Familiar, without_title
from agents.records.redaction.nobody import Nobody
from agents.records.redaction.removal import Place
from agents.records.redaction.repeated import repeated
from agents.records.redaction.roles import Roles
from agents.records.redaction.shaped import Shaped
from agents.records.redaction.spread import Spread
from agents.records.redaction.tables import Tables
from agents.records.redaction.terms import Terms
from agents.records.redaction.transliterated import DOTTED, EPONYM, Transliterated, dotted_end
from agents.records.redaction.unlabelled import NO_PERSON, Unlabelled

_GAP: Final = r"[ \u3000\t]{1,3}"
_SURE: Final = re.compile(
    r"[ ,，、(（]{0,2}(?:男|女|\d{1,3}岁|住院号|病历号|病案号|身份证|电话|手机|床)"
)
_LIST: Final = re.compile(r"\s?[、/,，;；和与及]\s?")
_WHOLE: Final = re.compile(r"[一-鿿]{2,3}(?![一-鿿:：])")
_BOTH: Final = frozenset({"父母", "子女", "儿女", "男女", "姐妹", "兄弟", "理由", "自由", "夫妻"})
_SPOKEN: Final = frozenset("没呢吗吧了么什怎")
_VAGUE: Final = frozenset({"患者", "病人", "患儿", "产妇", "孕妇", "记录", "麻醉", "内科", "外科"})
"""What stands behind these is more often no name."""


def _is_han(character: str) -> bool:
    return "一" <= character <= "鿿"


def _is_called(role: str) -> bool:
    return len(role) > 1 and role not in _VAGUE


class NameFinder:
    """Everybody's names, not the known patient's only."""

    def __init__(self, tables: Tables, terms: Terms) -> None:
        self._tables = tables
        self._label = re.compile(
            rf"(?:{any_word(tables.labels)}\s?(?:[((][^)）\n]{{0,6}}[)）])?(?:\s?[:：]\s*|{_GAP})|[一-鿿]{{1,4}}[人者员师士]\s?[:：]\s*)"
        )
        # Looked for at every place: 其女儿 is 女儿, not 其女.
        self._cue = re.compile(f"(?=({any_word(tables.cues)}))")
        self._tibetan = re.compile(f"{any_word(tables.tibetan)}{{2}}")
        self._title = re.compile(any_word(tables.titles))
        self._cutter = cutter = cutter_of(tables.medical)
        # An older pack has no words for them.
        roles = (Roles(tables, cutter),) if tables.kin else ()
        self._weak = (Unlabelled(tables, cutter), *roles) if tables.usual else ()
        familiar = (Familiar(tables, cutter),) if tables.usual else ()
        self._others = (*familiar, Transliterated(tables), Shaped(tables), Spread(tables))
        self._terms = terms
        self._nobody = Nobody(tables, cutter)

    def find(self, folded: str) -> Iterator[Place]:
        """Places of names in a folded text; some of them twice."""
        folded = folded.translate(self._tables.variants)
        found: list[tuple[int, int]] = []
        for way in (self._labelled, self._titled, self._minority):
            found += way(folded)
        found += self._people(folded, self._cued(folded))
        for one in self._others:
            found += self._people(folded, one.find(folded))
        weak = list(self._alone(folded))
        for other in self._weak:
            weak += other.find(folded)
        found += self._people(folded, self._terms.outside(folded, weak))
        found = [(start, without_title(folded, start, end, self._tables)) for start, end in found]
        found += list(repeated(folded, found, self._tables))
        for start, end in found:
            yield Place(start, end, "name")

    def _people(self, text: str, weak: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Those that the words around do not speak against."""
        places = set(weak)
        for start, end in sorted(places):
            longer = (start, end - 1) in places and self._nobody.is_longer(text, end)
            if not longer and not self._nobody.is_there(text, start, end):
                yield start, end

    def _labelled(self, text: str) -> Iterator[tuple[int, int]]:
        for label in self._label.finditer(text):
            at = label.end()
            while (end := self._name_at(text, at, sure=True)) is not None:
                yield at, end
                more = _LIST.match(text, end)
                if more is None:
                    break
                at = more.end()

    def _cued(self, text: str) -> Iterator[tuple[int, int]]:
        for cue in self._cue.finditer(text):
            at = cue.end(1)
            if len(cue[1]) == 1 and not _BOTH.isdisjoint(
                {text[max(0, cue.start() - 1) : at], text[cue.start() : at + 1]}
            ):
                continue
            old = text[at : at + 1] in {"老", "小"}
            if old and text[at + 1 : at + 2] in self._tables.surnames:
                if not _is_han(text[at + 2 : at + 3] or " "):
                    yield at + 1, at + 2
                continue
            gap = re.compile(r"\s?[(“\"]?").match(text, at)
            at = gap.end() if gap else at
            while (end := self._name_at(text, at, sure=False, role=cue[1])) is not None:
                yield at, end
                more = re.compile(r"[、/和]").match(text, end)
                if more is None:
                    break
                at = more.end()

    def _alone(self, text: str) -> Iterator[tuple[int, int]]:
        """Behind a mark, a line's begin or a bed, and before a mark or what goes on with it."""
        for before in re.finditer(
            r"(?:^|(?<=[\s,，。；;、:：/（(】“'\"\d])|(?<=床)|(?<=区)|(?<=[日月]))(?=[一-鿿])", text
        ):
            at = before.start()
            counted = text[max(0, at - 1) : at].isdigit() and text[at] in "周包年月岁天"
            if counted or text.startswith(self._tables.no_free, at):
                continue
            end = self._name_at(text, at, sure=False)
            if end is not None and not NO_PERSON.match(text, end):
                yield at, end
                continue
            for length in (3, 2, 4):
                stop = at + length
                name = text[at:stop]
                if (
                    all(map(_is_han, name))
                    and self._begins_name(name)
                    and re.compile(r"[,，(（ ]{1,2}(?:男|女)(?![儿性婴])").match(text, stop)
                ):
                    yield at, stop
                    break

    def _titled(self, text: str) -> Iterator[tuple[int, int]]:
        for title in self._title.finditer(text):
            end = title.start()
            if any(
                text.endswith(word, 0, end) and len(word) > 1
                for word in self._tables.not_before_titles
            ):
                continue
            if text[end - 1 : end] in {"经", "曾", "由", "主"} and title[0] in {
                "某",
                "主任",
                "主治",
            }:
                continue
            for length in (4, 3, 2, 1):
                name = text[max(0, end - length) : end]
                apart = end == length or not _is_han(text[end - length - 1])
                unsure = length > 1 and not (apart and len(title[0]) > 1)
                if len(name) == length and self._is_name(name, alone=unsure):
                    yield end - length, end
                    break

    def _minority(self, text: str) -> Iterator[tuple[int, int]]:
        for match in DOTTED.finditer(text):
            if EPONYM.match(text, match.end()) or EPONYM.search(match[0]):
                continue
            start = match.start()
            cue = [one.end(1) for one in self._cue.finditer(match[0].partition("·")[0])]
            cue += [m.end() for m in self._label.finditer(match[0])]
            start += (
                max((end for end in cue if end < match[0].index("·") - 1), default=0)
                if "·" in match[0]
                else 0
            )
            end = match.end()
            tail = dotted_end(text, start + text[start:end].rfind("·") + 2, end)
            yield start, tail

    def _name_at(self, text: str, at: int, *, sure: bool, role: str = "") -> int | None:
        """The end of the name that begins here.

        `sure`: the label before says that it is one; `role`: the word before may be called so.
        """
        if at >= len(text) or not _is_han(text[at]):
            return None
        minority = DOTTED.match(text, at)
        if minority and (EPONYM.search(minority[0]) or (not sure and self._cue.match(text, at))):
            return None
        if minority:
            return (
                dotted_end(text, at + minority[0].rfind("·") + 2, minority.end())
                if "·" in minority[0]
                else minority.end()
            )
        if text.startswith(self._tables.not_names, at) and not (
            (sure or role) and self._is_whole(text, at, sure)
        ):
            return None
        if (sure or role) and (tibetan := self._tibetan.match(text, at)):
            return tibetan.end()
        double = text[at : at + 2] in self._tables.compound
        family = 2 if double else 1
        if not double and text[at] not in self._tables.surnames:
            return self._foreign(text, at) if sure else None
        return self._given(text, at, family, sure, role)

    def _is_whole(self, text: str, at: int, sure: bool) -> bool:
        """张力 and 张力伟 are names where nothing but a name is left between a word and a sign."""
        name = _WHOLE.match(text, at)
        if name is None or name[0][0] not in self._tables.surnames:
            return False
        if len(name[0]) == 3:
            last = self._tables.given if sure else self._tables.given_core
            return name[0][1] in self._tables.given and name[0][2] in last
        return sure and name[0][1] in self._tables.given

    def _given(self, text: str, at: int, family: int, sure: bool, role: str) -> int | None:
        """The end behind one or two characters after the family name."""
        best = None
        for end in (at + family + 2, at + family + 1):
            name = text[at:end]
            if len(name) < end - at or not all(map(_is_han, name)) or self._is_said(name, sure):
                continue
            known = all(c in self._tables.given for c in name[family:])
            ends = self._ends(text, end, name[-1])
            if ends and (sure or known or _SURE.match(text, end)):
                return end
            if ends and _is_called(role) and not _is_han(text[end : end + 1] or "。"):
                return end
            likely = sure and not text.startswith(self._tables.titles, end - 1)
            if best is None and known and (likely or family > 1 or len(role) > 1):
                best = end
        if sure and best is None:
            rest = at + family
            if text.startswith(self._tables.titles, rest) or not _is_han(
                text[rest : rest + 1] or " "
            ):
                return rest
        return best

    def _is_said(self, name: str, sure: bool) -> bool:
        """补充 and 没得: what somebody said or did stands behind the role, too."""
        if not _SPOKEN.isdisjoint(name):
            return True
        known = not sure and self._cutter.has_word(name)
        return known and self._cutter.tag(name, False)[0][1][:1] in {"v", "d", "r", "c", "t"}

    def _foreign(self, text: str, at: int) -> int | None:
        """After a label: two to four characters and then none."""
        match = re.compile(r"[一-鿿]{2,4}(?![一-鿿:：])").match(text, at)
        if (
            match is None
            or match[0] in self._tables.labels
            or re.search(
                "[无有不同见略签名科室健常详了呢吗的我]|谢谢|您好|你好|请问|医生", match[0]
            )
            or any(map(self._is_common, self._cutter.cut(match[0], False)))
        ):
            return None
        return match.end()

    def _is_common(self, word: str) -> bool:
        """Whether it is a word of more than one sign, and nobody's name."""
        if len(word) < 2 or not self._cutter.has_word(word):
            return False
        return not self._cutter.tag(word, False)[0][1].startswith("nr")

    def _ends(self, text: str, end: int, last: str) -> bool:
        """Whether a name may end here, with this character."""
        if end >= len(text) or not _is_han(text[end]):
            return last not in "因于诉在已现称男女" or last in self._tables.given
        if not text.startswith(self._tables.follows, end):
            return text.startswith(self._tables.titles, end) or text.startswith(
                self._tables.labels, end
            )
        return last in self._tables.given or last not in "因于诉系在已今现说讲您你术为曾"

    def _begins_name(self, name: str) -> bool:
        double = name[:2] in self._tables.compound
        return (
            double or (name[0] in self._tables.surnames and len(name) < 4)
        ) and not name.startswith(self._tables.not_names)

    def _is_name(self, name: str, *, alone: bool) -> bool:
        if not all(map(_is_han, name)) or not name:
            return False
        double = name[:2] in self._tables.compound
        if len(name) == 4 and not double:
            return False
        if not double and name[0] not in self._tables.surnames:
            return False
        if name.startswith(self._tables.not_names):
            return False
        given = name[2:] if double else name[1:]
        return all(c in self._tables.given for c in given) or not alone
