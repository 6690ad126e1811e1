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
_WHEN = (
    rf"(?:每[隔]?(?:{_AMOUNT}|[天日周月年晚季]|半年|\d{{1,2}}小时)|(?:{_AMOUNT}"
    r"|\d{1,2}小时)(?:后|内|时|左右|末)?|定期|下周.?|下次|次日|明[天日晨]|不适|满月)"
)
_DUE = (
    rf"{_WHEN}(?:[^,;。]{{0,8}}?)(?:复[查诊筛评测]|随[访诊]|拆线|换药|拔[管除]|门诊"
    r"|维护|程控|体检|来(?:院|诊|做|查|测)|回(?:院|诊)|返(?:院|诊)|查|测|评估|\d?[一1]次)"
)
_EACH = (
    r"每(?:天|日|晚|周|次|隔|\d|[一二三四两]).{0,12}(?:次|分钟|小时|遍|ml|克|g|步|杯"
    r"|以上)|(?:至少|不少于|不超过|不低于|少于|<|≤)\s?\d"
)
_NEGATIVE = (
    r"(?:别|不要|勿|莫|不可|不得|不宜|避免|禁止|切忌|严禁|切勿|忌|禁|少|杜绝|远离|防止)[^\s,;。]{1,}"
    r"|(?:不|别)(?:再|能再|提|搬|弯|负重|开车|吃|喝|碰|抓|挠|揉|擤|啃|咬|赤|盘腿|跷|坐|蹲|熬"
    r"|抽|打|剃|憋|洗|沾|包扎|过肩|量|游|乘|驾|登|停|擅|私|随意|自行|热敷|按摩)"
)
_BARE = (
    r"^(?:第[\d一二三四五六七八九十、,]+[天日周月次]?|每\S{1,4})各?[一1两二三\d]次$|(?:可|禁用|慎用|暂不用|不停|过一次|不建议)$"
    r"|\d\s?(?:ml|mg|iu|u)(?:/[dh])?$|^血压|^体温|^脉搏|^我|^怕"
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
    joins: tuple[str, ...]
    never: tuple[str, ...]


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
        self._joins = re.compile(
            rf"{_DUE}|{_EACH}|{_NEGATIVE}|{_any(table.joins)}|{_any(table.ends)}"
        )
        self._due = re.compile(_DUE)
        self._not = re.compile(rf"{_any(table.never)}|{_BARE}")
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

    def is_advice(self, clause: str, *, told: bool = False, beside: bool = False) -> bool:
        """Of a folded clause; `told`: it stands where the patient is spoken to; `beside`: advice
        stands beside it."""
        if clause in self._empty or self._not.search(clause):
            return False
        if self._done.search(clause) and not self._asks.match(clause):
            return False
        if self._plain.search(clause) or self._due.search(clause):
            return True
        return (told and self._words.search(clause) is not None) or (
            (told or beside) and self._joins.search(clause) is not None
        )


def _any(words: Iterable[str]) -> str:
    known = sorted(map(fold, words), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, known)) or '(?!)'})"
