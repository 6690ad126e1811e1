"""What the patient may be allergic to: substances beside a word of allergy or a reaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.allergies.names import (
    NAME,
    About,
    is_allergen,
    known_in,
    list_end,
    list_start,
    pieces,
)
from agents.records.allergies.reactions import shows
from agents.records.allergies.told import blamed, graded, in_list, shunned, told, unnamed
from agents.records.allergies.words import GRADED, REACH, TESTED, TESTS, WORD
from agents.records.terms import Found
from schemas.records import Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_TO = re.compile(
    rf"(?:对|于)[\"“”]?({NAME}{{1,14}}(?:[、及和与,]{NAME}{{1,14}}){{0,4}}?)[\"“”]?(?:等|药物|类药物)?"
    r"(?:曾|有|均|都|无|不|确|可疑|疑似|严重|产生|存在|既往|发生)*(?:过敏|皮试)"
)
_CULTURED = re.compile(r"敏感|耐药|中介")
_ENGLISH = re.compile(
    r"allerg(?:y|ic|ies) to ([a-z][a-z -]{2,30}?)(?=[,;.()\n]| and | with | caus|$)"
)
_ENGLISH_MORE = re.compile(
    r"(?:\s?\([^()\n]{1,40}\))?(?:\s?,(?:\s?(?:and|or))?|\s(?:and|or))\s(?=[a-z])"
)
"""Between two names of a list behind allergic to; a reaction may stand behind each."""
_ENGLISH_END = re.compile(r"\s?(?:[(),;.\n]|and\b|or\b|with\b|caus|$)")
_TAKEN = re.compile(
    rf"(?:服用|使用|口服|静滴|注射|食用|进食|接触|吃|服|用|碰|输注|打过一次|喂|抹|涂|贴|佩戴|戴)(?:过|了)?({NAME}{{2,8}}?)"
    r"(?=后|起|曾|出现|引起|就|致)"
)
_LISTED = re.compile(rf"({NAME}{{1,12}}(?:、{NAME}{{1,10}}){{0,3}})$")
_APART = re.compile(
    r"治疗|控制|抗$|氯雷他定|西替利嗪|改善|缓解|\d\s?(?:mg|g|ml|片|iu|u|μg)|昨日|静滴|次/|qd|bid|tid|\(.*\).*[,;]|,(?:那)?(?:不是|并非|非)|敏感|耐药|中介"
)
_BOX = re.compile(r"\s?(?:史)?[:]?\s?[☑☐□√✓■×✗]|[:]\s?[yn]\b")
_TICKED = re.compile(r"[☑□√✓■]\s?$")
_CONSTITUTION = re.compile(r"过敏体质\(([^()]{1,40})\)")
_MARKED = re.compile(
    r"过敏标识[^,;。]{0,6}$|药品:\s?$|备注:\s?$|皮试(?:呈)?阳性,?(?:故|而)?(?:未|不|停|禁)用$"
)
_LAID = re.compile(r"(?:类|片|注射液)?(?:所致|引起|导致|诱发|相关)")
_BRACKET = re.compile(r"过敏[^,;。()]{0,4}[(][^()]{0,6}$")
_KIND = re.compile(r"[药素]$")
_NO_NAME = re.compile(r"(?:消毒|[改换现故仍])用$|改为?$|换为?$")
_CLEARED = re.compile(
    rf"({NAME}{{1,10}}(?:[、和及]{NAME}{{1,10}}){{1,5}}?)(?:均|都)(?:[不无]过敏|没有?过敏)"
)
_LISTS = re.compile(
    r"过敏(?!性(?:鼻炎|结膜炎|哮喘|紫癜|皮炎))[^;。]{0,12}(?:分别|依次|包括|如下|有|写|列|数|的是|的只有|说(?:好像|可能|大概|应该|就)?)[^,;。]{0,3}[:为是\"“]*$"
    r"|(?:腕带|手环|过敏牌|床头[牌卡]|警示牌|封皮|封面)[^,;。]{0,6}[:“\"][^,;。]{0,10}$"
)
_GIVEN = re.compile(
    r"\s?(?:注射液|片|胶囊|气雾剂|缓释片)?\s?(?:\d+(?:\.\d+)?\s?(?:mg|g|ml|u|iu|μg|ug|片|粒|支)|[一二三四五六七八九十两半]+(?:克|毫克|片|粒)|prn|qd|bid|tid)"
)
_NOTHING_CAME = re.compile(
    "反应|事|过敏|啥|咋样|问题|毛病|好好的|不[红痒肿]|碍|妨|顺利|平安|皮疹|(?:过|前|历次|既往|曾|多次).*(?:异常|不适)"
)
_GIVEN_FOR = re.compile(r"(?:预防|抗|防)$|\d\s?(?:mg|g|ml)")
_AGAINST = re.compile(r"预防性?(?:使?用|给予?|予)?$")
_GIVING = re.compile(
    r"(?:暂停|停用|改用?|换用?|备|予以?|给予|临时|口服|继续|加用?|拟用?|对症|现用?)$"
)
_ALLERGY = re.compile("过敏")
_NEAR = re.compile(r"过敏(?!性(?:鼻炎|结膜炎|哮喘|紫癜|皮炎))|皮试|allerg")
_SENTENCE_END = re.compile("[;。]")
_HEADED = re.compile(
    r"(?:过敏(?:史|药物|原)?(?:[:(为]|是|有)|过敏史[:,]?\s?|allerg\w+:?\s?(?:to )?)[^,;。]{0,10}$"
)
_CAUSE = re.compile(r"(?:由|系|因|为|与|考虑|\()$")
_DISEASES = re.compile(
    r"过敏性(?:鼻炎|紫癜|皮炎|结膜炎|哮喘|咳嗽|肺炎|疾病|体质)|过敏体质|过敏原|抗过敏|过敏科"
)


def substances_of(pack: Pack, sentence: Span, words: str, about: About) -> list[Span]:
    """The words for substances beside a word of allergy, without overlaps."""
    about = about._replace(known=known_in(pack, words), worded=WORD.search(words) is not None)
    spans: list[Span] = []
    for find_them in (
        _named_to,
        _english_list,
        _known_ones,
        told,
        blamed,
        shunned,
        graded,
        in_list,
        _taken,
        unnamed,
        _cleared,
        _constitution,
    ):
        for start, end in find_them(pack, words, about):
            _add(spans, start, end)
    if about.listed and not _DISEASES.search(words):
        for start, end in _named_before(pack, words, spans):
            _add(spans, start, end)
    if spans or about.spoken or about.worded:
        for start, end in _usable(pack, words, about):
            _add(spans, start, end)
    kept = [
        one
        for one in spans
        if not pack.reactions.untried.match(words, one.end) and not _vehicle(words, one, spans)
    ]
    return sorted(Span(sentence.start + one.start, sentence.start + one.end) for one in kept)


def _vehicle(words: str, one: Span, spans: list[Span]) -> bool:
    """Whether it only tells how one met another: 乳胶过敏(接触手套起红斑)."""
    bracket = _BRACKET.search(words[: one.start])
    return bracket is not None and any(
        0 <= bracket.start() - other.end <= 1 for other in spans if other != one
    )


def _add(spans: list[Span], start: int, end: int) -> None:
    if all(end <= one.start or one.end <= start for one in spans):
        spans.append(Span(start, end))


def _named_to(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """对…过敏, allergic to …: whatever stands there."""
    for pattern in (_TO, _ENGLISH):
        for match in pattern.finditer(words):
            if not _CULTURED.search(match[1]):
                for start, end in pieces(pack, words, match.start(1), match.end(1)):
                    yield from _glued(words, about, start, end)


def _english_list(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """Known names behind the first one: allergic to penicillin (rash) and sulfa."""
    del pack
    known = {one.start: one.end for one in about.known}
    for match in _ENGLISH.finditer(words):
        joint = _ENGLISH_MORE.match(words, match.end(1))
        while joint and (end := known.get(joint.end())) and _ENGLISH_END.match(words, end):
            yield joint.end(), end
            joint = _ENGLISH_MORE.match(words, end)


def _glued(words: str, about: About, start: int, end: int) -> list[tuple[int, int]]:
    """A name, or those that stand together without a mark: 鸡蛋牛奶."""
    inside = [(one.start, one.end) for one in about.known if start <= one.start and one.end <= end]
    whole = sum(b - a for a, b in inside) == end - start
    several = whole and len(inside) > 1 and not _KIND.search(words, start, inside[0][1])
    return inside if several else [(start, end)]


def _known_ones(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """Substances of the tables in a list of allergies, or with allergy or reaction beside."""
    known = about.known
    for at, found in enumerate(known):
        following = known[at + 1] if at + 1 < len(known) else None
        own = not following or following.start > found.end or is_allergen(found)
        if not own or _NO_NAME.search(words, max(0, found.start - 4), found.start):
            continue
        end = list_end(words, known, at)
        if (
            (about.listed and not _is_given(words, found))
            or _beside(words, found, list_start(words, known, at))
            or _marked(words, found, about)
            or _tested(words, found, end)
            or shows(pack, words, found.end, alone=not (about.spoken or about.worded))
            or (end > found.end and _list_shows(pack, words, end, about))
            or _caused(pack, words, found)
            or is_borne(pack, words, found, end)
        ):
            yield found.start, found.end


def is_borne(pack: Pack, words: str, found: Found, end: int) -> bool:
    """Whether it was taken and nothing came of it; a medicine just taken on is no answer."""
    well = pack.reactions.used.match(words, end)
    if well is None or _AGAINST.search(words, max(0, found.start - 4), found.start):
        return False
    return (
        _NOTHING_CAME.search(words, max(0, found.start - 6), well.end()) is not None
        or WORD.search(words) is not None
        or all(one.start != found.start for one in pack.drugs.find(words))
    )


def _is_given(words: str, found: Found) -> bool:
    """Whether it is a medicine that is being given, on the line of a list."""
    before = words[max(0, found.start - 3) : found.start]
    return bool(_GIVEN.match(words, found.end) or _GIVING.search(before))


def _list_shows(pack: Pack, words: str, end: int, about: About) -> bool:
    """Whether a reaction is told of a whole list: 甲硝唑、呋喃唑酮药疹史."""
    return words[end : end + 1] not in ("(", ":") and shows(
        pack, words, end, alone=not about.worded
    )


def _marked(words: str, found: Found, about: About) -> bool:
    """Whether a box or a mark beside a name answers for it."""
    asked = about.spoken or "过敏" in words
    return bool(
        (asked and _BOX.match(words, found.end))
        or (asked and _TICKED.search(words, max(0, found.start - 2), found.start))
        or _MARKED.search(words, max(0, found.start - 12), found.start)
    )


def _tested(words: str, found: Found, end: int) -> bool:
    """Whether a skin test or a class of IgE is told of it."""
    if TESTS.search(words) and TESTED.match(words, end):
        return True
    return is_allergen(found) and GRADED.match(words, found.end) is not None


def _cleared(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """阿胶、党参均不过敏: whatever stands there."""
    for match in _CLEARED.finditer(words) if about.worded else ():
        yield from pieces(pack, words, match.start(1), match.end(1))


def _usable(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """What may be given, beside what one is allergic to: 青霉素可用."""
    known = about.known
    for at, found in enumerate(known):
        said = pack.reactions.usable.match(words, list_end(words, known, at))
        if said and (is_allergen(found) or "耐受" in said[0]):
            yield found.start, found.end


def _caused(pack: Pack, words: str, found: Found) -> bool:
    """Whether a reaction is laid to a substance: DRESS由拉莫三嗪引起."""
    if not _LAID.match(words, found.end):
        return False
    before = words[max(0, found.start - 20) : found.start]
    return _CAUSE.search(before) is not None and (pack.reactions.pattern.search(before) is not None)


def _taken(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """What was taken and was followed by a reaction: 用…后起皮疹."""
    for match in _TAKEN.finditer(words):
        if shows(pack, words, match.end(1), alone=not about.worded):
            yield from pieces(pack, words, match.start(1), match.end(1))


def _constitution(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """过敏体质(鱼虾、花粉)."""
    del about
    for match in _CONSTITUTION.finditer(words):
        yield from pieces(pack, words, match.start(1), match.end(1))


def _named_before(pack: Pack, words: str, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """…过敏 in a section of allergies: whatever stands there."""
    for match in _ALLERGY.finditer(words):
        base = max(0, match.start() - REACH)
        before = _LISTED.search(words[base : match.start()])
        if before is None or _DISEASES.match(words, match.start()) or _GIVEN_FOR.search(before[1]):
            continue
        start = base + before.start(1)
        if all(match.start() <= one.start or one.end <= start for one in spans):
            yield from pieces(pack, words, start, base + before.end(1))


def _beside(words: str, found: Found, first: int) -> bool:
    """Whether a known substance stands in a clause that speaks of allergy."""
    clause = _SENTENCE_END.split(words[found.end : found.end + REACH], maxsplit=1)[0]
    near = _NEAR.search(clause)
    if near:
        between = clause[: near.start()]
        return between.count(",") <= 1 and not _APART.search(between)
    before = words[max(0, first - 24) : first]
    return bool(_LISTS.search(before) or _HEADED.search(before[-16:]))
