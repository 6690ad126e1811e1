"""Is a part of a text a banned word, or do innocent words only look so?

Each check answers with the confidence that it is one, or None.
"""

from itertools import pairwise

from agents.reviews.words.folding import looks_like
from agents.reviews.words.places import Gap, Place
from agents.reviews.words.sounds import crossing, frequency, is_word, pieces, same_tone
from agents.reviews.words.variants import How, Variant, is_han

_BY_HOW = {How.PLAIN: 1.0, How.PINYIN: 0.8, How.SPLIT: 0.8, How.LOOK: 0.75, How.SOUND: 0.7}
_PARTED, _LOOKS, _INSIDE, _REPEATED = 0.95, 0.9, 0.9, 0.85
LOOSE = 0.5
"""The confidence of what only its company can make a word: 家薇 might be a name, or 加微."""
_SHORT = 3
"""Letters of a word that is a model number as soon as a digit stands beside it."""
_PLURAL_FROM = 4
_OF_PLACES = frozenset("省市县区镇乡村路街")
_RARE, _NOT_TOO_COMMON = 4_000, 22_000
"""Occurrences as a word, `sounds.frequency`: what people write in place of a character is rare."""
_RARE_IN_ANOTHER_TONE = 1_200
"""大码, 买熊, 啥比 sound like 大麻, 买凶, 傻比 but for the tone, and everybody writes them."""


def spelled(place: Place, variant: Variant) -> float | None:
    """Whether a place is this variant, its letters being it in squeezed form."""
    looks = _look_alikes(place, variant.letters)
    if looks is None or not _is_alone(place, variant.letters):
        return None
    looks += place.masked
    gaps = place.gaps(variant.gaps)
    if gaps is None or not _may_part(place, variant.letters, gaps, variant.gaps):
        return None
    stands = _stands(place, variant, gaps)
    if stands is None:
        return None
    confidence = min(stands, _BY_HOW[variant.how])
    if gaps:
        confidence = min(confidence, _PARTED)
    return min(confidence, _LOOKS) if looks else confidence


def may_sound(written: str, word: str, weak: bool) -> bool:
    """Whether what sounds as a word can be meant for it, by its characters alone.

    A `weak` word may be written more freely, for its company must tell it anyway.
    """
    changed = _changed(written, word)
    return bool(changed) and (weak or _may_stand_for(changed, len(word)))


def sounding(place: Place, word: str) -> float | None:
    """Whether a place that sounds as a Chinese word was written in its stead."""
    changed = _changed(place.letters, word)
    if not changed or not all(is_han(one) for one, _ in changed) or is_word(place.letters):
        return None
    gaps = place.gaps()
    if gaps is None or not _is_alone(place, word) or not _may_part(place, word, gaps):
        return None
    if place.after() in _OF_PLACES:
        return None
    stands = crossing(place.folded, place.first, place.last)
    if not (stands.begins and stands.ends) or _is_made_of_words(place.letters, word):
        return None
    return _BY_HOW[How.SOUND] if _may_stand_for(changed, len(word)) else LOOSE


def repeated(place: Place, variant: Variant) -> float | None:
    """Whether it is the word with letters repeated."""
    confidence = spelled(place, variant)
    return None if confidence is None else min(confidence, _REPEATED)


def _changed(written: str, word: str) -> list[tuple[str, str]]:
    """The characters that are others than those that are meant, with these."""
    return [(one, meant) for one, meant in zip(written, word, strict=True) if one != meant]


def _may_stand_for(changed: list[tuple[str, str]], letters: int) -> bool:
    """Whether a word of so many letters is hidden by these; the shorter, the less may change."""
    common = sorted(frequency(one) for one, _ in changed)
    if letters == 2:
        rare = _RARE if same_tone(*changed[0]) else _RARE_IN_ANOTHER_TONE
        return len(changed) == 1 and common[0] < rare
    if letters == 3:
        return common[-1] < (_NOT_TOO_COMMON if len(changed) == 1 else _RARE)
    return True


def disguised(place: Place, variant: Variant) -> bool:
    """Whether somebody took trouble to hide the word, as nobody does who means no harm."""
    gaps = place.gaps(variant.gaps) or {}
    if any(gap is Gap.SYMBOL for gap in gaps.values()):
        return True
    return (
        variant.letters.isascii()
        and len(variant.letters) > _SHORT
        and (bool(gaps) or place.masked or place.letters != variant.letters)
    )


def _look_alikes(place: Place, letters: str) -> int | None:
    """How many are written as something else; None if it is another word or no word at all."""
    looks = latin = 0
    for index, (written, meant) in enumerate(zip(place.letters, letters, strict=True)):
        latin += _is_latin(meant)
        if written == meant or (meant == "加" and written in "+➕"):
            continue
        if not looks_like(written, meant) and not (meant == "l" and place.original(index) == "I"):
            return None
        looks += 1
    # A55 is a phone, and a Russian word of letters like ours is no English one.
    digits = sum(map(str.isdigit, place.letters)) - sum(map(str.isdigit, letters))
    return None if looks and (latin - looks < 1 or 2 * digits > latin) else looks


def _is_alone(place: Place, letters: str) -> bool:
    """Whether its Latin ends are ends of words: class is none."""
    all_latin = letters.isascii()
    before, after = place.before(), place.after()
    if _is_latin(letters[0]) and before:
        if before.isalpha() and not is_han(before):
            return False
        if before.isdigit() and all_latin and len(letters) <= _SHORT:
            return False
    if not _is_latin(letters[-1]) or not after:
        return True
    if after.isdigit():
        return not (all_latin and len(letters) <= _SHORT)
    if all_latin and len(letters) >= _PLURAL_FROM and after == "s":
        after = place.after(2)[1:]
    return not after or not after.isalpha() or is_han(after)


def _may_part(
    place: Place, letters: str, gaps: dict[int, Gap], natural: frozenset[int] = frozenset()
) -> bool:
    """Whether what stands between the letters hides a word, or is where two words meet."""
    if not gaps:
        return True
    if letters.isascii():
        return all(gap is Gap.SYMBOL for gap in gaps.values()) or _is_drawn_out(
            len(letters), gaps, natural
        )
    if Gap.SENTENCE in gaps.values():
        # Written with marks or line breaks between half of its characters, or two sentences meet.
        apart = 2 * len(gaps) >= len(letters) > 2
        dots = all(mark in ".。·…" for mark in place.surface if not mark.isalnum())
        return apart or dots or place.bracketed
    return True


def _is_drawn_out(letters: int, gaps: dict[int, Gap], natural: frozenset[int]) -> bool:
    """Whether what has gaps is written letter by letter: "p e n", and not "the pen is"."""
    bounds = [0, *sorted(natural), letters]
    for first, last in pairwise(bounds):
        inside = sum(first < at < last for at in gaps)
        if inside and 2 * (last - first) >= 3 * (inside + 1):
            return False
    return True


def _stands(place: Place, variant: Variant, gaps: dict[int, Gap]) -> float | None:
    """Whether the words around leave room for a Chinese word."""
    letters = variant.letters
    first, last = is_han(letters[0]), is_han(letters[-1])
    if not (first or last) or (len(letters) > _SHORT and not gaps):
        return 1.0
    stands = crossing(place.folded, place.first, place.last)
    if (stands.begins or not first) and (stands.ends or not last):
        return None if stands.claimed and not gaps else 1.0
    if stands.inside and variant.how is How.PLAIN and not gaps:
        return _INSIDE
    return None


def _is_made_of_words(written: str, word: str) -> bool:
    """Whether all that was changed stands in longer words of the dictionary."""
    if len(word) < _SHORT:
        return False
    at = 0
    for piece in pieces(written):
        if len(piece) == 1 and piece != word[at]:
            return False
        at += len(piece)
    return True


def _is_latin(character: str) -> bool:
    return "a" <= character <= "z"
