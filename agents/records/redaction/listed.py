"""English and pinyin names by lists of them, however they are announced, in capitals or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import any_word
from agents.records.redaction.tables import Tables

_WORD: Final = re.compile(
    r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’]*(?:-[A-Za-zÀ-ÿ]+)*\.?(?![A-Za-z0-9_])"
)
_NEXT: Final = re.compile(r",? ?|-")
_TITLE: Final = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|doctor|nurse|sister|uncle|aunt|auntie|pastor"
    r"|madam|master)\b\.? {0,2}([a-zà-ÿ][a-zà-ÿ'’-]+)",
    re.IGNORECASE,
)
_ANNOUNCED: Final = re.compile(
    r"\b(?:with|and|told|asked|called|per|by|see|saw|seen|w/|from|thank|thanks|thanks,|hi|hello"
    r"|dear|regards,|best,|love,|cheers,|sincerely,|yours,|named|name is|i'm|i am|this is|for|is"
    r"|husband|wife|son|daughter|mother|father|mom|mum|dad|brother|sister|aunt|uncle|cousin|niece"
    r"|nephew|partner|friend|neighbor|neighbour|caregiver|grandson|granddaughter|grandma|grandpa"
    r"|fianc[eé]e?|nurse|to|let|ask|tell|call|page|paged|notify|notified|cc:?|signed,?|attn:?"
    r"|bring|brings|help|helps|gave|give|when|if|that|should|can|did|does|has|will)[,(]?\s\(?$",
    re.IGNORECASE,
)
_MEDICINE: Final = re.compile(
    r"(?:pril|sartan|olol|statin|mab|nib|cillin|mycin|micin|azole|prazole|ine|ide|one|ate|cept"
    r"|vir|oxacin|cycline|parin|xaban|gliptin|flozin|glutide|pine|pam|lam|itis|osis|emia|oma"
    r"|ectomy|otomy|oscopy|ology|ium|ol|in|al|ic|an|ese|ish)$"
)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.? ?){1,2}\.?(?![\w-])")
_FAMILY_FIRST: Final = re.compile(r"(?<![\w,] )(?<!\w)([A-Z][a-z'’-]+), $")
_INITIALLED: Final = re.compile(
    r"(?<![A-Za-z])(?:[A-Z]\. ?){1,2}([A-Z](?:['’][A-Z])?[a-z]+(?:[A-Z-][A-Za-z]+)?)"
)
_NO_INITIALS: Final = re.compile(
    r"CT|MR|US|IV|PO|OD|BD|II|XR|PT|OT|E[RD]|OR|AM|PM|VI|IX|XI|I[MDI]|SC|HR|BP|RR|MD|DO|NP"
)
_EPONYM: Final = re.compile(
    r"(?:['’]s?)?[- ](?:disease|syndrome|score|sign|lymphoma|thyroiditis|cirrhosis|palsy|catheter"
    r"|clamp|fracture|criteria|anomaly|procedure|cyst|node|test|index|scale|stage|grade|tumou?r"
    r"|reflex|position|tube|drain|operation|classification|stain|phenomenon|ulcer|law|ring)"
    r"|\s?(?:术|征|分|级|病|综合|氏|期|线|法|试验|切口|管|钳|瘤|囊|骨折|现象|反应|杆"
    r"|\d\s?[级型期])| arbor",
    re.IGNORECASE,
)


class Listed:
    """Names whose first, family or pinyin part is on a list."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._words = frozenset(word.lower() for word in tables.english_words)
        one = any_word(tables.syllables)
        kin = "|".join((*tables.kin, *tables.told, "的是"))
        self._kin = re.compile(rf"(?:{kin})\s?[:：(（]?\s?$")
        self._mixed = re.compile(
            rf"[{''.join(sorted(tables.usual)) or '王'}]([A-Z][a-z]{{2,}})(?![A-Za-z])"
        )
        self._solid = re.compile(rf"{one}(?:[-'’]?{one}){{0,2}}")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a text as it was written."""
        words = list(_WORD.finditer(text))
        found = [*self._titled(text)]
        for at, word in enumerate(words):
            if _EPONYM.match(text, word.end()):
                continue
            last = self._last_of(text, words, at)
            if last is not None:
                found.append((word.start(), last))
                before = _FAMILY_FIRST.search(text, max(0, word.start() - 24), word.start())
                if before and self._may_be(before[1].lower()):
                    found.append(before.span(1))
        found += self._shaped(text)
        yield from found
        for part in sorted({w for s, e in found for w in re.findall(r"[^\W\d_]{4,}", text[s:e])}):
            if part.lower() not in self._words:
                for again in re.finditer(
                    rf"(?<![A-Za-z0-9]){part}(?![A-Za-z0-9])", text, re.IGNORECASE
                ):
                    yield again.span()

    def _shaped(self, text: str) -> Iterator[tuple[int, int]]:
        """S. O'Neill; 王Maria, and Maria."""
        for match in _INITIALLED.finditer(text):
            if self._may_be(match[1].lower()) and not _EPONYM.match(text, match.end()):
                yield match.span()
        for match in self._mixed.finditer(text):
            if self._tables.begins(text, match.start()) and self._may_be(match[1].lower()):
                yield match.span()
                yield match.span(1)

    def _titled(self, text: str) -> Iterator[tuple[int, int]]:
        for title in _TITLE.finditer(text):
            if self._may_be(title[1].lower()):
                yield title.span(1)

    def _last_of(self, text: str, words: list[re.Match[str]], at: int) -> int | None:
        """The end of the name whose first word this is."""
        word = words[at]
        plain = word[0].rstrip(".").lower()
        big = word[0][0].isupper()
        stem = re.sub(r"['’]s$", "", plain)
        end = word.start() + len(stem)
        short = word[0].isupper() and len(word[0]) < 5
        if short and (stem in self._tables.first_names or stem in self._tables.last_names):
            return None
        if stem in self._tables.first_names or (big and stem in self._tables.last_names):
            return self._stretched(text, words, at, end)
        follower = words[at + 1] if at + 1 < len(words) else None
        joined = follower is not None and _NEXT.fullmatch(text, word.end(), follower.start())
        if follower is not None and joined:
            other = re.sub(r"['’]s$", "", follower[0].rstrip(".").lower())
            if (
                big
                and follower[0][0].isupper()
                and other in self._tables.last_names
                and self._may_be(stem)
            ):
                return follower.start() + len(other)
        if (pinyin := self._pinyin(text, words, at)) is not None:
            return pinyin
        announced = _ANNOUNCED.search(
            text, max(0, word.start() - 16), word.start()
        ) or self._kin.search(text, max(0, word.start() - 6), word.start())
        if (
            big
            and re.fullmatch("[a-z]+(?:-[A-Z][a-z]+)*", word[0][1:])
            and announced
            and self._may_be(stem)
            and len(stem) > 2
        ):
            return self._stretched(text, words, at, end)
        return None

    def _may_be(self, word: str) -> bool:
        return (
            word not in self._words
            and word not in self._tables.medical_latin
            and (word in self._tables.last_names or not _MEDICINE.search(word))
        )

    def _stretched(self, text: str, words: list[re.Match[str]], at: int, end: int) -> int:
        """Over the words behind that go on with the name."""
        small = words[at][0][0].islower()
        for word in words[at + 1 : at + 4]:
            if not _NEXT.fullmatch(text, end, word.start()) or _EPONYM.match(text, word.end()):
                break
            plain = re.sub(r"['’]s$", "", word[0].rstrip(".").lower())
            initial = len(plain) == 1 and word[0][0].isupper()
            goes_on = word[0][0].isupper() and not small and self._may_be(plain)
            if not (initial or goes_on or plain in self._tables.last_names):
                break
            end = word.start() + len(plain)
        return end

    def _pinyin(self, text: str, words: list[re.Match[str]], at: int) -> int | None:
        """Li Xiaoming, ZHANG Wei, Xiaoming Li, Lin, Mei-Ling; Wang X.M."""
        word = words[at]
        first = word[0].rstrip(".").lower()
        family = first in self._tables.pinyin_surnames
        if family and word[0][0].isupper() and text[word.end() : word.end() + 1] == " ":
            initials = _INITIALS.match(text, word.end() + 1)
            if initials and not _NO_INITIALS.fullmatch(initials[0].strip(" .")) and first != "he":
                return initials.end()
        follower = words[at + 1] if at + 1 < len(words) else None
        if follower is None or not re.fullmatch(r",? ", text[word.end() : follower.start()]):
            return None
        second = re.sub(r"['’]s$", "", follower[0].rstrip(".").lower())
        end = follower.start() + len(second)
        given = second if family else first
        other = first if family else second
        if other not in self._tables.pinyin_surnames or not self._solid.fullmatch(given):
            return None
        big = word[0][0].isupper() and follower[0][0].isupper()
        small = (
            not text.isascii()
            and len(first + second) > 5
            and not {first, second} & self._words
            and word[0].islower()
        )
        if not big and not small:
            return None
        third = words[at + 2] if at + 2 < len(words) else None
        if (
            third is not None
            and text[end : third.start()] == " "
            and third[0][0].isupper() == follower[0][0].isupper()
            and self._solid.fullmatch(third[0].lower())
            and third[0].lower() not in self._words
        ):
            end = third.end()
        return end
