"""Why a medicine was changed or not given, in the words around the change."""

from __future__ import annotations

import re

_CAUSE = re.compile(
    r"(?:因为?|由于|鉴于|考虑|出现|发生|诉|发现|致|之?后?因|because of|due to"
    r"|for)[ \t]?(?P<reason>[^,，。;；:\n()]{1,24}?)(?:\([^()\n]{1,16}\))?"
    r"(?:(?=[于\d年月日天周个前后])于?\d{0,4}[年月日天周个]{0,3}前?后?|后|而|遂|故|予|于是|已|自行|及时"
    r"|立即|现|今|医生|外院|当地|家属|患者|我科|门诊|就|将|即|给予|建议|嘱|入院后"
    r"|当[日晚天]|永久|即刻|明显|不再[^,，。;；]{1,4}|先|列为|这[一两几]天|近日|[今昨][晨日晚]|报告|告知|通知|,|，|\s)*+$"
)
_BEHIND = re.compile(
    r"(?:[ \t]*\([^()\n]{1,24}\))?[ \t]*[,，(]?[ \t]*(?:—+[ \t]*)?"
    r"(?:原因[:为是]?|理由[:为是]?|系?因为?|由于|以防|以免|(?=[嫌怕])|because of|due to"
    r"|for)[ \t]?(?P<reason>[a-z](?:(?! (?:and|then|so) (?:add|beg|chang|replac|start|switch))"
    r"[a-z0-9 '/%<>-]|\.(?=\d)){1,47}(?![a-z])|(?:[^,，。;；.\n()]|\.(?!\s|$)){1,20})"
)
_TRIM = re.compile(
    r"^(?:其|患者|服药后|服用后|用药后|该药|药物|出现|发生|发现|为|反复|引起|a |the )++"
    r"|(?:后|而|遂|故|等|明显|予|给|被|所致|自行|,|，|\s|之后|再次|就|was|were|it|\band)++$"
)


def before(stretch: str) -> tuple[int, int] | None:
    """Places of the reason in a stretch that ends where the change is said."""
    found = None
    for place in _starts(stretch):
        found = _CAUSE.match(stretch, place)
        if found is not None:
            break
    if found is None:
        better = _AFTERWARDS.search(stretch)
        return _trimmed(stretch, *better.span("reason")) if better else None
    start, end = found.span("reason")
    number = _NUMBER.match(stretch, end)
    return _trimmed(stretch, start, number.end() if number else end)


_AFTERWARDS = re.compile(
    r"(?:^|[,，。;；:\n])(?P<reason>(?!病情|患者|症状|如|若|待)[^,，。;；:\n()\d]{2,8}"
    r"(?:缓解|好转|改善|消失|消退|恢复|达标|加重|复发|无效|回升|升高|降低|不佳))后(?:予|再|即|已)?$"
)
"""喘息缓解后改泼尼松."""
_BRACKET = re.compile(r"[ \t]*\((?P<reason>[^()\n]{2,30})\)")
_NO_REASON = re.compile(
    r"^[共约每餐]|^\d+(?:\.\d+)?[ \t]?(?:天|周|月|片|次|日|年|支|盒|h|小时|mg|g|u|粒)"
    r"|^\d[\d./-]*$|^(?:至|自|到|于|按(?!肾|肝|e?gfr|体)|见|同|随|餐|晨|早(?!醒|搏)|晚|饭|空腹|商品名|即|长期"
    r"|必要时|注意|第|\d{4}|已|上限|目标|外院|自购|医保|国产|进口|具体|续|院内|可"
    r"|冠脉支架|说|夜间|睡前|两药|备|改)|片$|粒$|阴性$|未见|未做"
)
_FILLER = re.compile(
    r"(?:\d++(?:[-./]\d++)*+[ \t]?(?:年|个?月|周|天|日|小时|h|次|支)?(?:前|后|余|多)?"
    r"|[一二两三四五六七八九十半数几]++(?:年|个?多?月|周|天|日)(?:前|后)?|现?已于?|[于至]"
    r"|(?:静滴|静点|点|吃|服|用|打|吸|喷|抹|涂|输注?|注射|试用)(?:了|过|之?后|时)"
    r"|第?[\d一二两三四五六七八九十半几][ \t]?(?:次|回|针|剂|片)"
    r"|[当本上这][天晚晨日月周年次]|一概|考虑|自购|较前"
    r"|[骨内外眼心神肾普][科内外]+|孕|[这近]几[天日]|[春夏秋冬]季"
    r"|目前|现|均|都|术前|术后|出院后?|入院后?|当时|后来?|自行|自己|擅自|社区|外院|县?医院|当地|叫停|须|需|提前|我|他|她|遂"
    r"|(?:家属|家人|家长|老伴|女儿|儿子|母亲|妈妈|父亲|爸爸|患者|患儿|本人)[自主代]?[称诉述说讲]"
    r"|[我家]?人?[叫让][她他我]?|这药|即|故|给|已|就|予以?|建议|嘱|医生|逐渐|现在|今日?|昨日?|上周|上月|近期|疗程|吃完|用完"
    r"|结束|规律|长期|觉|引起|所致|——?|服药?|服用|吃了?|用了?|口服|共|约|左右|继续|既往|曾|先|暂时?|\|"
    r"|[ \t,，。:：?？!！—→\->(（)）\"“”'；;、]++)++"
)
_TAIL = re.compile(_FILLER.pattern + "$")


def between(stretch: str) -> tuple[int, int] | None:
    """Places of a reason that stands between a medicine and its change without a word of cause."""
    start, end = max(stretch.rfind(mark) for mark in "。;；\n") + 1, len(stretch)
    while found := _FILLER.match(stretch, start, end):
        start = found.end()
    tail = _TAIL.search(stretch, start, end)
    if tail is not None:
        end = tail.start()
        if number := _NUMBER.match(stretch, end):
            end = number.end()
    *earlier, last = _CLAUSE.split(stretch[start:end])
    begin = end - len(last)
    for clause in earlier[::-1]:
        if not _TROUBLE.search(clause) or end - begin + len(clause) > 17:
            break
        begin -= len(clause) + 1
    while begin > start and (found := _FILLER.match(stretch, begin, end)):
        begin = found.end()
    inner = stretch.rfind("(", begin, end) + 1
    if inner and ")" not in stretch[inner:end]:
        begin = inner
    words = stretch[begin:end]
    if (
        not 2 <= len(words) <= 18
        or not re.search(r"[一-鿿]|↑|↓|[a-z]{2}.*\d", words)
        or _NO_CLAUSE.search(words)
        or words.count("(") != words.count(")")
        or (earlier and _CALM.search(words))
        or ((inner or stretch[end : end + 1] == ")") and not _TROUBLE.search(words))
    ):
        return None
    return _trimmed(stretch, begin, end)


def in_brackets(stretch: str) -> tuple[int, int] | None:
    """Places of a reason in a bracket behind a change: 停(黑便)."""
    found = _BRACKET.match(stretch)
    if found is None or _NO_REASON.search(found["reason"]):
        return None
    return _trimmed(stretch, *found.span("reason"))


def behind(stretch: str) -> tuple[int, int] | None:
    """Places of the reason in a stretch that begins behind the change."""
    found = _BEHIND.match(stretch)
    return _trimmed(stretch, *found.span("reason")) if found else None


def clause_behind(stretch: str) -> tuple[int, int] | None:
    """Places of a complaint or a finding that stands by itself behind a change: 停,白天太困."""
    found = _ALONE.match(stretch)
    if found is None or _CALM.search(found["reason"]) or not _TROUBLE.search(found["reason"]):
        return None
    if _THEN.match(found["reason"]):
        return None
    return _trimmed(stretch, *found.span("reason"))


def clause_before(stretch: str) -> tuple[int, int] | None:
    """The same right before a change that is said ahead of the name: 肌酸激酶高,停他汀."""
    found = before(stretch)
    if found is None and (clause := _JUST.search(stretch)):
        found = _trimmed(stretch, *clause.span("reason"))
        words = stretch[slice(*found)] if found else ""
        if _CALM.search(words) or _NO_CLAUSE.search(words) or not _COMPLAINT.search(words):
            return None
    if found is None or _CHANGED.search(stretch, *found):
        return None
    return found


def ahead(stretch: str, tail: str) -> tuple[int, int] | None:
    """Places of the reason in a stretch that ends where the medicine is named.

    因…, …故 and …, 考虑 with 所致 behind the name, where `tail` begins.
    """
    found = _SO.search(stretch)
    if found is None and _BLAMED_BEHIND.match(tail):
        found = _BLAMED.search(stretch)
    if found is None:
        found = _BLAMED_BEFORE.search(stretch)
    if found is not None:
        return _trimmed(stretch, *found.span("reason"))
    because = max(stretch.rfind(word) for word in ("因", "由于", "鉴于"))
    if because < 0 or _PARTED.search(stretch) is None:
        return None
    place = _CAUSE.match(stretch, because)
    if place is None or _VISIT.search(place["reason"]):
        return None
    return _trimmed(stretch, *place.span("reason"))


def undone(stretch: str) -> tuple[int, int] | None:
    """Places of the reason in a stretch that says, at its end, that what follows is not given."""
    refused = _UNDONE.search(stretch)
    return before(stretch[: refused.start()]) if refused else None


_NUMBER = re.compile(
    r"(?<=满)[一二两三四五六七八九十半\d]+(?:个?月|年|周|天)"
    r"|(?<=[一-鿿a-z%])[ \t]?(?!\d+[ \t]?(?:年|个?月|周|天|日|次|片))\d+(?:[./]\d+)*"
)
_CLAUSE = re.compile(r"[,，]")
_TROUBLE = re.compile(
    r"[高低痛疼痹疹痒晕吐泻肿咳喘血热梗慌悸闷困差胖僵烂烧胀秘哑嘶瘀斑抖麻累乏瘦嫌怕↑↓<>＜＞]"
    r"|异常|反流|无效|没用|没效|无用|不(?:良|好|佳|耐|适|稳|行|宜|住|明显|见好|达标|愿)|过[敏频缓]|中毒"
    r"|升|下降|超|风险|阳性|\(\+\)|失眠|损[害伤]|抽筋|噩梦|便频|相互作用|重复|禁忌|史者|过量|恶心|增大|增厚|进展"
    r"|耐药|突破|负荷|反酸|烧心|无(?:明[确显])?(?:适应证|指征|证据|改善|疗效)|\d"
)
_CALM = re.compile(
    r"消失|缓解|好转|消退|恢复|平稳|稳定|阴性|未见|正常|无(?!效|用|力|.{0,3}(?:适应|指征|证据|改善|疗效))"
    r"|否认|没有|控制可|至今|不[打用吃]$|再定|评估"
)
_NO_CLAUSE = re.compile(
    r"[。;；\n]|能否|评估|出来前|停|禁用|用过|请|若|如果|减\d|期$"
    r"|^(?:治|从|视|备|尽量|病情稳定|拟)|尽量$|[时前]$"
)
_ALONE = re.compile(
    r"[ \t]*(?:[,，]|—+)[ \t]*"
    r"(?P<reason>(?!后|现|目前|建议|必要|如|若|但|今|停|查|复|监|注意|观察|随|改|换"
    r"|加|予|嘱|拟|继续|避免|禁|勿|每|饮|同时|并|再|余|其|控)[^,，。;；:\n()→]{2,14})"
    r"(?:\([^()\n]{1,16}\))?[ \t]*[。;；,，)\n]"
)
_THEN = re.compile(r"\d+[ \t]?(?:年|个?月|周|天|日)后|目标|改")
"""What is done later."""
_SO = re.compile(
    r"(?P<reason>[^,，。;；:\n()→ ]{2,24})[ \t]*"
    r"(?:[,，]?(?:故|遂|所以|因此|于是)(?:将|予|把)?|→)[ \t]*$"
)
_BLAMED = re.compile(
    r"(?P<reason>[^,，。;；:\n()]{2,16})[,，]?(?:考虑|可能|疑|怀疑)(?:与|为|是|系)?$"
)
_BLAMED_BEHIND = re.compile(r"(?:的)?(?:所致|引起|相关|有关|副作用|不良反应)")
_BLAMED_BEFORE = re.compile(
    r"(?P<reason>[^,，。;；:\n()]{2,16})[,，]?(?:考虑|可能|疑|怀疑)(?:与|为|是|系)?"
    r"[^,，。;；:\n()]{2,12}(?:所致|引起|相关|有关|副作用|不良反应)[,，][^,，。;；\n]{0,6}$"
)
_PARTED = re.compile(r"[,，][^,，]{0,6}$")
_UNDONE = re.compile(r"(?:暂|禁|拒绝|避免|不|未|没)[^,，。;；:\n]{0,5}$")
_JUST = re.compile(
    r"(?:^|[,，。;；:\n])(?P<reason>[^,，。;；:\n()]{2,16})[,，](?:现|今|遂|故|予以?|已|嘱|当[日晚天]|立即|永久|即)?$"
)
_COMPLAINT = re.compile(
    r"[高低痛疹痒晕吐泻肿血慌悸困重麻秘↑↓]|异常|无效|不(?:良|佳|耐|适)|中毒|升|下降|阳性"
)
_CHANGED = re.compile(r"[停改换减予]|加[用量服]|入院|住院|就诊|如|若")
_VISIT = re.compile(r"入院|住院|就诊|来诊|急诊|收入")


_MARK = re.compile(r"因|由于|鉴于|考虑|出现|发生|诉|发现|致|because of|due to|\bfor\b")


def _starts(stretch: str) -> list[int]:
    """Places of words of cause, the last one first but 因 before 出现 of the same clause."""
    places = [found.start() for found in _MARK.finditer(stretch)]
    because = [place for place in places if stretch[place] in "因由"]
    return because[::-1] + places[::-1]


def _trimmed(stretch: str, start: int, end: int) -> tuple[int, int] | None:
    for found in _TRIM.finditer(stretch[start:end]):
        if found.start() == 0 and found.end() < end - start:
            start, end = start + found.end(), end
            return _trimmed(stretch, start, end)
        if found.end() == end - start and found.start() > 0:
            return start, start + found.start()
    return (start, end) if end > start else None
