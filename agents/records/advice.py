"""The words of advice of the pack, and what is advice by them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

import msgspec

from agents.records.errors import BadPack
from agents.records.folding import fold

_AMOUNT = (
    r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半)\s?(?:[-~至]\s?\d{1,2})?\s?(?:个)?"
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
_ACTED = r"行.{0,8}术|[::].{12,}"


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


class Advice:
    """Tells clauses of advice from what happened."""

    def __init__(self, table: _Table) -> None:
        forbids, when = _any(table.forbids), _any(table.when)
        self._words = re.compile(rf"{_any(table.words)}|q\d+h")
        self._plain = re.compile(
            rf"^{_TIMED}|^{_OFTEN}|^下次|^{_any(table.begins)}|^{_any(table.begins_english)}"
            rf"|{forbids}{_any(table.forbidden)}|^{when}.{{1,40}}{_any(table.then)}"
            rf"|^.{{2,30}}{_any(table.ends)}$"
        )
        self._done = re.compile(rf"{_any(table.done)}|{_ACTED}")
        self._asks = re.compile(rf"{forbids}|{when}|切勿")
        self._empty = frozenset(map(fold, table.empty))

    @classmethod
    def read(cls, content: str, place: str) -> Advice:
        """A TOML table of lists of words. Raises BadPack."""
        try:
            return cls(msgspec.convert(tomllib.loads(content), _Table))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise BadPack(f"{place}: {error}") from None

    def is_advice(self, clause: str, *, told: bool) -> bool:
        """Of a folded clause; `told`: it stands where the patient is spoken to."""
        if clause in self._empty or (self._done.search(clause) and not self._asks.match(clause)):
            return False
        return (self._words if told else self._plain).search(clause) is not None


def _any(words: Iterable[str]) -> str:
    known = sorted(map(fold, words), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, known)) or '(?!)'})"
