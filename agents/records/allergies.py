"""What the patient is allergic to, and how it shows; also that no allergy is known."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Parsed
from agents.records.terms import Found
from schemas.records import Allergy, Certainty, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_NAME = r"[^\s,;。、:()\[\]【】!?“”\"无否未有后]"
_WORD = re.compile(
    r"过敏|药敏|allerg|皮试(?:结果)?(?:呈|为)?\(?(?:强?阳性|\+|阴性|-)|nkda|nka\b|不良反应|不耐受"
)
_NONE = re.compile(
    r"(?:否认|无|没有|未发现|未诉|不详|未述)(?:明确|明显|已知|任何|其他|其它|特殊)?(?:的)?"
    r"(?:药物|药品|食物|花粉|药|接触物|食品|物质|疫苗|外物|及|与|和|、|或|/|[\s,]|中药|西药|抗生素|海鲜){0,9}"
    r"(?:等)?(?:过敏|药敏|不良反应)"
    r"|过敏史?\s?[(:]?\s?(?:无|否认|\(-\)|-(?![\w])|没有|阴性|未发现|none\b)"
    r"|(?:药物|食物|药物食物|药物及食物|药食)(?:、食物)?过敏(?:史)?(?:均)?(?:否认|无(?!\w))"
    r"|no (?:known )?(?:drug |food |medication )?(?:or food )?allergies|\bnkda\b|\bnka\b"
    r"|denies (?:any )?(?:drug |food |medication )?allerg"
)
_TO = re.compile(
    rf"(?:对|于)({_NAME}{{1,14}}(?:[、及和与,]{_NAME}{{1,14}}){{0,4}}?)(?:等|药物|类药物)?"
    r"(?:曾|有|均|都|无|不|可疑|疑似|严重|产生|存在|既往|发生)*(?:过敏|皮试)"
)
_ENGLISH = re.compile(
    r"allerg(?:y|ic|ies) to ([a-z][a-z -]{2,30}?)(?=[,;.()\n]| and | with | caus|$)"
)
_SPLIT = re.compile(r"[、,/+]|及|和|与|\band\b|\bor\b|以及")
_NOT = re.compile(
    r"过敏(?:史)?\s?[:(]\s?(?:无|否|没有|-)|(?:用过|用|吃).{0,6}(?:无异常|无不适|正常)|不要紧|可以吃|可耐受|不过敏|能吃|用过没事|用过无反应|无反应|没事|不算过敏|不能肯定|无过敏|不是过敏|未过敏|未再过敏"
    r"|皮试(?:结果)?(?:呈|为)?\(?(?:阴性|-)|not allergic|过敏(?:史)?(?:已)?排除|排除.{0,8}过敏"
)
_NOT_AFTER = re.compile(r"[^;。]{0,12},(?:不算过敏|不是过敏|非过敏)")
_USED = re.compile(
    r"类?(?:以前|既往|曾|均|也)?(?:用过|能用|能吃|吃过|可用)[^,;。]{0,3}(?:没事|无反应|没有过敏|无过敏|正常)"
)
_MAYBE = re.compile(r"[?]|可疑|疑似|可能|不详|待查|待排|不确定|possible|question")
_GENERIC = frozenset({
    "药物", "食物", "药品", "药", "食品", "药物、食物", "接触物", "其他", "其他药物", "何种",
    "某", "什么药", "什么", "哪些药", "自述", "好像", "多种药物", "多种", "过敏", "多种食物",
    "上述", "该药", "本品", "任何", "海", "此类",
})  # fmt: skip
_TAKEN = re.compile(
    rf"(?:服用|使用|口服|静滴|注射|食用|进食|接触|吃|服|用|碰|输注|打过一次)(?:过)?({_NAME}{{2,8}}?)"
    r"(?=后|起|曾|出现|引起|就|致)"
)
_THEN = re.compile(
    r"(?:\d{4}年)?(?:既往|静滴|口服|输注|使用|吃|用|服|打|注射)*(?:类|片|注射液)?(?:等)?(?:后|时|曾|就|会)?"
    r"(?:第.天)?(?:曾|便|即|就|会)?(?:出现|引起|诱发|发生|有|起|导致|致|出|全身|过)?(?:过)?"
)
_LISTED = re.compile(rf"({_NAME}{{1,12}}(?:、{_NAME}{{1,10}}){{0,3}})$")
_LAID = re.compile(r"(?:类|片|注射液)?(?:所致|引起|导致|诱发|相关)")
_LONGEST = 4_000
"""Characters of a sentence that is read."""
_REACH = 40
"""Characters after a substance in which its reaction may stand."""
_DISEASES = re.compile(
    r"过敏性(?:鼻炎|紫癜|皮炎|结膜炎|哮喘|咳嗽|肺炎|疾病|体质)|过敏体质|过敏原|抗过敏|过敏科"
)


class Reactions(NamedTuple):
    """The words for reactions as one pattern."""

    pattern: re.Pattern[str]

    @classmethod
    def read(cls, content: str, place: str) -> Reactions:
        """Raises BadPack."""
        try:
            table = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise BadPack(f"{place}: {error}") from None
        words, before = table.get("words"), table.get("before")
        if not isinstance(words, list) or not isinstance(before, list):
            raise BadPack(f"{place}: words and before are lists")
        one = rf"(?:{_any(before)}){{0,2}}(?:{_any(words)})"
        return cls(re.compile(rf"{one}(?:(?:[、,及和伴与]|\s?and\s?){one}){{0,3}}"))


def _any(words: list[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))


def find(parsed: Parsed, pack: Pack) -> Iterator[Allergy]:
    """Every mention, in order of sentences."""
    for sentence in parsed.sentences:
        section = parsed.section(sentence.start)
        words = parsed.folded[sentence.start : sentence.end]
        heading = section.kind == "allergy" and sentence.start < section.body
        if heading or len(words) > _LONGEST:
            if heading and "nkda" in words:
                yield _item(parsed, sentence, "", "refuted", "")
            continue
        if section.kind == "allergy" or _WORD.search(words) or pack.reactions.pattern.search(words):
            yield from _read(parsed, pack, sentence, words, section.kind == "allergy")


def _read(
    parsed: Parsed, pack: Pack, sentence: Span, words: str, listed: bool
) -> Iterator[Allergy]:
    substances = _substances(pack, sentence, words, listed)
    for span in substances:
        certainty = _certainty(parsed, pack, span, words[span.end - sentence.start :])
        if certainty is None:
            continue
        reaction = "" if certainty == "refuted" else _reaction(parsed, pack, span, substances)
        yield _item(parsed, span, parsed.text[span.start : span.end], certainty, reaction)
    if any(_confirmed(parsed, pack, span, words, sentence) for span in substances):
        return
    none = _NONE.search(words)
    if none:
        place = Span(sentence.start + none.start(), sentence.start + none.end())
        if not pack.cues.judge(parsed, place).family:
            yield _item(parsed, place, "", "refuted", "")
    elif (
        listed
        and not substances
        and re.match(r"\s?(?:无|否认|未发现|暂无|没有|none|nil|denies|no\b)", words)
    ):
        yield _item(parsed, sentence, "", "refuted", "")


def _confirmed(parsed: Parsed, pack: Pack, span: Span, words: str, sentence: Span) -> bool:
    return _certainty(parsed, pack, span, words[span.end - sentence.start :]) == "confirmed"


def _substances(pack: Pack, sentence: Span, words: str, listed: bool) -> list[Span]:
    """The words for substances beside a word of allergy, without overlaps."""
    spans: list[Span] = []
    for find_them in (_named_to, _known_ones, _taken):
        for start, end in find_them(pack, words, listed):
            _add(spans, start, end)
    if listed and not _DISEASES.search(words):
        for start, end in _named_before(words, spans):
            _add(spans, start, end)
    return sorted(Span(sentence.start + one.start, sentence.start + one.end) for one in spans)


def _add(spans: list[Span], start: int, end: int) -> None:
    if all(end <= one.start or one.end <= start for one in spans):
        spans.append(Span(start, end))


def _named_to(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """对…过敏, allergic to …: whatever stands there."""
    del pack, listed
    for pattern in (_TO, _ENGLISH):
        for match in pattern.finditer(words):
            yield from _pieces(words, match.start(1), match.end(1))


def _known_ones(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """Substances of the tables in a list of allergies, or with allergy or reaction beside."""
    for found in _known(pack, words):
        used = _USED.match(words, found.end)
        if (
            listed
            or used
            or _caused(pack, words, found)
            or _beside(words, found)
            or _shows(pack, words, found.end)
        ):
            yield found.start, found.end


def _caused(pack: Pack, words: str, found: Found) -> bool:
    """Whether a reaction is laid to a substance: DRESS由拉莫三嗪引起."""
    if not _LAID.match(words, found.end):
        return False
    before = words[max(0, found.start - 14) : found.start]
    return re.search(r"(?:由|系|因|为|与)$", before) is not None and (
        pack.reactions.pattern.search(before) is not None
    )


def _taken(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """What was taken and was followed by a reaction: 用…后起皮疹."""
    del listed
    for match in _TAKEN.finditer(words):
        if _shows(pack, words, match.end(1)):
            yield from _pieces(words, match.start(1), match.end(1))


def _named_before(words: str, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """…过敏 in a section of allergies: whatever stands there."""
    for match in re.finditer("过敏", words):
        base = max(0, match.start() - _REACH)
        before = _LISTED.search(words[base : match.start()])
        if before is None or _DISEASES.match(words, match.start()):
            continue
        start = base + before.start(1)
        if all(match.start() <= one.start or one.end <= start for one in spans):
            yield from _pieces(words, start, base + before.end(1))


def _pieces(words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The single names of a list of substances."""
    edges = [start]
    for match in _SPLIT.finditer(words, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        piece = words[left:right]
        # 认 is what is left of 否认.
        trimmed = re.sub(
            r"^(?:认|曾|因|患者|服用|使用|口服|静滴|静脉滴注|注射|既往|食用|进食|接触|吃|药物|食物)+",
            "",
            piece.strip(),
        )
        trimmed = re.sub(
            r"(?:等|药物史|不|无|有|均|都|曾|可疑|疑似|严重|产生|存在|发生)+$", "", trimmed
        )
        if trimmed and trimmed not in _GENERIC and len(trimmed) <= 30:
            at = words.index(trimmed, left)
            yield at, at + len(trimmed)


def _known(pack: Pack, words: str) -> Iterator[Found]:
    yield from pack.allergens.find(words)
    for one in pack.drugs.find(words):
        if not one.weak:
            yield Found(one.start, one.end, one.term)


def _shows(pack: Pack, words: str, end: int) -> bool:
    """Whether a reaction is said to have followed what was taken."""
    return (
        match := pack.reactions.pattern.search(words, end, end + 14)
    ) is not None and _THEN.fullmatch(words[end : match.start()]) is not None


def _beside(words: str, found: Found) -> bool:
    """Whether a known substance stands in a clause that speaks of allergy."""
    clause = re.split(r"[;。]", words[found.end : found.end + _REACH], maxsplit=1)[0]
    near = re.search(r"过敏(?!性(?:鼻炎|结膜炎|哮喘|紫癜|皮炎))|皮试|allerg", clause)
    if near:
        between = clause[: near.start()]
        return between.count(",") <= 1 and not re.search(
            r"治疗|控制|抗$|氯雷他定|西替利嗪|改善|缓解", between
        )
    before = words[max(0, found.start - 16) : found.start]
    return bool(
        re.search(
            r"(?:过敏(?:史|药物|原)?(?:[:(为]|是|有)|过敏史[:,]?\s?|allerg\w+:?\s?(?:to )?)"
            r"[^,;。]{0,10}$",
            before,
        )
    )


def _certainty(parsed: Parsed, pack: Pack, span: Span, behind: str) -> Certainty | None:
    """None: it is a relative's, or warned of."""
    said = pack.cues.judge(parsed, span)
    if said.family or said.other or said.certainty == "hypothetical":
        return None
    clause = re.split(r"[,;。]", behind, maxsplit=1)[0]
    negated = _NOT.search(clause) or _NOT_AFTER.match(behind)
    own = negated is None or not re.search(r"过敏|[(](?!皮试)", clause[: negated.start()])
    if (negated and own) or said.certainty == "refuted":
        return "refuted"
    if said.certainty == "uncertain" or _MAYBE.search(clause.split("、")[0][:14]):
        return "uncertain"
    return "confirmed"


def _reaction(parsed: Parsed, pack: Pack, span: Span, substances: list[Span]) -> str:
    """The words of the reaction behind a substance, before the next one's clause."""
    end = min(span.end + _REACH, parsed.sentence(span.start).end)
    match = pack.reactions.pattern.search(parsed.folded, span.end, end)
    if match is None:
        tested = re.match(
            r"皮试(?:结果)?(?:呈|为)?(?:强?阳性|\(\+\))", parsed.folded[span.end : span.end + 12]
        )
        return parsed.text[span.end : span.end + tested.end()] if tested else ""
    between = parsed.folded[span.end : match.start()]
    others = [one for one in substances if span.end <= one.start < match.start()]
    if others and re.search(r"[,;(]", parsed.folded[span.end : others[0].start]):
        return ""
    if re.search(r"否认|无|未出现|治疗|;", between):
        return ""
    return parsed.text[match.start() : match.end()]


def _item(parsed: Parsed, span: Span, name: str, certainty: Certainty, reaction: str) -> Allergy:
    return Allergy(
        span=span,
        sentence=parsed.sentence(span.start),
        name=name,
        certainty=certainty,
        reaction=reaction,
    )
