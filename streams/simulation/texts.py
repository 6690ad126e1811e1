"""Texts from templates.

In a template `{a|b|c}` is a choice and `{name}` a slot; both may stand inside a choice. Around
the rendered core come a prefix and a suffix (greeting, emoji, contact data, a trace id), so that
one theme has thousands of surface forms while it keeps its core words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_TYPO = 0.08
_HOMOPHONES = str.maketrans(
    {"的": "得", "在": "再", "账": "帐", "里": "理", "是": "事", "吗": "嘛"}
)
_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def _hex(random: Random, digits: int) -> str:
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def _uuid(random: Random) -> str:
    return "-".join(_hex(random, digits) for digits in (8, 4, 4, 4, 12))


# Contact data is invented: it is there for the redaction, in an unused number range and domain.
_SLOTS: dict[str, Callable[[Random], str]] = {
    "amount": lambda r: f"{r.randrange(500, 99900) / 100:.{r.choice((0, 2))}f}",
    "code": lambda r: str(r.randrange(400, 5999)),
    "days": lambda r: str(r.randrange(2, 16)),
    "hex": lambda r: _hex(r, 12),
    "host": lambda r: f"node-{r.randrange(1, 90)}.{r.choice('abc')}.internal",
    "id": lambda r: str(r.randrange(10_000, 9_999_999)),
    "ip": lambda r: f"10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}",
    "kb": lambda r: str(r.randrange(3, 90)),
    "mail": lambda r: f"user{r.randrange(10_000)}@example.com",
    "mobile": lambda r: f"1990000{r.randrange(10_000):04d}",
    "minutes": lambda r: str(r.randrange(3, 60)),
    "ms": lambda r: str(r.randrange(200, 30_000)),
    "n": lambda r: str(r.randrange(2, 20)),
    "order": lambda r: f"{r.randrange(10**11, 10**12)}",
    "percent": lambda r: str(r.randrange(2, 99)),
    "phone": lambda r: f"+1 415 555 01{r.randrange(100):02d}",
    "time": lambda r: f"{r.randrange(24)}:{r.randrange(60):02d}",
    "uuid": _uuid,
}


def render(template: str, random: Random, words: Mapping[str, Sequence[str]]) -> str:
    """One text of `template`; `words` are further slots. Raises KeyError for an unknown slot."""

    def fill(match: re.Match[str]) -> str:
        inner: str = match.group(1)
        if "|" in inner:
            return random.choice(inner.split("|"))
        return random.choice(words[inner]) if inner in words else _SLOTS[inner](random)

    text = template
    while "{" in text:
        text = _INNERMOST.sub(fill, text)
    return text


def mangle(text: str, language: str, random: Random) -> str:
    """What people do to their own texts: typos, case, width and punctuation."""
    draw = random.random()
    if draw < _TYPO:
        return _misspell(text, language, random)
    if language == "zh":
        if draw < 0.12:
            return text.translate(_WIDE_DIGITS)
        return text.replace("，", " ") if draw < 0.22 else text
    if draw < 0.12:
        return text.upper()
    return text[:1].upper() + text[1:] if draw < 0.45 else text


def _misspell(text: str, language: str, random: Random) -> str:
    if language == "zh" and random.random() < 0.5:
        return text.translate(_HOMOPHONES)
    at = random.randrange(max(len(text) - 1, 1))
    if language == "zh":
        return text[:at] + text[at : at + 1] + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def pool(
    templates: Sequence[str],
    language: str,
    size: int,
    random: Random,
    words: Mapping[str, Sequence[str]],
) -> list[str]:
    """`size` texts, every template equally often; log lines (language "log") are not mangled."""
    texts = [render(templates[i % len(templates)], random, words) for i in range(size)]
    return texts if language == "log" else [mangle(text, language, random) for text in texts]
