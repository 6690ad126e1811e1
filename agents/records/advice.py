"""The words of advice of the pack, and what is advice by them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

import msgspec

from agents.records.errors import BadPack
from agents.records.folding import fold

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
_SOON = (
    r"(?:马上|立即|立刻|即刻|随时|及时|赶紧|赶快|尽快|尽早|快|速|急|即|当[天日]|直接)(?:[就上再须要]?)"
    r"(?:来(?!源)|叫|打电|打120|呼|报(?!告示)|通知|告诉|告知|联系|就[诊医近]|去医|去急|去产|回[来院医]|返|找|拨|送|停药|看急)"
    r"|(?:打|拨)(?:这个|值班|热线|我)?电话|来找我|(?:随时|立即|再|就)叫(?:我|人|医|护)|(?:就|要|须|重了|来|再)(?:回来|来看|来院)$"
)
"""What is done at once, if something comes."""
_LOOKS = (
    rf"^(?:约|满)?(?:{_AMOUNT}(?:以?后|内|时|末)?|下(?:次|周|个?月|礼拜).{{0,5}}|周[一二三四五六日]|明[早晨天日]|次[日晨]|第\d+天)(?:再|来|做|去|到)?"
    r".{0,8}(?:ct|mri?|b超|彩超|超声|拍片|x线|胸片|kub|dxa|抽血|产检|阴道镜|膀胱镜|[胃肠]镜|造影|心电图|入院|联系|再[减来做看涂种照查]|[二三]期|见$|取|三诊|上门|回访|正常饮食)"
    rf"|每{_AMOUNT}.{{0,6}}(?:ct|mri|b超|彩超|钼靶|[肠胃]镜)"
)
"""What is looked at then."""
_SAID = (
    r"^(?:每(?:[天日晚晨早餐周月年次]|餐后)|终[身生]|永久|头[一二三两\d]|前[一二三两\d]|今晚|当晚|睡前|饭后|晨起|术日)"
    r"|^(?:先|勤|多|少|照|鼓励|协助|移除|收[走起]|续|服后|服药期间|空腹(?!.{0,8}\d)|尽[早量])\S{2,}"
    r"|^.{0,10}(?:不|别|勿|莫)(?:强|泡|择期|独自|戴|必卧|能断|漏|养|签|碰|超|吹|按|缝|挑|进水|接|弯|揉|抓)"
    r"|(?:锁好|加锁|轮换|勤换|悬空|拉起|护栏|收[起走]|照[吃服打]|可打|可以打|护理|看护|陪|[≤≥<]\s?\d+(?:g|ml)?|慢咽|先糊后流|倒掉|送检|更换|勤吸吮)"
    r"|^q\d+(?:h|min)|^(?:左|右)?侧?卧位|(?:拔|撤)(?:除)?(?:尿管|引流管|胃管)|留观\d|拔除$|复查|疫苗|咨询$|上门|^戴|^限[盐水钠]"
)
"""How it is said to the patient, or to those who nurse him."""
_IN_ENGLISH = (
    r"\b(?:in|within|after) (?:\d{1,2}|one|two|three|a)(?:\s?(?:-|to)\s?\d{1,2})?"
    r" (?:day|week|month|year)s?\b"
    r"|\bdue in\b|^see (?:gp|pcp|us|me|dr)\b|\d (?:day|week|month)s? after (?:treatment|discharge)"
)
_NEGATIVE = (
    r"(?:别|不要|勿|莫|不可|不得|不宜|避免|禁止|切忌|严禁|切勿|忌|禁|少|杜绝|远离|防止)[^\s,;。]{1,}"
    r"|(?:不|别)(?:再|能再|提|搬|弯|负重|开车|吃|喝|碰|抓|挠|揉|擤|啃|咬|赤|盘腿|跷|坐|蹲|熬"
    r"|抽|打|剃|憋|洗|沾|包扎|过肩|量|游|乘|驾|登|停|擅|私|随意|自行|热敷|按摩)"
)
_BARE = (
    r"^(?:第[\d一二三四五六七八九十、,]+[天日周月次]?|每[天日周月年晚次])各?[一1两二三\d]次$|(?:可|禁用|慎用|暂不用|不停|过一次|不建议)$"
    r"|^(?!.*[水饮]).*\d\s?(?:ml|mg|iu|u)(?:/[dh])?$|^血压(?!每)|^体温(?![>≥超])|^脉搏|^我|^怕|\?$|\([+-]\)"
    r"|^(?:别|不|勿)\S{0,4}(?:了|混|用|懂)$|^不[^,]{1,4}了$|(?<!\d)(?:19|20)\d\d年(?!\d{1,2}月)"
    r"|^(?:警惕|提防|当心|小心)(?!.{0,12}(?:就|来|报|停|送|跌|摔))|别嘌|^记(?:得|下|不)|^穿刺|少量(?!多)"
    r"|^(?:加强(?:试验|ct|扫描|mri))|腿抬高\s?\d|(?:\d|量|要)\s?l/min$"
)
_ACTED = (
    r"行.{0,8}术|[::].{12,}|做了|过一次|写的"
    r"|(?:复?查|测)[^\d,]{1,14}\d+(?:\.\d+)?\s?(?:ng|pg|mg/|mmol|[uμ]mol|g/l|iu/|u/l|%|×10|/\d)"
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


class Advice:
    """Tells clauses of advice from what happened."""

    def __init__(self, table: _Table) -> None:
        forbids, when = _any(table.forbids), _any(table.when)
        self._words = re.compile(rf"{_any(table.words)}|q\d+h")
        self._plain = re.compile(
            rf"^{_TIMED}|^{_OFTEN}|^下次|^{_any(table.begins)}|^{_any(table.begins_english)}"
            rf"|{forbids}{_any(table.forbidden)}|^{when}.{{1,40}}{_any(table.then)}"
            rf"|^.{{2,30}}{_any(table.ends)}$|^(?:q\d+h|q\d+min)\S{{2}}|{_LOOKS}"
        )
        self._soon = re.compile(_SOON)
        self._said = re.compile(rf"{_SAID}|{_IN_ENGLISH}")
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
        if any(one.search(clause) for one in (self._plain, self._due, self._soon)):
            return True
        if told and self._words.search(clause):
            return True
        return (told or beside) and any(one.search(clause) for one in (self._joins, self._said))


def _any(words: Iterable[str]) -> str:
    known = sorted(map(fold, words), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, known)) or '(?!)'})"
