"""Text of strangers made harmless before it leaves: no markup, no link, no mention."""

import re
import unicodedata

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_SCHEME = re.compile(r"(?<=\w)://")
_DOMAIN = re.compile(
    r"(?<=[\w-])\.(?=(?:[a-z]{2,24}|[A-Z]{2,24})(?![A-Za-z0-9_-])(?!\.[A-Za-z0-9]))"
)
"""The dot before a top-level domain; `net.SocketTimeoutException` is none."""
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ADDRESSED = str.maketrans("@<>", "＠＜＞")
_WIDE = str.maketrans("[]*`~|#\\!", "［］＊｀～｜＃＼！")


def clean(text: str, most: int) -> str:
    """One line without invisible characters, at most `most` characters long.

    >>> clean("a\\u202e b\\n c", 10)
    'a b c'
    """
    seen = "".join(" " if c.isspace() else c for c in text if _visible(c))
    return _cut(" ".join(seen.split()), most)


def plain(text: str, most: int) -> str:
    """`clean`, and nothing in it becomes a link, a mention or a tag, whoever shows it.

    >>> plain("@all see http://evil.example/x", 80)
    '＠all see http[:]//evil[.]example/x'
    """
    line = _SCHEME.sub("[:]//", clean(text, most))
    line = _DOMAIN.sub("[.]", _WWW.sub("www[.]", line))
    return _cut(line.translate(_ADDRESSED), most)


def literal(text: str, most: int) -> str:
    """`plain` for a dialect of Markdown: what could be markup stands in its wide form.

    >>> literal("[win](x) *now* app_version", 80)
    '［win］(x) ＊now＊ app_version'
    """
    return _UNDERSCORE.sub("＿", plain(text, most).translate(_WIDE))


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else line[: most - 1] + "…"


def _visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _INVISIBLE
