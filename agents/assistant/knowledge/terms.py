"""What a text is about, for searching: words, pairs of Chinese characters, and pieces of words."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

import rjieba

from windows.simplified import pairs
from windows.texts import clean

_PART = re.compile("([\u3400-\u9fff\uf900-\ufaff]+)|([a-z0-9]+(?:'[a-z]+)?)")
_NUMBER_ONLY = re.compile(r"\d+")
# What a question has besides what it is about.
_ENGLISH = """
    a about after all also am an and any anyone are as at be because been before being but by can
    cannot cant could couldn't did didn't do does doesn't don't dont else ever for from get gets
    getting go going got guys had has have having he hello help her here hey hi him his how i i'd
    i'll i'm i've if im in into is isn't it it's its just know let like long many may me might mine
    more much must my need never no not now of off ok okay on once one only or our ours out over
    please possible really say said she should so some something still such sure take takes taking
    tell than thank thanks that that's the their them then there these they thing this those
    to too up us use used
    using very want wanna wants was wasn't way we were what what's when where which while who whom
    why will with won't would wouldn't yet you your yours
"""
_STOP = frozenset(_ENGLISH.split())
_SAID_ANYWAY = re.compile(
    "请问一下|请问|你好|您好|麻烦你|麻烦|谢谢|怎么样|怎么办|怎么回事|怎么弄|怎么|怎样|如何|为什么|为啥|为何"
    "|什么时候|什么|多久|多少|哪里|哪儿|哪个|哪些|是不是|能不能|可不可以|可以|有没有|要不要|会不会|需要|应该"
    "|我想|想要|一下|一个|一直|自己|你们|我们|他们|咱们|这个|那个|这样|的话|现在|已经|还是|或者|知道|告诉|咨询"
)
_PARTICLES = frozenset(
    "的了吗呢吧啊呀嘛么是我你您他她它在就都也又才很太把被给让和跟与着这那哪有啥咋呗哦哈想要能会"
)
_IRREGULAR = {
    "lost": "lose", "stolen": "steal", "stole": "steal", "paid": "pay", "sent": "send",
    "forgot": "forget", "forgotten": "forget", "took": "take", "taken": "take", "bought": "buy",
    "withdrew": "withdraw", "withdrawn": "withdraw", "spent": "spend", "broke": "break",
    "broken": "break", "ate": "eat", "eaten": "eat", "gone": "go", "went": "go", "kept": "keep",
    "lent": "lend", "wrote": "write", "written": "write", "knew": "know", "gave": "give",
    "given": "give", "made": "make", "moved": "move", "told": "tell", "chose": "choose",
    "chosen": "choose", "children": "child", "kids": "child", "kid": "child", "men": "man",
}  # fmt: skip
_TAKE_OUT = re.compile(r"\b(?:take|taking|took|get|pull|draw)(?: \w+)? out\b")
_PIECES = (3, 4)


def terms(text: str) -> list[str]:
    """The terms of a text in their order, with repetitions.

    Words in lower case and without endings, a word for all its synonyms; of Chinese, pairs of
    neighbours and the words of a dictionary that are longer or shorter than two characters.
    """
    found: list[str] = []
    for dense, word in _PART.findall(_alike(text)):
        if dense:
            found += _dense(dense)
        elif word not in _STOP and not _NUMBER_ONLY.fullmatch(word):
            found.append(_same().get(stem := stemmed(word), stem))
    return found


def pieces(text: str) -> list[str]:
    """What a short text looks like: characters and their pairs, and pieces of words.

    A misspelt word shares most of its pieces with the right one.
    """
    found: list[str] = []
    for dense, word in _PART.findall(_alike(text)):
        if dense:
            kept = "".join([c for c in dense if c not in _PARTICLES])
            found += kept
            found += [kept[n : n + 2] for n in range(len(kept) - 1)]
        elif word not in _STOP:
            framed = f"^{_same().get(stem := stemmed(word), stem)}$"
            found += [
                framed[n : n + size]
                for size in _PIECES
                for n in range(max(1, len(framed) - size + 1))
            ]
    return found


@lru_cache(1 << 14)
def stemmed(word: str) -> str:
    """An English word without its ending; what is short stays.

    >>> [stemmed(word) for word in ("cards", "charged", "charging", "stopped", "activation")]
    ['card', 'charg', 'charg', 'stop', 'activat']
    """
    word = word.split("'")[0]
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("sses"):
        word = word[:-2]
    elif word[-1] == "s" and word[-2] not in "su":
        word = word[:-1]
    for ending in ("ing", "edly", "ed", "ion", "ly"):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and _VOWEL.search(word[: -len(ending)])
        ):
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsze":
                word = word[:-1]
            break
    return word[:-1] if word[-1] == "e" and len(word) > 3 and word[-2] != "e" else word


_VOWEL = re.compile("[aeiouy]")


def _dense(run: str) -> Iterator[str]:
    """A run of Chinese characters."""
    words = rjieba.cut(run, False)
    for word in words:
        if len(word) != 2 and not (len(word) == 1 and word in _PARTICLES):
            yield word
    for a, b in pairwise(run):
        if a not in _PARTICLES and b not in _PARTICLES:
            yield a + b


@lru_cache(128)
def _alike(text: str) -> str:
    """In lower case, simplified, and with one word for all that mean the same."""
    text = clean(text).lower().replace("’", "'").translate(_simplified())
    text = _TAKE_OUT.sub("withdraw", text)
    pattern, same = _chinese()
    return _SAID_ANYWAY.sub(" ", pattern.sub(lambda m: same[m[0]], text))


@cache
def _simplified() -> dict[int, str]:
    return {ord(old): new for old, new in pairs()}


@cache
def _groups() -> dict[str, list[list[str]]]:
    text = (files("agents.assistant.knowledge") / "synonyms.toml").read_text(encoding="utf-8")
    table: dict[str, list[list[str]]] = tomllib.loads(text)
    return table


@cache
def _same() -> dict[str, str]:
    """Stems of English words to that of the first of their group."""
    return {stemmed(word): stemmed(group[0]) for group in _groups()["en"] for word in group[1:]}


@cache
def _chinese() -> tuple[re.Pattern[str], dict[str, str]]:
    same = {word: group[0] for group in _groups()["zh"] for word in group}
    # The longest first, and the first of a group too, so that no part of it is replaced.
    return re.compile("|".join(sorted(map(re.escape, same), key=len, reverse=True))), same
