"""Whether what a model wrote may be said: it says what our text says, and nothing else.

Every check gives a code of what is wrong, or nothing. They are strict: what they refuse costs a
friendlier word, what they let through is said in the name of a bank.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

from agents.assistant.wording.figures import figures, plainly
from agents.assistant.wording.lexicon import KIND_HAN, KIND_WORDS, loaded, negations, outcomes
from agents.incidents.plain import plain
from agents.privacy import redact
from agents.reviews.language import language
from schemas.turns import Lang
from windows.texts import clean, terms

_LONGER = 2
_LEAST_ROOM = 80
"""Characters that a very short draft may become."""
_MARKUP = re.compile(r"[`*#|<>\[\]{}\\~^@]|__|://|&#?\w+;")
_WORD = re.compile(r"[a-z][a-z'’]*[a-z]|[a-z]")
_CAPITAL = re.compile(r"(?<![.!?:]\s)(?<![.!?:])(?<!^)\b[A-Z][A-Za-z]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_HAN = re.compile("[\u3400-\u9fff]")
_MASKED = re.compile("[0-9A-Za-z]*[\u3400-\u9fff]?\\*+[0-9A-Za-z]*")
_GROUNDED = 0.5
_NEW_SHARE = 0.5
_NEW = 1
"""New words in a sentence that says nothing else of the draft; `_NEW_BESIDE`: in one that does."""
_NEW_BESIDE = 3
_STEM = 5
_SENTENCE = re.compile(r"[。!?;；！？]+|\.(?=\s|$)")
_OTHER_LETTER = re.compile(r"(?![A-Za-z\u00c0-\u024f\u3400-\u9fff])[^\W\d_]")
_PICTURES = ("So", "Sk", "Co", "Cn")


def unfit(text: str, lang: Lang, most: int) -> str:
    """What is wrong with the text by itself: its length, its language, anything but plain text."""
    if not text.strip():
        return "empty"
    if len(text) > most:
        return "long"
    seen = clean(text)
    if seen != " ".join(unicodedata.normalize("NFKC", text).split()):
        return "markup"
    if any(unicodedata.category(c) in _PICTURES for c in seen):
        return "markup"
    if _MARKUP.search(seen) or html.unescape(seen) != seen:
        return "markup"
    if redact(seen) != seen:
        return "personal"
    if plain(seen, 4 * most) != seen:
        return "link"
    foreign = _OTHER_LETTER.search(seen) or (lang == "en" and _HAN.search(seen))
    if foreign or language(text, lang) != lang:
        return "language"
    return ""


def unfaithful(said: str, draft: str, facts: Sequence[str], lang: Lang) -> str:
    """What is wrong with `said` as another wording of `draft`."""
    most = max(_LONGER * len(draft), _LEAST_ROOM)
    if len(said) > most:
        return "long"
    facts = sorted({*facts, *_MASKED.findall(draft)} - {""}, key=len, reverse=True)
    if wrong := unfit(_without(said, facts), lang, most):
        return wrong
    new, old = plainly(said), plainly(draft)
    kept = [fact for fact in map(plainly, facts) if fact and fact in old]
    if any(fact not in new for fact in kept):
        return "fact"
    # The words of others stand for nothing but themselves: they allow no word elsewhere.
    bare_new, bare_old = _blank(new, kept), _blank(old, kept)
    if _order(new, bare_new, kept) != _order(old, bare_old, kept):
        return "figures"
    if outcomes(bare_new) != outcomes(bare_old):
        return "outcome"
    if wrong := _added(_without(said, facts), bare_new, bare_old):
        return wrong
    return "added" if _says_more(bare_new, bare_old) else ""


def ungrounded(said: str, quotes: Iterable[str]) -> str:
    """What is wrong with what is to be taken from these quotes, sentence by sentence."""
    quoted = [plainly(quote) for quote in quotes]
    each = [one for quote in quoted for one in sentences(quote)]
    wrong = (_unsaid(one, each) for one in sentences(said))
    return next(filter(None, wrong), "")


def sentences(text: str) -> list[str]:
    """The sentences of a text, without what ends them."""
    return [one for one in _SENTENCE.split(text) if one.strip()]


def _unsaid(said: str, quoted: Sequence[str]) -> str:
    new, old = plainly(said), ". ".join(quoted)
    known = {(one.value, one.unit) for one in figures(old)}
    if any((one.value, one.unit) not in known for one in figures(new)):
        return "figures"
    if wrong := _added(said, new, old):
        return wrong
    words = set(terms(new))
    if len(words & set(terms(old))) < _GROUNDED * len(words):
        return "ungrounded"
    nearest = _nearest(words, quoted)
    told = set(outcomes(new))
    if not any(
        told <= set(outcomes(one)) and bool(negations(new)) == bool(negations(one))
        for one in nearest
    ):
        return "outcome"
    return ""


def _nearest(words: set[str], quoted: Sequence[str]) -> list[str]:
    """The sentences that have most of these words."""
    shared = [len(words & set(terms(one))) for one in quoted]
    most = max(shared, default=0)
    return [one for one, count in zip(quoted, shared, strict=True) if count == most]


def _without(text: str, facts: Sequence[str]) -> str:
    """The text without the names in it, which may be of any language."""
    for fact in facts:
        text = text.replace(fact, "")
    return text


def _blank(text: str, facts: Iterable[str]) -> str:
    """The same with a gap for each of them."""
    for fact in facts:
        text = text.replace(fact, " " * len(fact))
    return text


def _order(text: str, bare: str, facts: Iterable[str]) -> list[str]:
    """Figures, facts and denials, one after the other: who swaps two of them changes the sense."""
    found = [(one.at, f"{one.value} {one.unit}") for one in figures(bare)]
    found += [(at.start(), fact) for fact in facts for at in re.finditer(re.escape(fact), text)]
    found += [(at, "not") for at in negations(bare)]
    order: list[str] = []
    for _, one in sorted(found):
        if not order or order[-1] != one:
            order.append(one)
    return order


def _says_more(new: str, old: str) -> bool:
    """Whether a sentence has too many words that neither the draft has nor kindness needs."""
    known = _words_of(old) | KIND_WORDS | KIND_HAN
    stems = {word[:_STEM] for word in known if len(word) >= _STEM}
    for sentence in _SENTENCE.split(new):
        words = _words_of(sentence)
        fresh = {word for word in words if word not in known and word[:_STEM] not in stems}
        anchored = bool(figures(sentence)) or bool(words & _words_of(old))
        if len(fresh) > max(_NEW_BESIDE if anchored else _NEW, _NEW_SHARE * len(words)):
            return True
        if not anchored and len(fresh) > _NEW:
            return True
    return False


def _words_of(text: str) -> set[str]:
    """Words that say something: English ones, and Chinese characters one by one."""
    return set(_HAN.findall(text)) | {word for word in terms(text) if word.isascii()}


def _added(said: str, new: str, old: str) -> str:
    """The kind of loaded words or names that only the new text has."""
    extra = loaded(new) - loaded(old)
    if extra:
        return min(extra)[0]
    known = set(_WORD.findall(old))
    if _HAN.search(said):
        names: Iterable[str] = _LATIN.findall(said)
    else:
        names = _CAPITAL.findall(said)
    if any(name.casefold() not in known for name in names):
        return "name"
    return ""
