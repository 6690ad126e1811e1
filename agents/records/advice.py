"""The words of advice of the pack, and what is advice by them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

import msgspec

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.patterns import any_of, any_word

_AMOUNT = (
    r"(?:(?<!\d)\d{1,3}|[一二两三四五六七八九十]{1,3}|半)\s?(?:[-~至]\s?\d{1,2})?\s?(?:个)?"
    r"(?:年|月|周|星期|天|日)(?:左右|以)?"
)
_TIMED = (
    rf"(?:术后|出院后|停药|餐后|月经干净后)?(?:每隔?)?(?:{_AMOUNT}|\d{{1,2}}小时)(?:后|内|一次|1次)?(?:再)?"
    r"(?:来|到|回|去|在|门诊|\w{0,8}科|携|带|返|复|随|查|测|拆|换|评|量|做|约|见|\w{0,6}复[查诊])"
)
_OFTEN = (
    r"(?:下次|下周|次日|明日|定期|每[周月年天日]|每晚|每小时|q\dh|每\d)\S{0,40}"
    r"(?:查|测|诊|访|称|评|自|量|饮水|翻身|拍背)"
)
_WHEN = (
    rf"(?:每[隔]?(?:{_AMOUNT}|[天日周月年晚季]|半年|\d{{1,2}}小时)|(?:{_AMOUNT}"
    r"|\d{1,2}小时)(?:后|内|时|左右|末)?|定期|下周.?|下次|次日|明[天日晨早]|不适|满月)"
)
# The characters in front of the next two say at once that nothing begins at most others.
_DUE = (
    rf"(?=[每\d一二两三四五六七八九十半定下次明不满]){_WHEN}(?:[^,;。]{{0,8}}?)(?:复[查诊筛评测]|随[访诊]|拆线|换药|拔[管除]|门诊"
    r"|维护|程控|体检|来(?:院|诊|做|查|测)|回(?:院|诊)|返(?:院|诊)|查|测|评估|\d?[一1]次)"
)
_EACH = (
    r"(?=[每至不少<≤])(?:每(?:天|日|晚|周|次|隔|\d|[一二三四两]).{0,12}(?:次|分钟|小时|遍|ml|克|g|步|杯"
    r"|以上)|(?:至少|不少于|不超过|不低于|少于|<|≤)\s?\d)"
)


_NUMBERED = r"\s?(?:[(]?\d{1,2}\s?[、.)](?!\d(?!\d?(?:个|周|天|年|日|月)))|[①-⑳]|[-*·•])\s?"
_LEAD = (
    r"(?=[医嘱建告请并同另及以患且平但须应叫让我先注出叮交宣])(?:医?嘱咐?(?:其|患者|家属|[他她])?|建议(?:患者)?|告知(?:患者|家属)?|请|并|同时|另|及|以及|患者(?:应|需)?|且|平时"
    r"|但?[须应](?=每)|[叫让][他她]|我?先?[叫让][他她]|注意:|出院后|叮嘱(?:患者)?|交代(?:患者)?|嘱托|宣教){1,4}(?=\S{2})"
)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]
    begins: tuple[str, ...]
    begins_english: tuple[str, ...]
    forbids: tuple[str, ...]
    forbidden: tuple[str, ...]
    when: tuple[str, ...]
    then: tuple[str, ...]
    ends: tuple[str, ...]
    done: tuple[str, ...]
    empty: tuple[str, ...]
    joins: tuple[str, ...]
    never: tuple[str, ...]
    soon: tuple[str, ...]
    looks: tuple[str, ...]
    said: tuple[str, ...]
    in_english: tuple[str, ...]
    negative: tuple[str, ...]
    bare: tuple[str, ...]
    acted: tuple[str, ...]
    heads: tuple[str, ...]
    plans: tuple[str, ...]
    speakers: tuple[str, ...]
    reported: tuple[str, ...]


class _Said:
    """Words and patterns of which one may be in a clause, in groups that are soon looked for."""

    def __init__(self, words: Iterable[str], patterns: Iterable[str] = ()) -> None:
        known = _amounts(patterns)
        self._words = re.compile(_any(words))
        self._first = re.compile(any_of(one for one in known if one.startswith("^")))
        self._others = re.compile(any_of(one for one in known if not one.startswith("^")))

    def is_in(self, clause: str) -> bool:
        """Whether one of them is."""
        return bool(
            self._words.search(clause) or self._first.match(clause) or self._others.search(clause)
        )


class Advice:
    """Tells clauses of advice from what happened."""

    def __init__(self, table: _Table) -> None:
        forbids, when = _any(table.forbids), _any(table.when)
        self._words = _Said(table.words, [r"q\d+h"])
        self._begins = re.compile(
            rf"{_TIMED}|{_OFTEN}|下次|{_any(table.begins)}|{_any(table.begins_english)}"
            rf"|{when}.{{1,40}}{_any(table.then)}|q\d+(?:h|min)\S{{2}}"
        )
        self._ends = re.compile(rf"{_any(table.ends)}$")
        self._ended = re.compile(rf".{{2,30}}{_any(table.ends)}$")
        self._forbids = re.compile(rf"{forbids}{_any(table.forbidden)}")
        self._looks = _Said((), (*table.looks, *table.soon))
        self._adds = _Said(
            (*table.joins, *table.ends),
            (*table.said, *table.in_english, *table.negative, _EACH),
        )
        self._due = re.compile(_DUE)
        self._not = _Said(table.never, table.bare)
        self._done = _Said(table.done, table.acted)
        self._reported = re.compile(_one_of(table.reported))
        self.heads, self.plans = _at_line(table.heads), _at_line(table.plans)
        self.lead = re.compile(
            rf"(?:{_NUMBERED})?(?:{_one_of(table.speakers)})?(?:{_LEAD})?",
        )
        self._asks = re.compile(rf"{forbids}|{when}|切勿")
        self._empty = frozenset(map(fold, table.empty))

    @classmethod
    def read(cls, content: str, place: str) -> Advice:
        """A TOML table of lists of words. Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _Table))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
            raise BadPack(f"{place}: {error}") from None

    def is_told(self, clause: str) -> bool:
        """Whether a folded clause is advice where nothing but advice is told."""
        return not (
            clause in self._empty
            or self._done.is_in(clause)
            or self._reported.search(clause)
            or self._not.is_in(clause)
        )

    def is_plain(self, clause: str) -> bool:
        """Whether a folded clause is advice wherever it stands."""
        plain = (
            self._begins.match(clause)
            or (self._ends.search(clause) and self._ended.match(clause))
            or self._forbids.search(clause)
            or self._due.search(clause)
            or self._looks.is_in(clause)
        )
        return bool(plain) and not self._is_none(clause)

    def is_meant(self, clause: str) -> bool:
        """Whether it is advice where the patient is spoken to."""
        return (self._words.is_in(clause) or self._is_more(clause)) and not self._is_none(clause)

    def goes_on(self, clause: str) -> bool:
        """Whether it is advice where advice stands beside it."""
        return self._is_more(clause) and not self._is_none(clause)

    def _is_more(self, clause: str) -> bool:
        return self._adds.is_in(clause) or self._due.search(clause) is not None

    def _is_none(self, clause: str) -> bool:
        """Whether it says what happened, or nothing."""
        if clause in self._empty or self._not.is_in(clause):
            return True
        return self._done.is_in(clause) and not self._asks.match(clause)


def _at_line(patterns: Iterable[str]) -> re.Pattern[str]:
    """Heads of lines, numbered or not, with a colon or a blank behind."""
    return re.compile(
        rf"[ \t]*(?:[\d一二三四五六七八九十]{{1,2}}[、.)]|[①-⑳])?[ \t【]*"
        rf"(?:{_one_of(patterns)})[ \t】]*(?:[:]|(?=[ \t\u3000]))"
    )


def _one_of(patterns: Iterable[str]) -> str:
    """Of regular expressions, in which {amount} stands for an amount of time."""
    return "|".join(_amounts(patterns))


def _amounts(patterns: Iterable[str]) -> list[str]:
    return [one.replace("{amount}", _AMOUNT) for one in patterns]


def _any(words: Iterable[str]) -> str:
    return any_word(map(fold, words))
